"""The doors: who may do what."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission


def require_curator(user) -> None:
    """Raises PermissionDenied (403) unless ``user`` is a curator."""
    if not user.is_curator:
        raise PermissionDenied(_("Only a curator can do this."))


def require_reviewer(user) -> None:
    """Raises PermissionDenied (403) unless ``user`` is a reviewer or a curator."""
    if not user.is_reviewer:
        raise PermissionDenied(_("Only a reviewer or a curator can do this."))


class CuratorOrReadOnly(BasePermission):
    """Everybody who is logged in reads; curators write."""

    message = _("Only a curator can do this.")

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or request.user.is_curator


class CuratorOnly(BasePermission):
    """Curators read and write; nobody else does either."""

    message = _("Only a curator can do this.")

    def has_permission(self, request, view) -> bool:
        return bool(getattr(request.user, "is_curator", False))
