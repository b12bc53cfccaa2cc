"""What can go wrong in the web app, in the shape people and programs both read."""

from common.errors import InstallationTrouble, MocbanError

# Codes of faults of the model or the index. What was refused with one was refused for no fault of its own.
MODEL_TROUBLES = frozenset(
    {
        "bad_vectors",
        "bad_model",
        "useless_model",
        "model_missing",
        "no_release",
        "bad_index",
        "index_missing",
        "index_damaged",
        "index_other_model",
    }
)


class AppError(MocbanError):
    """An error of the web app. status: the HTTP status that goes with it."""

    status = 400


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


class DiskFull(AppError, InstallationTrouble):
    """There is no room for what was to be stored."""

    code = "disk_full"
    status = 507
    retryable = True


class StoreTrouble(AppError, InstallationTrouble):
    """A stored file is not there, or not as it was stored.

    The folder is not mounted, the disk is failing, or a backup was restored without it. That is trouble of
    the installation and says nothing of the file: no item, query or vector is refused for it, and work waits.
    """

    code = "blob_missing"
    status = 503
    retryable = True
