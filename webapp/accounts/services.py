"""What changes an account."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from webapp.accounts.models import User


@transaction.atomic
def token_renew(*, user: User) -> str:
    """Give ``user`` a new API token; the old one stops working. Returns the token."""
    Token.objects.filter(user=user).delete()
    return Token.objects.create(user=user).key
