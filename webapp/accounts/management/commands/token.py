"""``manage.py token USER``: a new API token, alone on its line."""

from django.core.management.base import BaseCommand, CommandError

from webapp.accounts.models import User
from webapp.accounts.services import MOST_TOKENS, token_add, token_renew


class Command(BaseCommand):
    help = (
        "Make an API token for a person and print it; only its hash is kept, so it is shown this once. "
        f"The person's earlier tokens go on working, {MOST_TOKENS} at most, unless --new withdraws them."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("user", help="the person's user name, such as curator")
        parser.add_argument("--new", action="store_true", help="withdraw the person's earlier tokens")

    def handle(self, *, user: str, new: bool, **options) -> None:
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"there is no active person called {user!r}")
        self.stdout.write(token_renew(user=person) if new else token_add(user=person))
