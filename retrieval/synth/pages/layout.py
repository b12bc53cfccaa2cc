"""Where the characters, rules and frames of a drawn page stand, before it is bent, inked and scanned."""

from dataclasses import dataclass, field, replace

import numpy as np

Point = tuple[float, float]


@dataclass
class Mark:
    """A character to draw: the middle and sides of its cell, its kind and, where chosen, its glyph."""

    x: float
    y: float
    w: float
    h: float
    kind: str = "main"
    flat: bool = False


@dataclass
class Rule:
    """A ruled line from one point to another; level ones may part registers."""

    start: Point
    end: Point
    width: float
    level: bool = False


@dataclass
class Layout:
    """All that stands on a page, in pixels, upright."""

    width: float
    height: float
    size: float
    marks: list[Mark] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    shapes: list[list[Point]] = field(default_factory=list)  # filled: fish tails
    # Reading marks: x, y, radius, whether filled.
    dots: list[tuple[float, float, float, bool]] = field(default_factory=list)
    paper: tuple[float, float, float, float] | None = None  # x0, y0, x1, y1 of the paper on a dark table
    gutter: float | None = None  # where two leaves meet


@dataclass(frozen=True)
class Style:
    """What a book's leaves have in common, all sizes in pixels."""

    size: float
    aspect: float
    lead: float
    pitch: float
    ruled: bool
    frame: int  # lines: 0, 1 or 2
    registers: int
    gap: float  # between registers; 0 for a single line
    note: float  # size of note characters
    note_lead: float
    notes: float  # chance that a run of notes follows a character
    all_notes: float  # chance of a column that holds nothing else
    indent: float
    dots: float
    full: float  # chance that a column is full
    rule: float
    jitter: float
    numerals: float


def pick_style(random: np.random.Generator, size: float) -> Style:
    """A style by lot. size: of the main text's characters."""
    pick = random.random
    noted = pick() < 0.7
    registers = 1 if pick() < 0.66 else int(random.choice((2, 2, 3, 3, 4, 5)))
    ratio = random.uniform(0.36, 0.62)
    pitch = size * (random.uniform(1.02, 1.35) if pick() < 0.6 else random.uniform(1.3, 1.9))
    if noted:
        pitch = max(pitch, size * ratio * random.uniform(2.0, 2.5))
    return Style(
        size=size,
        aspect=random.uniform(0.85, 1.25),
        lead=size * (random.uniform(0.86, 1.12) if pick() < 0.65 else random.uniform(1.05, 1.6)),
        pitch=pitch,
        ruled=pick() < 0.6,
        frame=int(random.choice((0, 1, 1, 2, 2))),
        registers=registers,
        gap=0 if pick() < 0.6 else size * random.uniform(0.5, 2.0),
        note=size * ratio,
        note_lead=size * ratio * (random.uniform(0.92, 1.3) if pick() < 0.75 else random.uniform(1.3, 2.2)),
        notes=(random.choice((0.02, 0.05, 0.12, 0.25)) if noted else 0),
        all_notes=(random.choice((0, 0.1, 0.4, 0.7)) if noted else 0),
        indent=random.choice((0, 0, 0.2, 0.6)),
        dots=random.choice((0, 0, 0, 0.1, 0.3)),
        full=random.uniform(0.4, 1.0),
        rule=max(0.5, size * random.uniform(0.02, 0.07)),
        jitter=size * random.uniform(0.0, 0.05),
        numerals=random.choice((0.04, 0.1, 0.3)),
    )


