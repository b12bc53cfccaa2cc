"""Files on their way out, as forms send them, and on their way in, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocban_client.errors import Damaged
from mocban_client.wire import Body

CHUNK = 1 << 18


@dataclass(frozen=True)
class Upload:
    """A file, and the name it is to have there."""

    path: Path
    name: str


def uploads(*paths: str | os.PathLike[str]) -> list[Upload]:
    """The files of these folders, and these files, page 2 before page 10. Hidden ones are left out."""
    found: list[Upload] = []
    for path in map(Path, paths):
        if path.is_dir():
            files = [(one, one.relative_to(path)) for one in path.rglob("*") if one.is_file()]
            names = sorted(files, key=lambda pair: _counting_order(pair[1]))
            found += [Upload(one, name.as_posix()) for one, name in names if not _is_hidden(name)]
        else:
            found.append(Upload(path, path.name))
    return found


def _counting_order(path: Path) -> tuple[Any, ...]:
    """A key by which numbers are compared as numbers: a batch keeps its files in the order they come in."""
    folders = [[run for run in re.split(r"(\d+)", part.casefold()) if run] for part in path.parts]
    return (
        [[(0, int(run), "") if run.isdecimal() else (1, 0, run) for run in folder] for folder in folders],
        path,
    )


def portions(files: Iterable[Upload], *, most: int, most_bytes: int) -> Iterator[list[Upload]]:
    """The files in portions of one request each: so many files and bytes, or one file that is larger."""
    some: list[Upload] = []
    size = 0
    for file in files:
        own = file.path.stat().st_size
        if some and (len(some) == most or size + own > most_bytes):
            yield some
            some, size = [], 0
        some.append(file)
        size += own
    if some:
        yield some


def form(
    files: Sequence[Upload],
    values: dict[str, str] | None = None,
    *,
    field: str = "files",
    sent: Callable[[int], object] = lambda size: None,
) -> Body:
    """A form with files, read while it is sent. sent: gets how many bytes of the files have gone out."""
    line = secrets.token_hex(16)
    heads = [_head(line, field, file.name) for file in files]
    fields = [*(values or {}).items(), *(("names", file.name) for file in files if field == "files")]
    front = b"".join(
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    )
    end = f"--{line}--\r\n".encode()
    sizes = [file.path.stat().st_size for file in files]
    length = len(front) + sum(map(len, heads)) + sum(sizes) + 2 * len(files) + len(end)

    def parts() -> Iterator[bytes]:
        yield front
        done = 0
        for head, file, size in zip(heads, files, sizes, strict=True):
            yield head
            for chunk in _read(file.path, size):
                yield chunk
                done += len(chunk)
                sent(done)
            yield b"\r\n"
        yield end

    return Body(parts, length, f"multipart/form-data; boundary={line}")


def save(
    answer: Any,
    to: Path,
    *,
    sha256: str,
    size: int | None,
    report: Callable[[int], object] = lambda size: None,
) -> Path:
    """Write an answer to a file: aside, checked, and only then in its place.

    Raises:
        Damaged: its hash or size is another; nothing is left.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    aside = to.with_name(f".{to.name}.{secrets.token_hex(6)}")
    digest, done = hashlib.sha256(), 0
    try:
        with aside.open("xb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                report(done)
        if digest.hexdigest() != sha256 or (size is not None and done != size):
            raise Damaged(
                f"{to.name} did not arrive whole", code="damaged", hint="fetch it again", retryable=True
            )
        os.replace(aside, to)
    finally:
        aside.unlink(missing_ok=True)
    return to


def _is_hidden(name: Path) -> bool:
    return any(part.startswith(".") for part in name.parts)


def _head(line: str, field: str, name: str) -> bytes:
    quoted = name.rsplit("/", 1)[-1].replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{line}\r\nContent-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
    return f"{head}Content-Type: application/octet-stream\r\n\r\n".encode()


def _read(path: Path, size: int) -> Iterator[bytes]:
    """Exactly ``size`` bytes of the file: that is what the request said."""
    left = size
    with path.open("rb") as file:
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    if left:
        raise Damaged(f"{path} became shorter while it was sent", code="changed", hint="send it again")
