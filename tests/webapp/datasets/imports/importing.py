"""An installation to bring labels into, and the ways of doing it."""

import io
import re

import pytest
from django.utils.translation import override

from tests import factories
from tests.progress import FakeProgress
from webapp.batches.models import Query
from webapp.datasets.exports.selectors import export_path
from webapp.datasets.imports.line_texts import word_in_words
from webapp.datasets.imports.selectors import standings_of
from webapp.datasets.imports.services import import_add, import_apply
from webapp.datasets.models import LabelImport
from webapp.datasets.templatetags.import_words import import_error, import_hint
from webapp.review.answer import Match
from webapp.review.consensus.standings import query_recount
from webapp.review.models import Decision
from workers.tasks.datasets import labels_import
from workers.tasks.datasets.export_write import export_write

# One with a selector, one of compatibility, one beyond the BMP, one for private use, one unknown.
CHARACTERS = ["葛\U000e0100", "\uf914", "𠄎", "\U000f0001", ""]
NAMES = ["=1+1.stl", "a/樂.stl", "-2.stl", "'@x.stl", "5.stl"]


@pytest.fixture
def items():
    result = zip(NAMES, CHARACTERS, strict=True)
    return [factories.item(seed=n, name=name, character=c) for n, (name, c) in enumerate(result)]


@pytest.fixture
def batch(owner):
    made = factories.batch(owner, name="=Kiều; 翹")
    for n in range(8):
        factories.query(made, seed=n, name=f"+13/{n}.png")
    return made


@pytest.fixture
def queries(batch):
    return list(batch.queries.order_by("pk"))


@pytest.fixture
def labelled(queries, items, owner):
    """Every block once, one picture with two, one none, one unsure."""
    for query, item in zip(queries, items, strict=False):
        factories.answer(query=query, annotator=owner, verdict="match", item=item, comment="=x\n'y")
    also = [Match(items[1], "same_character"), Match(items[4], "")]
    factories.answer(
        query=queries[5], annotator=owner, verdict="match", item=items[2], relation="variant", also=also
    )
    factories.answer(query=queries[6], annotator=owner, verdict="none", reason="damaged")
    factories.answer(query=queries[7], annotator=owner, verdict="unsure")


def bring(curator, content, *, name="labels.csv", by_name_in=None) -> LabelImport:
    content = content if isinstance(content, bytes) else content.encode()
    made = import_add(user=curator, stream=io.BytesIO(content), name=name, by_name_in=by_name_in)
    return work(made)


def work(made: LabelImport) -> LabelImport:
    labels_import.labels_import({"import": made.pk}, FakeProgress())
    made.refresh_from_db()
    return made


def in_vietnamese(made: LabelImport) -> None:
    """Why a file was refused, and what to do, has Vietnamese words, with the numbers of the English ones."""
    with override("vi"):
        for english, said in ((made.error, import_error(made)), (made.hint, import_hint(made))):
            assert said == word_in_words(english) != english
            assert set(re.findall(r"\d+", english)) <= set(re.findall(r"\d+", said))


def applied(made: LabelImport, **how) -> LabelImport:
    import_apply(upload=made, **how)
    return work(made)


def standings(made: LabelImport) -> dict:
    return {name: count for name, count in standings_of(made).items() if count}


def forget():
    """As an installation that has the same pictures and blocks, and no answers yet."""
    Decision.objects.all().delete()
    for query in Query.objects.all():
        query_recount(query=query)


def content_of(export) -> bytes:
    export_write({"export": str(export.pk)}, FakeProgress())
    return export_path(export).read_bytes()


def table(queries, *rows) -> str:
    lines = [f"{queries[place].sha256},{word}" for place, word in rows]
    return "\r\n".join(["sha256,item", *lines, ""])