def lay_page(random: np.random.Generator, size: float, side: float) -> Layout:
    """A page by lot. size: of its main characters. side: about the longer side, in pixels."""
    style = pick_style(random, size)
    mode = random.choice(("leaf", "leaf", "folded", "spread", "tight"))
    height = side * random.uniform(0.7, 1.0)
    if mode in ("folded", "spread"):
        width = side * random.uniform(0.95, 1.25)
    else:
        width = side * random.uniform(0.5, 1.0)
    layout = Layout(width, height, size)
    edge = size * (random.uniform(0.05, 0.5) if mode == "tight" else random.uniform(0.6, 3.0))
    top = edge + (size * random.uniform(0.5, 5) if random.random() < 0.4 else 0)
    if mode == "leaf":
        _leaf(random, layout, style, (edge, top, width - edge, height - edge))
        if random.random() < 0.6:
            _cut_fold(random, layout, style, (edge, top, width - edge, height - edge))
    elif mode == "tight":
        _leaf(random, layout, style, (edge, edge, width - edge, height - edge))
    elif mode == "folded":
        fold = style.pitch * random.uniform(0.7, 1.2)
        middle = width / 2 + random.normal(0, 0.02) * width
        _leaf(random, layout, style, (middle + fold / 2, top, width - edge, height - edge))
        _fold(random, layout, style, (middle - fold / 2, top, middle + fold / 2, height - edge))
        _leaf(random, layout, style, (edge, top, middle - fold / 2, height - edge))
    else:
        gutter = size * random.uniform(0.8, 3)
        layout.gutter = width / 2
        _leaf(random, layout, style, (width / 2 + gutter / 2, top, width - edge, height - edge))
        _leaf(random, layout, style, (edge, top, width / 2 - gutter / 2, height - edge))
    if top > edge + 1.2 * style.note and random.random() < 0.7:
        _headnotes(random, layout, style, (edge, edge * 0.3, width - edge, top - 0.3 * style.note))
    if mode != "tight" and random.random() < 0.4:
        reach = [random.uniform(-0.02, 0.8) * edge for _ in range(4)]
        layout.paper = (reach[0], reach[1], width - reach[2], height - reach[3])
    return layout


def lay_face(random: np.random.Generator, width: float, height: float, size: float) -> Layout:
    """A block's face by lot: two framed leaves and the fold between them, right out to its edges.

    width, height: of the face. size: of its main characters; all in one unit, which no pixel has to be.
    """
    style = pick_style(random, size)
    style = replace(
        style,
        registers=1,
        dots=0,
        frame=max(1, style.frame),
        rule=max(style.rule, 0.035 * size),
        note=max(style.note, 0.5 * size),
        notes=min(style.notes, 0.03),
        all_notes=0,
        numerals=0.06,
        full=max(style.full, 0.7),
        indent=0,
    )
    layout = Layout(width, height, size)
    edge, middle = 0.6 * size, width / 2
    fold = style.pitch * random.uniform(0.8, 1.1)
    _leaf(random, layout, style, (middle + fold / 2, edge, width - edge, height - edge))
    _fold(random, layout, style, (middle - fold / 2, edge, middle + fold / 2, height - edge))
    _leaf(random, layout, style, (edge, edge, middle - fold / 2, height - edge))
    return layout


def _leaf(random: np.random.Generator, layout: Layout, style: Style, area: tuple[float, ...]) -> None:
    """One framed text area with its registers and columns."""
    x0, y0, x1, y1 = area
    inner = style.size * random.uniform(0.08, 0.4)
    count = int((x1 - x0 - 2 * inner) / style.pitch)
    if count < 1 or y1 - y0 < 2 * style.lead:
        return
    spare = (x1 - x0) - count * style.pitch
    x0, x1 = x0 + spare / 2, x1 - spare / 2
    _frame(random, layout, style, (x0, y0, x1, y1))
    parts = min(style.registers, max(1, int((y1 - y0) / (3.5 * style.lead))))
    high = (y1 - y0 - (parts - 1) * style.gap) / parts
    for part in range(parts):
        top = y0 + part * (high + style.gap)
        if part:
            for y in {top, top - style.gap}:
                layout.rules.append(Rule((x0, y), (x1, y), style.rule * random.uniform(0.7, 1.4), level=True))
        _register(random, layout, style, (x0, top, x1, top + high), count)


def _frame(random: np.random.Generator, layout: Layout, style: Style, area: tuple[float, ...]) -> None:
    x0, y0, x1, y1 = area
    for line in range(style.frame):
        out = line * style.size * random.uniform(0.12, 0.25)
        wide = style.rule * (1 if line == 0 and random.random() < 0.8 else random.uniform(1.5, 7))
        a, b, c, d = x0 - out, y0 - out, x1 + out, y1 + out
        layout.rules += [
            Rule((a, b), (c, b), wide, level=True),
            Rule((a, d), (c, d), wide, level=True),
            Rule((a, b), (a, d), wide),
            Rule((c, b), (c, d), wide),
        ]


def _register(
    random: np.random.Generator, layout: Layout, style: Style, area: tuple[float, ...], count: int
) -> None:
    _, y0, x1, y1 = area
    empty = random.random() < 0.05
    pad = style.size * random.uniform(0.0, 0.3)
    for number in range(count):
        x = x1 - (number + 0.5) * style.pitch
        if style.ruled and number:
            layout.rules.append(Rule((x + style.pitch / 2, y0), (x + style.pitch / 2, y1), style.rule))
        if (empty and random.random() < 0.7) or random.random() < 0.03:
            continue
        _column(random, layout, style, x, y0 + pad, y1 - pad * 0.5)


