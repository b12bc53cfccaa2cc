"""An audit and a file of labels, with one of everything that their pages show."""

import io

from tests import factories
from tests.desk import Desk
from tests.progress import FakeProgress
from webapp.datasets.audits.labels import AuditLabel, DoubtfulLabel
from webapp.datasets.audits.services import audit_finish, newest_answers
from webapp.datasets.imports.services import import_add
from webapp.datasets.models import Audit, LabelImport
from webapp.review.consensus.labels import query_labels
from workers.tasks.datasets.labels_import import labels_import


def an_audit(curator, desk: Desk) -> Audit:
    """Of the desk's first two labels: a match that looks wrong, and a "none" where a block fits."""
    made = Audit.objects.create(batch=desk.batch, created_by=curator)
    labels = query_labels(desk.queries[:2])
    rows = [
        DoubtfulLabel(
            AuditLabel(query.pk, query.sha256, labels[query.pk].pk, (), ""),
            kind,
            doubt,
            desk.items[place + 2].pk,
            other=desk.queries[2].pk,
        )
        for place, (query, kind, doubt) in enumerate(
            zip(desk.queries, ("character", "none"), (0.97, 0.6), strict=False)
        )
    ]
    audit_finish(
        audit=made,
        model=factories.release().model,
        rows=rows,
        labels=2,
        left_out=0,
        wrong=1,
        began=newest_answers(),
    )
    return made


def a_label_import(curator, desk: Desk) -> LabelImport:
    """Of four lines: one new, one unlike the label here, one of no picture here, one that is none."""
    first, *_, last = desk.queries
    lines = [
        f"{last.sha256},{desk.items[0].sha256}",
        f"{first.sha256},{desk.items[2].sha256}",
        f"{'0' * 64},{desk.items[0].sha256}",
        "x,y",
    ]
    content = "\n".join(["sha256,item", *lines]).encode()
    made = import_add(user=curator, stream=io.BytesIO(content), name="labels-of-may.csv")
    labels_import({"import": made.pk}, FakeProgress())
    return made
