"""What an installation needs once: tables, a first account, and a release to search with."""

import secrets
import string

from django.core.management import call_command
from django.db import transaction

from retrieval.models.weights import shipped_weights
from webapp.accounts.models import User
from webapp.config.env import Env
from webapp.registry.selectors import live_release
from webapp.registry.services import model_register, release_make_live

FIRST_ACCOUNT = "curator"
_READABLE = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("l1o0i")))


def installation_set_up(env: Env) -> str:
    """Bring the tables up to date, and make the first account and release where there is none.

    Doing it again changes nothing. Returns the first account's password if one had to be made up just
    now, else an empty text: it is kept nowhere in plain.
    """
    call_command("migrate", interactive=False, verbosity=0)
    password = _first_account(env.admin_password)
    if live_release() is None:
        release_make_live(model=model_register(path=shipped_weights()), index=None)
    return password


@transaction.atomic
def _first_account(wanted: str) -> str:
    if User.objects.filter(is_active=True, role=User.Role.CURATOR).exists():
        return ""
    password = wanted or _made_password()
    User.objects.create_user(FIRST_ACCOUNT, password=password, role=User.Role.CURATOR)
    return "" if wanted else password


def _made_password() -> str:
    """Three groups of five letters and digits that cannot be mistaken for each other: 74 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(3))
