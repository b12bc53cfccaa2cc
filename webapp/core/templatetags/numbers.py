"""``webapp.core.numbers`` for templates."""

from django import template

from webapp.core.numbers import interval, percent

register = template.Library()
register.filter(percent)
register.filter(interval)
