"""What can go wrong in a worker that is nobody's file's fault."""

from webapp.core.errors import AppError


class NoRelease(AppError):
    """There is no model to work with yet."""

    code = "no_release"
    status = 503
    retryable = True
