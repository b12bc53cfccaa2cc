"""The kinds of query that an evaluation tells apart, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webapp.review.models import Decision

SELDOM = 5
"""A character that is labelled for training so often, or less, is labelled seldom."""

SLICES: dict[str, str | Promise] = {
    "in_bmp": _("characters in the BMP"),
    "beyond_bmp": _("characters beyond the BMP"),
    "unknown": _("blocks whose character nobody knows"),
    "never": _("characters with no label on the training side"),
    "seldom": _("characters with one to five labels there"),
    "often": _("characters with more labels there"),
    "blind": _("answered without seeing the ranking"),
    "seen": _("answered seeing the ranking"),
    "gold": _("gold cards, whose answer is known"),
    **dict(Decision.Relation.choices),
}
"""By its name in the results."""

KINDS = frozenset({"in_bmp", "beyond_bmp", "unknown", "never", "seldom", "often"})
"""Those that tell what a query shows, whoever answered it, and however."""
