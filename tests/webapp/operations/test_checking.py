"""Rows are compared with files; what is missing or damaged is named, and nothing is changed."""

import pytest
from django.core.management import CommandError, call_command

from webapp.core.files.blobs import blob_path
from webapp.datasets.snapshots.files import snapshot_folder
from webapp.operations.checking import check_files


def test_a_whole_installation_is_whole(installation):
    found = check_files()
    assert found.is_whole
    assert found.checked >= 5  # the item's, the query's, and three of the snapshot


@pytest.mark.parametrize("contents", [True, False])
def test_a_missing_file_is_named_with_its_row(installation, contents):
    _, query, _ = installation
    blob_path(query.sha256).unlink()
    found = check_files(contents=contents)
    [missing] = found.missing
    assert (missing.sha256, missing.named_by) == (query.sha256, f"query {query.pk}")
    assert not found.damaged


def test_a_damaged_file_is_told_from_a_missing_one(installation):
    item, _, snapshot = installation
    blob_path(item.sha256).write_bytes(b"another")
    (snapshot_folder(snapshot.number) / "card.json").write_bytes(b"")
    found = check_files()
    assert {file.named_by for file in found.damaged} == {f"item {item.pk}", str(snapshot)}
    assert not found.missing
    assert check_files(contents=False).is_whole


def test_a_file_that_no_row_names_is_harmless(installation):
    digest = "ab" * 32
    blob_path(digest).parent.mkdir(parents=True, exist_ok=True)
    blob_path(digest).write_bytes(b"somebody's only copy")
    found = check_files()
    assert found.is_whole
    assert [path.name for path in found.unnamed if path.name == digest] == [digest]
    assert blob_path(digest).exists()


def test_the_command_fails_where_a_file_is_missing(installation, capsys):
    _, query, _ = installation
    call_command("check_files")
    assert "0 are missing, 0 damaged" in capsys.readouterr().out
    blob_path(query.sha256).unlink()
    with pytest.raises(CommandError, match="bring these files back"):
        call_command("check_files", "--quick")
    assert f"missing: blobs/{query.sha256[:2]}/{query.sha256} (query {query.pk})" in capsys.readouterr().out
