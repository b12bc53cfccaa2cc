"""Shares as people read them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def per_cent(value: float | None) -> str:
    """A share in [-1, 1] as "12.5 %"; a dash for None."""
    return "–" if value is None else f"{number_format(100 * value, decimal_pos=1)} %"
