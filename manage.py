#!/usr/bin/env python
"""Mocban's administrative commands: ``python manage.py help`` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from webapp.config.env import BadEnvironment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        sys.exit(f"mocban: {error}")
