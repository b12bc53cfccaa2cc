"""Why nothing matches, as pages and their keys offer it."""

from webapp.review.models import Decision

KEYS = {
    Decision.Reason.NOT_IN_GALLERY: "g",
    Decision.Reason.DAMAGED: "d",
    Decision.Reason.BAD_CROP: "c",
    Decision.Reason.NOT_IN_UNICODE: "n",
}
"""The usual key of each reason, in the review and in the second pass."""


def reasons_offered() -> list[dict[str, str]]:
    """Each reason: its id, its key, and its label in the reader's language."""
    return [
        {"id": reason.value, "key": KEYS[reason], "label": str(reason.label)} for reason in Decision.Reason
    ]
