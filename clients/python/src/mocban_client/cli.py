"""``mocban upload``, ``mocban wait`` and ``mocban export``, for shell scripts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from mocban_client.client import Mocban
from mocban_client.errors import MocbanError
from mocban_client.things import Batch


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says. Returns 0, or 1 where it was refused, with the reason."""
    words = _parser().parse_args(argv)
    try:
        mocban = Mocban(words.url, words.token)
        words.do(mocban, words)
    except MocbanError as error:
        sys.stderr.write(f"mocban: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mocban", description="Ask an installation of Mocban.")
    parser.add_argument("--url", default=os.environ.get("MOCBAN_URL", ""), help="by default MOCBAN_URL")
    parser.add_argument("--token", default="", help="by default MOCBAN_TOKEN, where nobody else sees it")
    commands = parser.add_subparsers(required=True)
    upload = commands.add_parser("upload", help="a new batch of the pictures in folders, files and zips")
    upload.add_argument("paths", nargs="+")
    upload.add_argument("--name", default="")
    upload.add_argument("--wait", action="store_true", help="until its suggestions are there")
    upload.set_defaults(do=_upload)
    wait = commands.add_parser("wait", help="until a batch's suggestions are there")
    wait.add_argument("batch", type=int)
    wait.set_defaults(do=_wait)
    export = commands.add_parser("export", help="labels as one file")
    of = export.add_mutually_exclusive_group(required=True)
    of.add_argument("--batch", type=int)
    of.add_argument("--snapshot", type=int)
    export.add_argument("--format", default="jsonl")
    export.add_argument("--with-images", action="store_true")
    export.add_argument("--to", required=True, help="the file to write")
    export.set_defaults(do=_export)
    return parser


def _upload(mocban: Mocban, words: argparse.Namespace) -> None:
    batch = mocban.upload(*words.paths, name=words.name, progress=_meter("sent"))
    _end()
    _print_state(mocban.wait(batch, progress=_matched) if words.wait else batch)


def _wait(mocban: Mocban, words: argparse.Namespace) -> None:
    _print_state(mocban.wait(mocban.batch(words.batch), progress=_matched))


def _export(mocban: Mocban, words: argparse.Namespace) -> None:
    of = mocban.batch(words.batch) if words.batch is not None else mocban.snapshot(words.snapshot)
    export = mocban.wait(mocban.export(of, words.format, with_images=words.with_images))
    path = mocban.download(export, words.to, progress=_meter("fetched"))
    _end()
    sys.stdout.write(f"{path}\n")


def _print_state(batch: Batch) -> None:
    sys.stdout.write(f"{batch.id}\t{batch.status}\t{batch.done} ready, {batch.failed} refused\n")


def _matched(batch: Batch) -> None:
    _meter("matched")(batch.done + batch.failed, batch.total)
    if batch.status == "ready":
        _end()


def _meter(what: str) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what} {done * 100 // max(total, 1)} %")

    return show


def _end() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\n")


if __name__ == "__main__":
    sys.exit(main())
