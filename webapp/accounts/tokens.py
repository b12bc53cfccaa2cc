"""How programs show who they are: the header ``Authorization: Token KEY``."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from webapp.accounts.models import ApiToken, User
from webapp.accounts.services import token_digest


class HashedTokenAuthentication(TokenAuthentication):
    """DRF's own, with keys that are kept as hashes alone."""

    model = ApiToken

    def authenticate_credentials(self, key: str) -> tuple[User, ApiToken]:
        """The person whose key it is, and their token.

        Raises:
            AuthenticationFailed: nobody has this key, or its person left.
        """
        token = ApiToken.objects.select_related("user").filter(digest=token_digest(key)).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("This token does not work. Create a new one on your account page."))
        return token.user, token
