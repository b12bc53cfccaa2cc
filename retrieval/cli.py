"""The command line, for people who need no web app: match folders, evaluate sets, train, report."""

import argparse
import csv
import importlib
import json
import logging
import os
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from common.errors import BadInput, MocbanError
from common.file_types import Kind, labels_of
from common.publish import write_aside
from common.suggestions import SUGGESTIONS
from retrieval.evaluate.methods.by_name import METHODS, open_method
from retrieval.io.files import open_files
from retrieval.io.sets import mesh_names, picture_names, read_set

if TYPE_CHECKING:
    from retrieval.evaluate.prepare import Failure

_FAILED, _WRONG_USE, _INTERRUPTED = 1, 2, 130
_WIDTH = 108

_MATCH = f"""\
Name, for each picture of a folder, the five carved characters that are most like it.

DATABASE_FOLDER holds one mesh a character ({", ".join(labels_of(Kind.MESH))}), QUERIES_FOLDER one picture a
character ({", ".join(labels_of(Kind.PICTURE))}); a zip will do for either. The answer is a CSV file with the
columns query and label; label holds five file names of the database, most similar first, separated by
commas. A file that cannot be read is named, with the reason, and the rest goes on: such a mesh is left
out, such a picture gets an empty label. The exit status is 0 unless nothing could be matched.
"""
_EVALUATE = """\
Score a method on a labelled set: MRR@5, recall@1 and recall@5 with 95 % bootstrap intervals, in all and
by kind of query.

SET is a folder, or a zip of one, with database/ (meshes), queries/ (pictures), labels.csv (columns query
and label; label names the right items, separated by commas) and, where there is one, kinds.csv (query,
kind). Where same.csv (query, label) names all items of a query's character and labels.csv the very carving
that printed it, both are scored. Files that cannot be read are named; such a query counts as not found.
Labels that name items which are not there are refused, with the list.
"""
_TRAIN = """\
Train a model by a configuration. Stopped at any point, the same command goes on from where it was.
"""
_TUNE = """\
Fine-tune weights on prints and the blocks that people found them to match. Stopped at any point, the same
command goes on from where it was. On several GPUs it starts again under torchrun, one process a GPU.
"""
_COMPARE = """\
Train every method of a configuration that has no weights in the folder yet, all on the same pictures and as
long, score each on labelled sets, and write one table. Stopped at any point, the same command goes on.
"""
_REPORT = """\
Measure a model on the validation set and on labelled sets, and write docs/retrieval.md anew: scores with
intervals and by slices, how far its confidence can be trusted, handedness, the worst cases as pictures.
"""
_LEARNING = """\
Replay labelled sets as sessions in which the answers come in one after the other, and measure MRR@5 on the
queries left, with and without what each answer teaches the search at once.
"""
_COMPANY = """\
Measure MRR@5 on labelled sets as carvings of other characters join their galleries: drawn ones, and those
that training took through a mesh. Writes the numbers, and a table.
"""
_CARVINGS = """\
Measure how often the carving that printed a picture comes first among those of its character, and how often
its character, with the first stage alone and with both: on labelled sets that have same.csv, and on drawn
hands; in galleries of 1, 2, 8 and 40 carvings a character. Writes the numbers, and a sheet of pairs.
"""
_SECOND_STAGE = """\
Fit the constants of the second stage on drawn hands: from when on a relation is proposed, what counts as no
fit, and how near two items of one character lie. Writes them in the place of those that ship.
"""
_SUSPECTS = """\
List the crops of a labelled zip, those first whose label is likeliest wrong: a CSV file with the columns
path, codepoint, suggested (the codepoint that fits better) and score (above 0 where it does fit better).
"""
_CANDIDATE = """\
Compare a model with the live one on a labelled set, as the page of an evaluation does: both models' scores,
the candidate's gain with its interval, and the queries that were won and lost, as JSON.
"""
_MAP = """\
Lay the pictures of a folder out on a plane, so that what looks alike to the model lies together: a CSV file
with the columns picture, x and y (from 0 to 10,000).
"""
_TRAIN_LOCALISER = """\
Train the network that finds the characters of pages, on pages drawn from typefaces and on page scans with
boxes. Stopped at any point, the same command goes on from where it was.
"""
_PAGES = """\
Measure the localiser on page scans with boxes that training never saw, some of them laid askew, and on drawn
pages, and write docs/locating.md anew, with the worst pages as a picture.
"""
_PAGE_MATCHES = """\
Measure the whole way from a page to its suggestions: how often an item of the character is the first, and
among the first five, with the boxes that the localiser found and with those that people drew.
"""
_LOCATE = """\
Find every character on page scans, in reading order: a CSV file with the columns page (the file's name
without its ending), x, y, w, h (pixels of the scan), score, column and order (from 1 over the page).
"""
_BLOCK = f"""\
Read the scan of a whole block ({", ".join(labels_of(Kind.MESH))}): find its
printing face, take tilt and warp out, decide how it reads, and find its characters. FOLDER gets items.csv
(name, column, place, x_mm, y_mm, w_mm, h_mm, score; from the top left of the face as it prints), face.png
(under raking light), ink.png (its print), face.json (size, depth, warp, unit, turn), and in items/ of each
character a mesh cut out of the scan, its print and its depth.
"""
_PRINTED = """\
Name, for each page scan of a folder, the block of another folder that printed it: a CSV file with the columns
page, block, inliers (characters that lie over their own), p (how likely so many are by chance) and
residual_mm. The block is empty where none printed the page. A file that cannot be read is named,
and the rest goes on.
"""
_REBUILD = """\
Make a lost block again from a page that it printed: each character takes the relief of its carving in the
gallery, or is raised from the print. PAGE.json names the print, its scale and its characters (docs/blocks.md
has the format). Beside the mesh come a record of where each character is from (.json), a sheet (.pdf), and
the sources over the page (.png).
"""
_ALIGNMENT = """\
Measure how many boxes get the right character of a known text, on pages whose characters are known: with a
clean text, with boxes missing and extra, with slips in the text, page by page and as one book; and how badly
the text of another page fits. Writes the numbers of docs/pages.md.
"""
# Commands whose code is slow to import, and of no use to the others: (module, summary, description).
# The module has add_arguments(parser) and run(chosen) -> exit status.
_LATE = {
    "compare": ("retrieval.compare.command", "train and score every method, side by side", _COMPARE),
    "train": ("retrieval.train.pretrain.command", "train a model", _TRAIN),
    "tune": ("retrieval.train.finetune.command", "fine-tune weights on confirmed matches", _TUNE),
    "candidate": ("retrieval.evaluate.candidate", "compare a model with the live one", _CANDIDATE),
    "map": ("retrieval.layout.command", "lay pictures out by what they show", _MAP),
    "train-localiser": ("retrieval.train.localiser.command", "train the localiser", _TRAIN_LOCALISER),
    "pages": ("retrieval.report.pages.command", "measure how well characters of pages are found", _PAGES),
    "page-matches": (
        "retrieval.report.pages.matches",
        "measure pages from scan to suggestions",
        _PAGE_MATCHES,
    ),
    "locate": ("retrieval.locate.command", "find the characters of page scans", _LOCATE),
    "block": ("retrieval.blocks.command", "read the scan of a whole block", _BLOCK),
    "printed": ("retrieval.blocks.printed.command", "name the block that printed a page", _PRINTED),
    "rebuild": ("retrieval.rebuild.command", "make a lost block again from its page", _REBUILD),
    "alignment": ("retrieval.report.pages.alignment", "measure texts laid along pages", _ALIGNMENT),
    "learning": ("retrieval.report.learning.command", "measure what answers bring at once", _LEARNING),
    "report": ("retrieval.report.command", "measure a model and write the page that tells of it", _REPORT),
    "carvings": (
        "retrieval.report.carvings.command",
        "measure how often the very carving comes first",
        _CARVINGS,
    ),
    "company": ("retrieval.report.company", "measure scores as galleries grow", _COMPANY),
    "second-stage": (
        "retrieval.train.second_stage.command",
        "fit what is proposed of carvings",
        _SECOND_STAGE,
    ),
    "suspects": ("retrieval.label_errors.command", "list crops whose label is likely wrong", _SUSPECTS),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Bad input ends in one line and a hint, never a traceback."""
    parser = _parser(sys.argv[1:] if arguments is None else arguments)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen) or 0
    except MocbanError as error:
        _say(f"error: {error}")
        if error.hint:
            _say(f"hint: {error.hint}")
        return _FAILED
    except OSError as error:
        _say(f"error: {error.filename or 'a file'} cannot be read or written: {error.strerror or error}")
        return _FAILED
    except KeyboardInterrupt:
        _say("stopped")
        return _INTERRUPTED


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m retrieval",
        description="Find, for each character of a print, the carved woodblock character that matches it.",
        epilog="'python -m retrieval COMMAND --help' explains one command.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_match(_command(commands, "match", "name five carved characters for each picture", _MATCH))
    _add_evaluate(_command(commands, "evaluate", "score a method on a labelled set", _EVALUATE))
    for name, (module, words, description) in _LATE.items():
        late = _command(commands, name, words, description)
        if name in arguments[:1]:
            command = importlib.import_module(module)
            command.add_arguments(late)
            late.set_defaults(run=_logged(command.run))
    return parser


def _command(commands, name: str, words: str, description: str) -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    epilog = None if name in _LATE else _methods_text()
    return commands.add_parser(
        name, help=words, description=description, epilog=epilog, formatter_class=shape
    )


def _methods_text() -> str:
    methods = "; ".join(f"{name} = {method.about}" for name, method in METHODS.items())
    return textwrap.fill(f"methods: {methods}.", _WIDTH)


def _add_match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("database", metavar="DATABASE_FOLDER", type=Path, help="folder (or zip) of meshes")
    parser.add_argument("queries", metavar="QUERIES_FOLDER", type=Path, help="folder (or zip) of pictures")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("pred.csv"),
        metavar="FILE",
        help="CSV file to write (default: pred.csv)",
    )
    _add_common(parser)
    parser.set_defaults(run=run_match)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("set", metavar="SET", type=Path, help="folder (or zip) of a labelled set")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="write everything, query by query, to FILE; - for standard output",
    )
    _add_common(parser)
    parser.set_defaults(run=run_evaluate)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--method", choices=METHODS, default="model", help="how to match (default: model)")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a model other than the shipped one")
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that read meshes (default: all cores)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bars")


def _jobs(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number from 0 is wanted, not {text!r}")
    return int(text)


def run_match(chosen: argparse.Namespace) -> int:
    """Write the five most similar items of each query to a CSV file."""
    database, queries = open_files(chosen.database), open_files(chosen.queries)
    meshes, pictures = mesh_names(database.names), picture_names(queries.names)
    _refuse_empty(meshes, "meshes", chosen.database)
    _refuse_empty(pictures, "pictures", chosen.queries)
    _refuse_folder(chosen.out)

    # The libraries behind these take seconds to load, so a wrong path is refused before.
    from retrieval.evaluate.ranking import fill_gallery, rank_queries

    method = open_method(chosen.method, weights=chosen.weights)
    with _bar("meshes", len(meshes), chosen.quiet) as done:
        gallery = fill_gallery(method, meshes, database.read, jobs=chosen.jobs, progress=done)
    _name_failures(gallery.failures)
    if not gallery.items:
        raise BadInput(f"not one mesh in {chosen.database} can be read", hint="see the reasons above")
    with _bar("queries", len(pictures), chosen.quiet) as done:
        rankings = list(rank_queries(gallery, pictures, queries.read, SUGGESTIONS, progress=done))
    _name_failures([ranking.failure for ranking in rankings if ranking.failure])
    _write_csv(chosen.out, [(one.query, ",".join(one.items)) for one in rankings])
    matched = sum(bool(one.items) for one in rankings)
    _say(f"{matched} of {len(rankings)} queries matched with {len(gallery.items)} items: {chosen.out}")
    return 0 if matched else _FAILED


def run_evaluate(chosen: argparse.Namespace) -> int:
    """Print the scores of a method on a set, and write them as JSON where asked."""
    bench = read_set(chosen.set)
    to_stdout = chosen.json is not None and str(chosen.json) == "-"
    if chosen.json is not None and not to_stdout:
        _refuse_folder(chosen.json)

    # The libraries behind these take seconds to load, so a wrong path is refused before.
    from retrieval.evaluate.ranking import fill_gallery
    from retrieval.evaluate.run import score

    method = open_method(chosen.method, weights=chosen.weights)
    with _bar("meshes", len(bench.items), chosen.quiet) as done:
        gallery = fill_gallery(method, bench.items, bench.read_item, jobs=chosen.jobs, progress=done)
    with _bar("queries", len(bench.queries), chosen.quiet) as done:
        report = score(bench, gallery, progress=done)
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n"
    if to_stdout:
        sys.stdout.write(text)
        return 0
    if chosen.json is not None:
        _write_text(chosen.json, text)
    sys.stdout.write(report.as_text())
    return 0


def _logged(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A long command, telling on standard error how it goes."""

    def logged(chosen: argparse.Namespace) -> int:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
        return run(chosen)

    return logged


@contextmanager
def _bar(what: str, total: int, quiet: bool) -> Iterator:
    # A log file gets a line now and then, a terminal a bar that moves.
    pace = 0.1 if sys.stderr.isatty() else 5
    with tqdm(total=total, desc=what, unit="file", file=sys.stderr, disable=quiet, mininterval=pace) as bar:
        yield bar.update


def _refuse_empty(names: Sequence[str], what: str, path: Path) -> None:
    if not names:
        raise BadInput(f"{path} holds no {what}", hint="check the path")


def _refuse_folder(path: Path) -> None:
    """Say before hours of work, not after, that the result could not be written."""
    if path.is_dir():
        raise BadInput(f"{path} is a folder", hint="name a file to write")
    if not path.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {path.parent} to write {path.name} in", hint="make it first")


def _name_failures(failures: Sequence["Failure"]) -> None:
    for failure in failures:
        _say(f"left out: {failure.reason}" + (f" ({failure.hint})" if failure.hint else ""))


def _write_csv(path: Path, rows: Sequence[tuple[str, str]]) -> None:
    with write_aside(path) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("query", "label"))
        table.writerows(rows)


def _write_text(path: Path, text: str) -> None:
    with write_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def _say(text: str) -> None:
    tqdm.write(text, file=sys.stderr)
