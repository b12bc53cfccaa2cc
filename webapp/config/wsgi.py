"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from webapp.core.health import stop_before_newer_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
application = get_wsgi_application()
stop_before_newer_database()
