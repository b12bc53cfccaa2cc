"""Ask an installation of Mocban by program."""

from mocban_client import webhooks
from mocban_client.client import Mocban
from mocban_client.errors import (
    Conflict,
    Damaged,
    Failed,
    MocbanError,
    NotAllowed,
    NotFound,
    Refused,
    TimedOut,
    Unreachable,
)
from mocban_client.things import (
    Batch,
    Decision,
    Evaluation,
    Export,
    Item,
    Model,
    ModelFile,
    Promotion,
    Query,
    Release,
    Snapshot,
    Suggestion,
    TrainingRun,
    Webhook,
)

__all__ = [
    "Batch",
    "Conflict",
    "Damaged",
    "Decision",
    "Evaluation",
    "Export",
    "Failed",
    "Item",
    "Mocban",
    "MocbanError",
    "Model",
    "ModelFile",
    "NotAllowed",
    "NotFound",
    "Promotion",
    "Query",
    "Refused",
    "Release",
    "Snapshot",
    "Suggestion",
    "TimedOut",
    "TrainingRun",
    "Unreachable",
    "Webhook",
    "webhooks",
]
