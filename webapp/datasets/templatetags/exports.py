"""The export formats on pages: those that a batch or a snapshot can be written in, and what one is called."""

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from webapp.datasets.exports.formats import ALL_FORMATS, formats_of
from webapp.datasets.exports.sources.stored_files import DAMAGED, GONE, NOT_MADE, NOT_SHOWN

_PROBLEMS = {
    GONE: _("the stored file is missing"),
    DAMAGED: _("the stored file is damaged"),
    NOT_MADE: _("the block has no ink print (yet)"),
    NOT_SHOWN: _("the picture is not prepared (yet)"),
}

register = template.Library()
register.simple_tag(formats_of, name="export_formats")


@register.filter
def format_label(name: str) -> str:
    """A format's label; its name where this version knows it no more."""
    return ALL_FORMATS[name].label if name in ALL_FORMATS else name


@register.filter
def missing_problem(problem: str) -> str:
    """Why a file could not be put into an export."""
    return gettext(_PROBLEMS.get(problem, problem))