def _column(
    random: np.random.Generator, layout: Layout, style: Style, x: float, y0: float, y1: float
) -> None:
    """Fill a column: characters, runs of notes, gaps."""
    y = y0
    if random.random() < style.indent:
        y += style.lead * float(random.choice((-0.9, 0.5, 1, 1, 2, 3)))
        y = max(y, y0 - 0.1 * style.lead)
    if random.random() > style.full:
        y1 = y0 + (y1 - y0) * random.uniform(0.15, 1)
    only_notes = random.random() < style.all_notes
    sizes = random.uniform(1.15, 1.5) if random.random() < 0.03 else 1.0
    while y + 0.8 * style.lead < y1:
        if only_notes or random.random() < style.notes:
            y = _note_run(random, layout, style, x, y, y1, only_notes)
            continue
        y = _character(random, layout, style, x, y, y1, sizes)
        if random.random() < 0.008:
            y += style.lead * random.uniform(0.3, 3)


def _character(
    random: np.random.Generator, layout: Layout, style: Style, x: float, y: float, y1: float, sizes: float
) -> float:
    """One character of the main text; returns where the next begins."""
    flat = random.random() < style.numerals
    step = style.lead * sizes
    if y + 0.8 * step > y1:
        return y1
    if flat and random.random() < 0.5:
        step *= random.uniform(0.5, 1.0)
    jitter = random.normal(0, style.jitter, 2)
    high = style.size * sizes * min(1.0, random.uniform(0.9, 1.05))
    layout.marks.append(
        Mark(x + jitter[0], y + step / 2 + jitter[1], style.size * sizes * style.aspect, high, "main", flat)
    )
    if random.random() < style.dots:
        at = x + style.size * style.aspect * random.uniform(0.45, 0.6), y + step * random.uniform(0.75, 1)
        layout.dots.append((*at, style.size * random.uniform(0.04, 0.12), random.random() < 0.3))
    return y + step


def _note_run(
    random: np.random.Generator, layout: Layout, style: Style, x: float, y: float, y1: float, whole: bool
) -> float:
    """Notes in two half columns (or one); returns where the next begins."""
    fits = int((y1 - y) / style.note_lead)
    rows = fits if whole and random.random() < 0.8 else min(fits, 1 + int(random.exponential(4)))
    if rows < 1:
        return y1
    single = random.random() < 0.12
    apart = max(style.note * random.uniform(0.98, 1.1), style.pitch * random.uniform(0.42, 0.5))
    sides = (random.choice((0, 0, 0.25)) * style.pitch,) if single else (apart / 2, -apart / 2)
    for side in sides:
        short = rows - int(random.random() < 0.3 and side < 0) * int(random.integers(0, rows))
        at = y
        for _ in range(short):
            jitter = random.normal(0, style.jitter * 0.5, 2)
            flat = random.random() < style.numerals
            layout.marks.append(
                Mark(
                    x + side + jitter[0], at + style.note_lead / 2 + jitter[1],
                    style.note * min(style.aspect, 1.05), style.note, "note", flat,
                )
            )  # fmt: skip
            at += style.note_lead
    return y + rows * style.note_lead + style.lead * random.uniform(0, 0.2)


