"""``manage.py token USER``: the person's API token, alone on its line."""

from django.core.management.base import BaseCommand, CommandError
from rest_framework.authtoken.models import Token

from webapp.accounts.models import User
from webapp.accounts.services import token_renew


class Command(BaseCommand):
    help = "Print a person's API token, making it if there is none yet. --new replaces it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("user", help="the person's user name, such as curator")
        parser.add_argument("--new", action="store_true", help="withdraw the old token and make another")

    def handle(self, *, user: str, new: bool, **options) -> None:
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"there is no active person called {user!r}")
        key = token_renew(user=person) if new else Token.objects.get_or_create(user=person)[0].key
        self.stdout.write(key)
