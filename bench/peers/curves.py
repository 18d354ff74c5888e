"""Cost and memory against the number of events, both axes logarithmic, as SVG."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from contestants import CONTESTANTS
from rounds import Series

WIDTH, HEIGHT = 420, 340  # of one panel
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 34, 44
LEGEND = 200
COLOURS = (
    "#0b6e99", "#5aa9c9", "#7a3e9d", "#2b2b2b", "#c2571a", "#e0a44a", "#8a8a8a", "#3d8b4f",
)  # fmt: skip
DASHES = ("", "5 3", "", "2 2", "", "", "")
MIB = 2**20
STYLE = (
    "text { font: 12px sans-serif; fill: #222 } .title { font-weight: bold } "
    "line { stroke: #ddd } polyline { fill: none; stroke-width: 2 }"
)

Jobs = Mapping[tuple[str, int], Series]


def drawn(jobs: Jobs, names: Sequence[str], sizes: Sequence[int]) -> str:
    """Both panels and what the lines are."""
    panels = (
        ("time of the job, milliseconds", lambda series: 1000.0 * series.time.middle),
        ("peak memory, MiB", lambda series: series.peak / MIB),
    )
    width = 2 * WIDTH + LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}">',
        f"<style>{STYLE}</style>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for index, (title, value) in enumerate(panels):
        lines = {name: [value(jobs[name, size]) for size in sizes] for name in names}
        parts += [
            f'<g transform="translate({index * WIDTH} 0)">',
            *_panel(title, lines, sizes),
            "</g>",
        ]
    for row, name in enumerate(names):
        y = TOP + 12 + 22 * row
        parts.append(_line([(2 * WIDTH + 4, y), (2 * WIDTH + 28, y)], row))
        label = CONTESTANTS[name].label.replace("`", "").partition(":")[0]
        parts.append(f'<text x="{2 * WIDTH + 34}" y="{y + 4}">{label}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, lines: Mapping[str, Sequence[float]], sizes: Sequence[int]) -> Iterator[str]:
    values = [value for line in lines.values() for value in line]
    x = _axis(min(sizes), max(sizes), LEFT, WIDTH - RIGHT)
    y = _axis(min(values), max(values), HEIGHT - BOTTOM, TOP)
    yield f'<text class="title" x="{LEFT}" y="20">{title}</text>'
    for decade in _decades(min(values), max(values)):
        place = y(decade)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">{decade:,g}</text>'
    for decade in _decades(min(sizes), max(sizes)):
        place = x(decade)
        yield f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        yield (f'<text x="{place:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
               f"{_short(decade)}</text>")  # fmt: skip
    middle = 0.5 * (LEFT + WIDTH - RIGHT)
    yield f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">events</text>'
    for row, line in enumerate(lines.values()):
        yield _line([(x(s), y(v)) for s, v in zip(sizes, line, strict=True)], row)


def _line(points: Sequence[tuple[float, float]], row: int) -> str:
    placed = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    colour, dash = COLOURS[row % len(COLOURS)], DASHES[row % len(DASHES)]
    return f'<polyline points="{placed}" stroke="{colour}" stroke-dasharray="{dash}"/>'


def _axis(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Place of a value between whole decades around all of them."""
    bottom, top = math.floor(math.log10(low)), math.ceil(math.log10(high))
    span = max(1, top - bottom)
    return lambda value: start + (math.log10(value) - bottom) / span * (end - start)


def _decades(low: float, high: float) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def _short(value: float) -> str:
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1e3:g} k"
