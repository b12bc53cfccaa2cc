"""The recipes a curator can choose, in words for people; their settings: retrieval/train/finetune/recipes."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Recipe:
    """name: as the runs and the records have it. words: what it is for. lasts: how long it takes."""

    name: str
    words: str | Promise
    lasts: str | Promise


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "corrections",
            _("the live model learns from the snapshot's matches and stays close to what it knew"),
            _("1 to 9 minutes on a processor"),
        ),
        Recipe(
            "corrections-long",
            _("the same, with each match seen five times as often; for thousands of labels"),
            _("up to two hours on a processor, minutes on a GPU"),
        ),
        Recipe(
            "trial",
            _("a short run to check that everything works; the model will hardly change"),
            _("half a minute"),
        ),
    )
}
"""By name, the first one offered first."""
