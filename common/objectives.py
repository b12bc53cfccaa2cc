"""What a network can be taught by, in words for people: offered by the web app, made by the library."""

from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """The text itself; marks it for translation where it is shown."""
    return text


@dataclass(frozen=True)
class ObjectiveName:
    """name: as commands, runs and records have it. label: what it does, for people, in English."""

    name: str
    label: str


OBJECTIVES = {
    one.name: one
    for one in (
        ObjectiveName("contrast", gettext_noop("each print among the blocks of its batch, and back")),
        ObjectiveName(
            "margin", gettext_noop("margin softmax over the labelled characters, with the contrast")
        ),
        ObjectiveName("softmax", gettext_noop("plain classifier of the labelled characters")),
        ObjectiveName("ml-decoder", gettext_noop("classifier with the ML-Decoder head")),
        ObjectiveName("contrastive", gettext_noop("contrastive loss over all pairs of a batch")),
        ObjectiveName("triplet", gettext_noop("triplet loss, the hardest of each batch")),
        ObjectiveName("recall", gettext_noop("smooth recall@k")),
    )
}
"""By name, the first one taken where none is chosen; each is made by ``retrieval.train.objectives``."""

USUAL = next(iter(OBJECTIVES))
