"""What changes an account."""

import hashlib
import secrets
from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.utils import reset
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import ApiToken, User

# Each call of ``manage.py token`` makes one more; the oldest makes way.
MOST_TOKENS = 10
# Failed log-ins count for a quarter of an hour; their rows are kept this long for who looks into an attack.
_KEEP_LOGINS = timedelta(days=90)


def token_digest(key: str) -> str:
    """What is kept of a token: SHA-256 of the key as UTF-8, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def token_add(*, user: User) -> str:
    """Give ``user`` one more API token, and return it; of more than ten, the oldest stops working."""
    key = secrets.token_hex(20)
    ApiToken.objects.create(user=user, digest=token_digest(key))
    newest = ApiToken.objects.filter(user=user).order_by("-created", "-pk")[:MOST_TOKENS]
    ApiToken.objects.filter(user=user).exclude(pk__in=[token.pk for token in newest]).delete()
    return key


@transaction.atomic
def token_renew(*, user: User) -> str:
    """Give ``user`` a new API token, and return it; the old ones stop working."""
    tokens_withdraw(user=user)
    return token_add(user=user)


def tokens_withdraw(*, user: User) -> None:
    """No token of ``user`` works any more."""
    ApiToken.objects.filter(user=user).delete()


def account_unlock(*, user: User) -> None:
    """Forget the failed log-ins of ``user``, from wherever they came."""
    reset(username=user.username)


@transaction.atomic
def account_close(*, user: User) -> None:
    """Let ``user`` in no more, by page or by token; what they answered stays."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    tokens_withdraw(user=user)
    _sessions_end(user=user)


@transaction.atomic
def account_open(*, user: User) -> None:
    """Let ``user`` in again, with the password that they had."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    account_unlock(user=user)


def _sessions_end(*, user: User) -> None:
    """Log ``user`` out everywhere, so that no old session comes back to life with the account."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def logins_tidy() -> None:
    """Clear away sessions that ended, and the records of log-ins that are older than 90 days."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    old = timezone.now() - _KEEP_LOGINS
    for records in (AccessAttempt, AccessFailureLog, AccessLog):
        records.objects.filter(attempt_time__lt=old).delete()