def _fold(random: np.random.Generator, layout: Layout, style: Style, area: tuple[float, ...]) -> None:
    """The column in the middle of a leaf: title, fish tail, volume, folio."""
    x0, y0, x1, y1 = area
    x, wide, high = (x0 + x1) / 2, x1 - x0, y1 - y0
    if random.random() < 0.8:
        layout.rules += [Rule((side, y0), (side, y1), style.rule) for side in (x0, x1)]
    size = min(wide * 0.92, style.size * random.uniform(0.55, 1.15))
    y = y0 + high * random.uniform(0.0, 0.12)
    step = size * random.uniform(0.62, 1.15)
    if random.random() > 0.15:  # else there is no title
        y = _stack(random, layout, x, y, int(random.integers(2, 9)), size, step, y0 + 0.45 * high)
    if random.random() < 0.8:
        y = _fish_tail(random, layout, x0, x1, y, style)
    y += size * random.uniform(0.1, 1)
    y = _stack(random, layout, x, y, int(random.integers(1, 5)), size, step, y0 + 0.65 * high)
    small = size * random.uniform(0.5, 1)
    aside = random.choice((0, 0, 0.2)) * wide
    y = max(y + small, y0 + high * random.uniform(0.55, 0.85))
    y = _stack(random, layout, x + aside, y, int(random.integers(1, 4)), small, small * 0.8, y1, flat=0.8)
    if random.random() < 0.4:
        layout.rules.append(Rule((x0, y + small), (x1, y + small), style.rule))
    if random.random() < 0.25 and y + 2 * small < y1:
        _fish_tail(random, layout, x0, x1, y + 1.2 * small, style)
    if random.random() < 0.35:  # a black mouth
        thick = random.choice((style.rule * random.uniform(1, 4), wide * random.uniform(0.2, 0.95)))
        end = y0 if random.random() < 0.6 else y1
        layout.rules.append(
            Rule((x, end), (x, end + (y0 + y1 - 2 * end) * random.uniform(0.02, 0.15)), thick)
        )


def _stack(
    random: np.random.Generator, layout: Layout, x: float, y: float, count: int, size: float, step: float,
    end: float, flat: float = 0.2,
) -> float:  # fmt: skip
    for _ in range(count):
        if y + step > end:
            break
        high = min(size, step * random.uniform(0.95, 1.02))
        layout.marks.append(Mark(x, y + step / 2, size, high, "fold", random.random() < flat))
        y += step
    return y


def _fish_tail(
    random: np.random.Generator, layout: Layout, x0: float, x1: float, y: float, style: Style
) -> float:
    """Notched, filled or drawn in outline, either way up; a line beside it at times. Returns its end."""
    high = style.size * random.uniform(0.35, 1.2)
    x, notch = (x0 + x1) / 2, high * random.uniform(0.2, 0.9)
    if random.random() < 0.5:
        edge = [(x0, y), (x1, y), (x1, y + high), (x, y + high - notch), (x0, y + high)]
        beside = y - 0.12 * high
    else:
        edge = [(x0, y), (x, y + notch), (x1, y), (x1, y + high), (x0, y + high)]
        beside = y + 1.12 * high
    if random.random() < 0.7:
        layout.shapes.append(edge)
    else:
        layout.rules += [
            Rule(start, end, style.rule) for start, end in zip(edge, [*edge[1:], edge[0]], strict=True)
        ]
    if random.random() < 0.4:
        layout.rules.append(Rule((x0, beside), (x1, beside), style.rule))
    if random.random() < 0.2:  # a flower in the notch
        layout.dots.append((x, y + high / 2, high * random.uniform(0.08, 0.2), random.random() < 0.5))
    return y + high


def _cut_fold(random: np.random.Generator, layout: Layout, style: Style, area: tuple[float, ...]) -> None:
    """Half of the fold column at the edge of a leaf that was cut there."""
    x0, y0, x1, y1 = area
    wide = style.pitch * random.uniform(0.8, 1.2)
    if random.random() < 0.5:
        _fold(random, layout, style, (x0 - wide, y0, x0, y1))
        layout.marks = [mark for mark in layout.marks if mark.x > 0.02 * layout.size]
    else:
        _fold(random, layout, style, (x1, y0, x1 + wide, y1))
        layout.marks = [mark for mark in layout.marks if mark.x < layout.width - 0.02 * layout.size]


def _headnotes(random: np.random.Generator, layout: Layout, style: Style, area: tuple[float, ...]) -> None:
    """Small characters above the frame, a few columns here and there."""
    x0, y0, x1, y1 = area
    size = style.size * random.uniform(0.35, 0.6)
    if y1 - y0 < 1.5 * size:
        return
    x = x1 - size * random.uniform(0.5, 3)
    while x > x0 + size:
        if random.random() < 0.5:
            for _ in range(random.integers(1, 6)):
                rows = int(random.uniform(1, (y1 - y0) / (1.05 * size) + 1))
                y = y1 - (y1 - y0 if random.random() < 0.7 else rows * 1.05 * size)
                _stack(random, layout, x, max(y, y0), rows, size, 1.05 * size, y1)
                x -= size * random.uniform(1.05, 1.4)
        x -= size * random.uniform(1, 8)
    for mark in layout.marks:
        if mark.kind == "fold" and mark.y < y1 and mark.h <= size * 1.01:
            mark.kind = "head"
