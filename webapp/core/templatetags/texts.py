"""The scripts' texts, for the page that loads them."""

from django import template
from django.utils.translation import get_language

from webapp.core.texts import texts_url

register = template.Library()


@register.simple_tag
def scripts_texts_url() -> str:
    """Address of the page scripts' texts in the page's language; empty where they need none."""
    return texts_url(get_language() or "")
