"""The scripts' texts, for the page that loads them."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from webapp.core.pages.texts import texts_url

register = template.Library()


@register.simple_tag
def languages_by_own_name() -> list[tuple[str, str]]:
    """The languages as (code, name in that language itself): whoever reads no other finds their own."""
    return settings.LANGUAGES


@register.simple_tag
def scripts_texts_url() -> str:
    """Address of the page scripts' texts in the page's language; empty where they need none."""
    return texts_url(get_language() or "")
