import pytest

from common.junk import junk_reason


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/a.png",
        "x/__MACOSX/y/._a.png",
        "._a.png",
        "a/._b.png",
        ".DS_Store",
        "a/.ds_store",
        "Thumbs.db",
        "THUMBS.DB",
        "a\\desktop.ini",
        "Icon\r",
        "$RECYCLE.BIN/x.png",
        ".Trashes/501/x.png",
        "@eaDir/x.png",
        "~$notes.docx",
    ],
)
def test_junk_is_named_with_its_reason(name):
    assert junk_reason(name).startswith("not a file of yours")


@pytest.mark.parametrize(
    "name",
    ["a.png", "macosx/a.png", ".hidden.png", "DS_Store", "thumbs.db.png", "字.png", "desktop.ini.png", ""],
)
def test_what_may_be_a_persons_file_is_kept(name):
    assert junk_reason(name) is None
