import hashlib
import json

import pytest

from tests import factories
from webapp.datasets.models import Snapshot
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path


@pytest.fixture
def installation(transactional_db, owner, curator):
    """An item, a labelled query with its suggestions, a model, and a snapshot, with their files."""
    item = factories.item(character="大")
    query = factories.query(factories.batch(owner))
    factories.suggestions(query, [item])
    factories.answer(query=query, annotator=owner, verdict="match", item=item)
    snapshot = factories.snapshot(curator)
    assert snapshot.state == Snapshot.State.READY
    model = ModelVersion.objects.get()
    model.sha256 = hashlib.sha256(b"weights").hexdigest()
    model.save()
    model_path(model).parent.mkdir(exist_ok=True)
    model_path(model).write_bytes(b"weights")
    return item, query, snapshot


@pytest.fixture
def change_list():
    """Change what a backup's list says."""

    def change(folder, **values):
        path = folder / "backup.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return change
