"""`python -m retrieval company`: how scores fall as galleries grow by carvings of other characters."""

import argparse
import json
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from common.publish import write_aside
from retrieval.embed import Embedder
from retrieval.errors import BadSet
from retrieval.evaluate.metrics import DEPTH, Scores, scores_of
from retrieval.index.views import reading_views
from retrieval.io.sets import read_set
from retrieval.models import shipped_weights
from retrieval.report.matched import EmbeddedSet, read_and_embed
from retrieval.report.measure import rounded
from retrieval.synth.glyphs import Glyphs
from retrieval.synth.reliefs import draw_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.glyph_cache import cached_glyphs
from retrieval.train.data.mesh_cache import SIDE, all_meshes
from retrieval.train.pretrain.config import load_pretrain_config

log = logging.getLogger(__name__)

SIZES = (1_000, 10_000)
_SEED = 8
_A_PART = 250
# Characters of a set are left out of its company; so many more are drawn that enough is left.
_SPARE = 1.06


@dataclass(frozen=True)
class Company:
    """Carvings of which a set asks for none, in the order they join its gallery.

    vectors: (V, D) float32 of their indexed readings. items: (V,) whose each is, rising from 0.
    codepoints: (M,) of the items' characters.
    """

    vectors: np.ndarray
    items: np.ndarray
    codepoints: np.ndarray

    def without(self, codepoints: np.ndarray) -> "Company":
        """The same without carvings of these characters."""
        kept = ~np.isin(self.codepoints, codepoints)
        number = np.cumsum(kept) - 1
        readings = kept[self.items]
        return Company(self.vectors[readings], number[self.items[readings]], self.codepoints[kept])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "sets", type=Path, nargs="+", metavar="SET", help="labelled sets, their characters known"
    )
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--config", default="shipped", help="the configuration that the model learned by")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="carvings that join")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/train-shipped"), help="caches of glyphs and of meshes"
    )
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--crops", type=Path, help="zip of labelled crops of a real print")
    parser.add_argument("--json", type=Path, default=Path("docs/results/company.json"), help="the numbers")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read meshes")


def run(args: argparse.Namespace) -> int:
    """Measure and write. Raises BadInput, BadSet, BadModel."""
    embedder, config = Embedder.load(args.weights), load_pretrain_config(args.config)
    sets = [_known_set(path, embedder, jobs=args.jobs) for path in args.sets]
    glyphs = cached_glyphs(config.glyphs, args.folder, args.fonts, args.crops, seed=config.seed)
    most = round(_SPARE * max(args.sizes))
    companies = {"drawn": drawn_company(glyphs, embedder, most, seed=_SEED)}
    if (rendered := rendered_company(args.folder / "meshes", embedder, most)) is not None:
        companies["through meshes"] = rendered
    rows = [
        row
        for one in sets
        for name, company in companies.items()
        for row in curve(one, company, args.sizes, company_name=name)
    ]
    results = rounded({"model": embedder.fingerprint, "rows": rows})
    with write_aside(args.json) as aside:
        aside.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    log.info("wrote %s\n%s", args.json, table(results["rows"]))
    return 0


def _known_set(path: Path, embedder: Embedder, *, jobs: int) -> EmbeddedSet:
    """A set whose characters are known. Raises BadSet where they are not, or nothing can be read."""
    one = read_and_embed(read_set(path), embedder, jobs=jobs)
    if not one.items.codepoints.all():
        hint = "give it a characters.csv: carvings of its own characters must not join"
        raise BadSet(f"{one.name} does not say which characters its items show", hint=hint)
    return one


def drawn_company(glyphs: Glyphs, embedder: Embedder, count: int, *, seed: int) -> Company:
    """Drawn reliefs of all characters by turns, those that were never learned among them.

    glyphs: of all typefaces. count: of carvings. seed: of everything drawn by lot.
    """
    random = np.random.default_rng([seed, 1])
    textures = Textures(random)
    codes = random.permutation(np.unique(glyphs.codepoints))
    shown = np.resize(codes, count)
    order = np.argsort(glyphs.codepoints, kind="stable")
    starts = np.searchsorted(glyphs.codepoints[order], shown, "left")
    ends = np.searchsorted(glyphs.codepoints[order], shown, "right")

    def relief(place: int) -> np.ndarray:
        field = glyphs.fields[order[random.integers(starts[place], ends[place])]]
        others = [glyphs.fields[other] for other in random.integers(len(glyphs.fields), size=4)]
        return draw_relief(field, others, random, textures, SIDE)

    return _company(relief, shown, embedder)


