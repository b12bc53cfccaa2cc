"""``webapp.core.pages.numbers`` for templates."""

from django import template

from webapp.core.pages.numbers import interval, percent

register = template.Library()
register.filter(percent)
register.filter(interval)
