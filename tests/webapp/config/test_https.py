"""``MOCBAN_HTTPS=1``: plain HTTP is sent on to HTTPS, and browsers remember."""

import json
import os
import subprocess
import sys

_ASKED = """
import json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
import django
django.setup()
from django.conf import settings
from django.test import Client
proxied = {"X-Forwarded-Proto": "https"}
found = [
    Client().get(path, headers=headers, HTTP_HOST="mocban.example.org")
    for path, headers in (("/accounts/login/?a=1", {}), ("/accounts/login/", proxied), ("/health/live", {}))
]
cookies = [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE]
print(json.dumps([[answer.status_code, dict(answer.headers)] for answer in found] + [cookies]))
"""


def test_https_is_required_and_remembered(tmp_path):
    environment = os.environ | {
        "MOCBAN_DATA": str(tmp_path),
        "MOCBAN_SECRET_KEY": "given",
        "MOCBAN_HTTPS": "1",
        "MOCBAN_ALLOWED_HOSTS": "mocban.example.org",
    }
    asked = subprocess.run([sys.executable, "-c", _ASKED], env=environment, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    plain, proxied, health, cookies = json.loads(asked.stdout.splitlines()[-1])
    assert plain[0] == 301
    assert plain[1]["Location"] == "https://mocban.example.org/accounts/login/?a=1"
    assert proxied[0] == 200
    assert proxied[1]["Strict-Transport-Security"] == "max-age=31536000"
    assert health[0] == 200
    assert cookies == [True] * 3
