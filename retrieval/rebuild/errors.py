"""Why a block cannot be made again."""

from common.errors import BadInput


class BadPlan(BadInput):
    """A page cannot be made a block: its file, its print, or what it names."""

    code = "bad_plan"
