"""The one base of all errors that a person can act on, and of all that are the fault of a file."""


class MocbanError(Exception):
    """What happened, what to do about it, and whether trying the very same thing again can help.

    Args:
        message: what happened, and to which file, in one sentence.
        hint: what to do about it; empty where there is nothing to do.
        code: stable word for programs; the class's own code where none is given.
        retryable: whether trying again can help; the class's own answer where none is given.
    """

    code = "error"
    retryable = False

    def __init__(
        self, message: str, *, hint: str = "", code: str | None = None, retryable: bool | None = None
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code or type(self).code
        self.retryable = type(self).retryable if retryable is None else retryable


class InstallationTrouble(MocbanError):
    """No file is to blame: the model, the index, the store or the disk is not as it must be.

    It is never a verdict on a picture or a mesh. Work waits until somebody has mended it; where trying again
    cannot help, ``retryable`` says so.
    """

    code = "installation"
    retryable = True


class BadInput(MocbanError):
    """The caller's file or value cannot be used."""

    code = "bad_input"
