"""Pictures of the automatic gate for the pages: its plots in a row, one picture a blood.

    python docs/pictures/gates.py
    python docs/pictures/gates.py --a2004 a2004_O1T2pb05i_A2_A02.fcs

Simulated blood comes from both simulators; of a2004, which is not in this repository, the file is
needed. The pictures are taken by chromium.
"""

import argparse
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from chromium import photograph

import hladr
from hladr.arrays import BoolArray
from hladr.evidence import GateView
from hladr.gates_used.automatic_steps import automatic_chain
from hladr.gates_used.automatic_views import later_views
from hladr.report.drawings import gate_drawings
from hladr.report.gate_figure import GatePlot, draw_gate
from hladr.report.gate_names import gate_title, held_words
from hladr.report.page import GateFigure
from hladr.report.rendering import environment
from hladr.report.ruler import ruler_for

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for place in (ROOT / "bench", ROOT / "tests" / "oracles"):
    sys.path.append(str(place))

import oracle_hostile  # noqa: E402 - from tests/oracles
import pairs  # noqa: E402 - from bench
import real_gate  # noqa: E402 - from bench

COLUMN, HEIGHT, MARGIN = 232, 250, 8  # pixels: a plot with its room, a row, around all
MOST = 5  # plots in one row


@dataclass(frozen=True, slots=True)
class Blood:
    """Files of one blood and its beads, and whether time is worth a look."""

    make: Callable[[], "pairs.Pair | oracle_hostile.HostilePair"]
    in_time: bool = False


BLOODS = {
    "gate-healthy.png": Blood(lambda: pairs.make("oracle", "healthy", 2)),
    "gate-sepsis.png": Blood(lambda: pairs.make("oracle", "sepsis_severe", 3)),
    "gate-calibur.png": Blood(lambda: pairs.make("oracle", "calibur_log", 1)),
    "gate-no-cd45.png": Blood(lambda: pairs.make("oracle", "no_cd45", 1)),
    "gate-cd64.png": Blood(lambda: pairs.make("oracle", "cd64_cocktail", 1)),
    "gate-clog.png": Blood(lambda: oracle_hostile.make_pair("clog_8", 2), in_time=True),
    "gate-carry-over.png": Blood(
        lambda: oracle_hostile.make_pair("carry_over_25_other_blood", 1), in_time=True
    ),
}


def main() -> int:
    """Write the pictures; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--a2004", type=Path, metavar="FILE")
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--only", action="append", default=[], metavar="PNG")
    wanted = parser.parse_args()
    for name, blood in BLOODS.items():
        if not wanted.only or name in wanted.only:
            _show(list(_figures(blood)), name, wanted.chromium)
    if wanted.a2004 is not None:
        figures = list(_real(real_gate.gated(wanted.a2004)))
        _show(figures, "a2004-gate.png", wanted.chromium)
    return 0


def _figures(blood: Blood) -> Iterator[GateFigure]:
    """The plots of a report; before them, where asked for, forward scatter in time."""
    pair = blood.make()
    result = hladr.quantify(io.BytesIO(pair.blood), beads=io.BytesIO(pair.beads), lot=pair.lot)
    if blood.in_time:
        columns = result.evidence.columns
        steady = next(each for each in result.gating.populations if each.name == "steady events")
        rulers = (
            ruler_for(columns["time"], "linear", "Time"),
            ruler_for(columns["fsc"], "linear", "FSC-A"),
        )
        for title, mask in (
            ("All events", np.ones_like(steady.mask)),
            ("Steady events", steady.mask),
        ):
            plot = GatePlot(title, columns["time"][mask], columns["fsc"][mask], *rulers, ())
            yield GateFigure(title, f"{mask.sum():,} events", draw_gate(plot))
    yield from gate_drawings(result)


def _real(found: real_gate.Gated) -> Iterator[GateFigure]:
    """The plots of a2004, then the two markers that the gate does not see."""
    gate, labels = found.gate, {"cd14": "CD14 (PE-Cy7-A)", "fsc": "FSC-A", "ssc": "SSC-A",
                                "fsc_height": "FSC-H"}  # fmt: skip
    chain = {each.name: each for each in automatic_chain(gate, found.cells)}
    views = later_views(gate, found.cells, labels)
    for view in views:
        made, parent = chain[view.population], chain[view.parent or "events"]
        caption = held_words(made.count, parent.count, parent.name)
        yield _real_figure(found, view, parent.mask, gate_title(view), caption)
    caption = f"over all {gate.leukocytes.sum():,} leukocytes"
    yield _real_figure(found, views[-1], gate.leukocytes, "The same outline", caption)
    yield from _unseen_markers(found)


def _real_figure(
    found: real_gate.Gated, view: GateView, shown: BoolArray, title: str, caption: str
) -> GateFigure:
    axes = (view.x, view.y)
    columns = [np.asarray(getattr(found.cells, each.role)) for each in axes]
    rulers = [
        ruler_for(values, each.scaling, each.label)
        for values, each in zip(columns, axes, strict=True)
    ]
    x, y = (values[shown] for values in columns)
    return GateFigure(title, caption, draw_gate(GatePlot(title, x, y, *rulers, view.outlines)))


def _unseen_markers(found: real_gate.Gated) -> Iterator[GateFigure]:
    rulers = (
        ruler_for(found.cd11c, "logicle", "CD11c (APC-A)"),
        ruler_for(found.class_ii, "logicle", "HLA class II (PerCP-Cy5.5-A)"),
    )
    for title, mask in (
        ("All leukocytes", found.gate.leukocytes),
        ("Gated monocytes", found.gate.monocytes),
        ("CD14-negative lymphocytes", found.gate.lymphocytes),
    ):
        plot = GatePlot(title, found.cd11c[mask], found.class_ii[mask], *rulers, ())
        yield GateFigure(title, f"{mask.sum():,} events", draw_gate(plot))


def _show(figures: list[GateFigure], name: str, chromium: str) -> None:
    columns = len(figures) if len(figures) <= MOST else 4
    rows = -(-len(figures) // columns)
    size = (columns * COLUMN + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN)
    photograph(chromium, _page(figures, columns), HERE / name, size)


def _page(figures: list[GateFigure], columns: int) -> str:
    style = environment().get_template("report.css").render()
    cells = "".join(
        f"<figure><b>{each.title}</b><br><small>{each.caption}</small>{each.svg}</figure>"
        for each in figures
    )
    more = (
        "html, body { background: #fff; margin: 0 } figure { margin: 0 } "
        f".row {{ display: grid; grid-template-columns: repeat({columns}, {COLUMN - 12}px); "
        f"gap: 6px 12px; padding: {MARGIN}px; font-size: 12px; line-height: 1.3 }}"
    )
    return (
        f'<!doctype html><meta charset="utf-8"><style>{style} {more}</style>'
        f'<div class="row">{cells}</div>'
    )


if __name__ == "__main__":
    sys.exit(main())
