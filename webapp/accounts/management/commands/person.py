"""``manage.py person NAME``: an account for another person of the project."""

from django.core.management.base import BaseCommand, CommandError

from webapp.accounts.models import User
from webapp.accounts.passwords import made_password


class Command(BaseCommand):
    help = "Make an account, or change its role. A new one's password is printed, and kept nowhere in plain."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="what the person logs in as")
        parser.add_argument("--role", choices=User.Role.values, default=User.Role.ANNOTATOR)

    def handle(self, *, name: str, role: str, **options) -> None:
        if known := User.objects.filter(username=name).first():
            known.role = role
            known.save(update_fields=["role"])
            self.stdout.write(f"{name} is now {role}.")
            return
        if not User.username_validator.regex.match(name):
            raise CommandError(f"{name!r} is no user name; use letters, digits and @ . + - _")
        password = made_password()
        User.objects.create_user(name, password=password, role=role)
        self.stdout.write(f"Made the {role} {name}, password {password} (shown this once).")
