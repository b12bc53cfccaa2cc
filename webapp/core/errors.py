"""What can go wrong in the web app, in the shape people and programs both read."""


class AppError(Exception):
    """An error a person can act on: what happened, what to do, and whether trying again helps.

    status: the HTTP status that tells it.
    """

    code = "error"
    status = 400
    retryable = False

    def __init__(
        self, message: str, *, hint: str = "", code: str | None = None, retryable: bool | None = None
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code or type(self).code
        self.retryable = type(self).retryable if retryable is None else retryable


class Refused(AppError):
    """The request is understood and cannot be followed."""

    code = "refused"


class TooLarge(AppError):
    """A file is over the limit."""

    code = "too_large"
    status = 413


class Forbidden(AppError):
    """The thing is there, and not this person's to do."""

    code = "forbidden"
    status = 403


class Conflict(AppError):
    """The thing changed meanwhile, or is not ready yet."""

    code = "conflict"
    status = 409
    retryable = True


class DiskFull(AppError):
    """There is no room for what was to be stored."""

    code = "disk_full"
    status = 507
    retryable = True
