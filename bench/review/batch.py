"""A batch of so many queries, ready for review: ``python -m bench.review.batch COUNT`` prints its address.

Run with the environment of the installation that it is made in.
"""

import os
import sys

import django


def main() -> None:
    """Make the tables, the curator, and the batch."""
    curator = make_curator()
    from tests.desk import desk  # only now: models can be imported once Django is set up

    print(desk(curator, queries=int(sys.argv[1]), items=24).page)  # noqa: T201 - a command's answer


def make_curator():
    """Set Django up, make the tables, and somebody who may do everything."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
    django.setup()
    # Only now: models can be imported once Django is set up.
    from django.core.management import call_command

    from tests.browser.stack import PASSWORD
    from webapp.accounts.models import User

    call_command("migrate", verbosity=0)
    curator = User(username="curator", role=User.Role.CURATOR)
    curator.set_password(PASSWORD)
    curator.save()
    return curator


if __name__ == "__main__":
    main()
