"""One's own keys: they follow the account, so that they are there on every computer."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from webapp.accounts.models import User

PAGES = ("review", "adjudication", "pages")
"""The pages whose keys may be changed, as their scripts name them."""


def page_shortcuts(user: User, page: str) -> dict[str, Any]:
    """What a page's script is given: where keys are kept, and the person's own (null: never any)."""
    return {"url": reverse("accounts:keys"), "own": user.shortcuts.get(page)}


@transaction.atomic
def shortcuts_save(*, user: User, page: str, keys: dict[str, list[str]]) -> None:
    """Keep the keys of one of ``PAGES``, by the names of their actions, in place of those before."""
    locked = User.objects.select_for_update().get(pk=user.pk)  # another tab may keep those of another page
    locked.shortcuts = locked.shortcuts | {page: keys}
    locked.save(update_fields=["shortcuts"])
