"""The kinds of query that an evaluation tells apart, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webapp.review.models import Decision

SELDOM = 5
"""A character that is labelled for training so often, or less, is labelled seldom."""

SLICES: dict[str, str | Promise] = {
    "in_bmp": _("characters in the BMP"),
    "beyond_bmp": _("characters beyond the BMP"),
    "unknown": _("blocks of unknown character"),
    "never": _("characters without labels in the training set"),
    "seldom": _("characters with 1 to 5 labels in the training set"),
    "often": _("characters with more than 5 labels in the training set"),
    "blind": _("answered on blind cards"),
    "seen": _("answered with the ranking visible"),
    "gold": _("gold cards"),
    **dict(Decision.Relation.choices),
}
"""By its name in the results."""

KINDS = frozenset({"in_bmp", "beyond_bmp", "unknown", "never", "seldom", "often"})
"""Those that tell what a query shows, whoever answered it, and however."""
