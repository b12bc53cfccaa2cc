"""What can go wrong in a worker that is nobody's file's fault."""

from common.errors import InstallationTrouble
from webapp.core.errors import AppError


class NoRelease(AppError, InstallationTrouble):
    """There is no model to work with: none yet, or its weights are gone or of another version.

    Nobody's file is to blame, so that work waits until there is one.
    """

    code = "no_release"
    status = 503
    retryable = True
