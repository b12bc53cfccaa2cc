"""``manage.py person NAME``: an account for another person of the project."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from webapp.accounts.models import User
from webapp.accounts.passwords import made_password
from webapp.accounts.services import account_close, account_open, account_unlock


class Command(BaseCommand):
    help = (
        "Make an account, or change its role; close it, open it again, or unlock it. "
        "A new one's password is printed, and kept nowhere in plain."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="what the person logs in as")
        parser.add_argument("--role", choices=User.Role.values)
        state = parser.add_mutually_exclusive_group()
        state.add_argument(
            "--off", action="store_true", help="close the account: sessions and tokens end, answers stay"
        )
        state.add_argument("--on", action="store_true", help="open a closed account again")
        state.add_argument("--unlock", action="store_true", help="forget its failed log-ins")

    def handle(self, *, name: str, role: str | None, off: bool, on: bool, unlock: bool, **options) -> None:
        person = User.objects.filter(username=name).first()
        if person is None and (off or on or unlock):
            raise CommandError(f"there is nobody called {name!r}")
        if person is None:
            self._make(name, role or User.Role.ANNOTATOR)
            return
        if role:
            person.role = role
            person.save(update_fields=["role"])
            self.stdout.write(f"{name} is now {role}.")
        if off:
            account_close(user=person)
            self.stdout.write(f"{name} cannot log in any more; sessions and tokens ended, answers stay.")
        elif on:
            account_open(user=person)
            self.stdout.write(f"{name} can log in again.")
        elif unlock:
            account_unlock(user=person)
            self.stdout.write(f"The failed log-ins of {name} are forgotten.")
        elif not role:
            raise CommandError(f"{name} has an account already; say --role, --off, --on or --unlock")

    def _make(self, name: str, role: str) -> None:
        try:
            User.username_validator(name)
        except ValidationError:
            raise CommandError(f"{name!r} is no user name; use letters, digits and @ . + - _") from None
        password = made_password()
        User.objects.create_user(name, password=password, role=role)
        self.stdout.write(f"Made the {role} {name}, password {password} (shown this once).")
