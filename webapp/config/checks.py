"""What Django's own check framework says of an installation's settings before any command runs."""

import os

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

_LOCAL = {"localhost", "127.0.0.1", "[::1]"}


@register("mocban")
def data_is_writable(**kwargs) -> list[CheckMessage]:
    """Everything lies under one folder, so nothing works when it cannot be written."""
    folder = settings.ENV.data
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return []
    return [
        Error(f"{folder} cannot be written", hint="set MOCBAN_DATA to a folder of yours", id="mocban.E001")
    ]


@register("mocban")
def open_server_is_no_debug_server(**kwargs) -> list[CheckMessage]:
    """Debug pages show settings and code to whoever meets an error."""
    if settings.ENV.debug and not set(settings.ENV.allowed_hosts) <= _LOCAL:
        return [
            Error(
                "MOCBAN_DEBUG is on while MOCBAN_ALLOWED_HOSTS names other machines",
                hint="unset MOCBAN_DEBUG",
                id="mocban.E002",
            )
        ]
    return []


@register("mocban")
def open_server_answers_to_a_name(**kwargs) -> list[CheckMessage]:
    """A server that listens on the network and answers to local names alone shows only errors."""
    listens = settings.ENV.host not in {"127.0.0.1", "::1", "localhost"}
    if listens and set(settings.ENV.allowed_hosts) <= _LOCAL:
        return [
            Warning(
                f"MOCBAN_HOST is {settings.ENV.host}, but only requests to localhost are answered",
                hint="set MOCBAN_ALLOWED_HOSTS to the server's names",
                id="mocban.W001",
            )
        ]
    return []


@register("mocban")
def proxy_is_trusted(**kwargs) -> list[CheckMessage]:
    """Behind a proxy that nobody named, all people share its address, and one can lock the others out."""
    if settings.ENV.https and not settings.ENV.proxies:
        return [
            Warning(
                "MOCBAN_HTTPS is on without MOCBAN_PROXIES: everybody's failed log-ins count together",
                hint="set MOCBAN_PROXIES to the proxy's address, such as 127.0.0.1",
                id="mocban.W002",
            )
        ]
    return []


@register("mocban")
def https_names_its_origins(**kwargs) -> list[CheckMessage]:
    """Behind a proxy that does not pass the host on, forms are refused unless the origin is trusted."""
    bad = [origin for origin in settings.ENV.trusted_origins if "://" not in origin]
    if bad:
        return [
            Error(
                f"MOCBAN_TRUSTED_ORIGINS has {bad[0]!r} without its scheme",
                hint=f"write https://{bad[0]}",
                id="mocban.E003",
            )
        ]
    return []
