"""Two small diagrams as SVG, drawn here: they need no library, and the same numbers give the same file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_SIDE, _LEFT, _TOP, _GAP = 240, 52, 30, 70
_COLOURS = ("#1f5fa8", "#b4501e", "#2f7d4f", "#7a3d8f")
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Panel:
    """One square diagram of [0, 1] x [floor, 1]. lines: by name, points (x, y). dotted: marks on the points.
    diagonal: whether the line from corner to corner is drawn.
    """

    title: str
    across: str
    up: str
    lines: Mapping[str, Sequence[Sequence[float]]]
    dotted: bool = True
    floor: float = 0.0
    diagonal: bool = True


def svg(panels: Sequence[Panel]) -> str:
    """The panels side by side on white, with their names below the lines' ends."""
    width = len(panels) * (_SIDE + _GAP) + _LEFT
    rows = max(len(panel.lines) for panel in panels)
    height = _TOP + _SIDE + 52 + 16 * rows
    body = "".join(
        f'<g transform="translate({_LEFT + place * (_SIDE + _GAP)},{_TOP})">{_panel(panel)}</g>'
        for place, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{body}</svg>\n'
    )


def _panel(panel: Panel) -> str:
    parts = [
        f'<text x="{_SIDE / 2:g}" y="-12" text-anchor="middle" font-weight="bold">'
        f"{escape(panel.title)}</text>"
    ]
    for tick in _TICKS:
        x, y = _at(tick, tick)
        parts.append(f'<path d="M{x:g} {_SIDE}V0M0 {y:g}H{_SIDE}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:g}" y="{_SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        value = panel.floor + (1 - panel.floor) * tick
        parts.append(f'<text x="-6" y="{y + 4:g}" text-anchor="end">{value:g}</text>')
    if panel.diagonal:
        parts.append(f'<path d="M0 {_SIDE}L{_SIDE} 0" stroke="#999" stroke-dasharray="4 4"/>')
    parts.append(
        f'<text x="{_SIDE / 2:g}" y="{_SIDE + 34}" text-anchor="middle">{escape(panel.across)}</text>'
    )
    middle = f"translate(-36,{_SIDE / 2:g}) rotate(-90)"
    parts.append(f'<text transform="{middle}" text-anchor="middle">{escape(panel.up)}</text>')
    for place, (name, points) in enumerate(panel.lines.items()):
        points = [(x, (y - panel.floor) / (1 - panel.floor)) for x, y in points]
        parts.append(_line(name, points, _COLOURS[place % len(_COLOURS)], place, dotted=panel.dotted))
    return "".join(parts)


def _line(name: str, points: Sequence[Sequence[float]], colour: str, place: int, *, dotted: bool) -> str:
    spots = [_at(x, y) for x, y in points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots)
    below = _SIDE + 52 + 16 * place
    return (
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>{marks if dotted else ""}'
        f'<rect x="0" y="{below - 9}" width="10" height="10" fill="{colour}"/>'
        f'<text x="16" y="{below}">{escape(name)}</text>'
    )


def _at(x: float, y: float) -> tuple[float, float]:
    return _SIDE * x, _SIDE * (1 - y)