def rendered_company(folder: Path, embedder: Embedder, most: int) -> Company | None:
    """Reliefs that went through mesh and renderer, as training kept them; None where it kept none."""
    found = all_meshes(folder)
    if found is None:
        return None
    heights, codepoints = (part[:most] for part in found)
    return _company(lambda place: heights[place].astype(np.float32) / 255, codepoints, embedder)


def _company(relief: Callable[[int], np.ndarray], shown: np.ndarray, embedder: Embedder) -> Company:
    """Carvings embedded and indexed as the product does. relief: of a place in ``shown``."""
    vectors, items = [], []
    for start in range(0, len(shown), _A_PART):
        places = range(start, min(start + _A_PART, len(shown)))
        views = reading_views(embedder.embed_turned([relief(place) for place in places]))
        vectors += [view.vector for view in views]
        items += [start + view.row for view in views]
    return Company(np.stack(vectors), np.array(items), shown)


def curve(one: EmbeddedSet, company: Company, sizes: Sequence[int], *, company_name: str) -> list[dict]:
    """A row for each kind of query and each size of company that there is enough of, none first.

    one: a set. company: is asked without the set's own characters.
    """
    matched, others = one.matched(), company.without(one.items.codepoints)
    best = np.where(matched.right, matched.distances, np.inf).min(axis=1, initial=np.inf)
    own = (matched.distances < best[:, None]).sum(axis=1)
    kinds = np.array(one.queries.kinds)
    rows = []
    for size in (0, *(size for size in sizes if size <= len(others.codepoints))):
        ahead = own + _ahead(one.prints, best, others, size)
        ranks = np.where(np.isfinite(best) & (ahead < DEPTH), ahead + 1, 0)
        for kind in dict.fromkeys(one.queries.kinds):
            scores = scores_of(ranks[kinds == kind])
            rows.append(_row(one, kind, company_name, size, scores))
    return rows


def _ahead(prints: np.ndarray, best: np.ndarray, company: Company, size: int) -> np.ndarray:
    """(Q,) how many of the first ``size`` carvings are nearer than the best right item is."""
    counts = np.zeros(len(prints), int)
    readings = company.items < size
    vectors, items = company.vectors[readings], company.items[readings]
    for place, (vector, far) in enumerate(zip(prints, best, strict=True)):
        counts[place] = len(np.unique(items[1 - vectors @ vector < far]))
    return counts


def _row(one: EmbeddedSet, kind: str, company: str, size: int, scores: Scores) -> dict:
    return {
        "set": one.name,
        "kind": kind,
        "items": len(one.items.names),
        "company": company,
        "joined": size,
        "queries": scores.queries,
        "mrr_at_5": asdict(scores.mrr_at_5),
        "recall_at_1": asdict(scores.recall_at_1),
        "recall_at_5": asdict(scores.recall_at_5),
    }


def table(rows: Sequence[dict]) -> str:
    """The rows as Markdown: a line for each kind of query and company, a column for each size."""
    sizes = sorted({row["joined"] for row in rows})
    heads = ["alone" if size == 0 else f"+ {size:,}" for size in sizes]
    lines = [f"| set | company | {' | '.join(heads)} |", "| --- " * (2 + len(sizes)) + "|"]
    for where, kind, company in dict.fromkeys((row["set"], row["kind"], row["company"]) for row in rows):
        cells = {
            row["joined"]: f"{row['mrr_at_5']['mean']:.3f} "
            f"[{row['mrr_at_5']['low']:.3f}, {row['mrr_at_5']['high']:.3f}]"
            for row in rows
            if (row["set"], row["kind"], row["company"]) == (where, kind, company)
        }
        name = f"`{where}`, {kind}" if kind else f"`{where}`"
        lines.append(f"| {name} | {company} | {' | '.join(cells.get(size, '') for size in sizes)} |")
    return "\n".join(lines) + "\n"
