"""Files that computers leave beside a person's own, told by their names."""

import re

_FILES = {
    ".ds_store": "macOS keeps a folder's looks in it",
    "thumbs.db": "Windows keeps a folder's thumbnails in it",
    "ehthumbs.db": "Windows keeps a folder's thumbnails in it",
    "desktop.ini": "Windows keeps a folder's looks in it",
    "icon\r": "macOS keeps a folder's icon in it",
    ".localized": "macOS keeps a folder's name in it",
}
_FOLDERS = {
    "__macosx": "macOS puts a file's hidden half there",
    ".spotlight-v100": "macOS keeps its search index there",
    ".fseventsd": "macOS keeps its diary there",
    ".trashes": "macOS keeps deleted files there",
    "$recycle.bin": "Windows keeps deleted files there",
    "system volume information": "Windows keeps its own files there",
    "@eadir": "a network drive keeps its thumbnails there",
}


def junk_reason(name: str) -> str | None:
    """Why a file of this path is none of the person's; None for one that may be.

    The rule for zips, folders and single files alike.

    name: path with "/" or "\\" between folders.
    """
    *folders, last = re.split(r"[/\\]", name.lower())
    for folder in folders:
        if folder in _FOLDERS:
            return f"not a file of yours: {_FOLDERS[folder]}"
    if last.startswith("._"):
        return "not a file of yours: macOS puts a file's hidden half there"
    if last.startswith("~$"):
        return "not a file of yours: an office program marks an open document with it"
    return f"not a file of yours: {_FILES[last]}" if last in _FILES else None
