"""The automatic gate on a real file, held against markers that it does not look at.

    python bench/real_gate.py a2004_O1T2pb05i_A2_A02.fcs --write docs/gating.md

The file (flowWorkspaceData) is human blood with CD14, CD11c and HLA class II; its assay definition
is docs/a2004.toml. Monocytes carry both CD11c and class II; lymphocytes and granulocytes lack at
least one of them. `docs/pictures/gates.py` draws it.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from page import put

import hladr
from hladr.assay import load_assay
from hladr.gating import gate_monocytes
from hladr.gating.automatic import AutomaticGate
from hladr.gating.columns import CellColumns, noise_scale
from hladr.gating.valley import valleys
from hladr.panel import find_panel
from hladr.sample_columns import read_columns
from hladr.spillover import Spillover

ROOT = Path(__file__).resolve().parents[1]
ASSAY = ROOT / "docs" / "a2004.toml"
CD11C = "APC-A"
BRIGHT = 1000.0  # scale value clear of the negative cells in both markers
THRESHOLDS = (1000.0, 1500.0, 2000.0, 2500.0, 3000.0)  # CD14: where a person might draw the line
VALLEY_DEPTH = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Gated:
    """A real file after the gate; `cd11c` and `class_ii` are compensated and were not looked at."""

    cells: CellColumns
    gate: AutomaticGate
    cd11c: np.ndarray
    class_ii: np.ndarray

    @property
    def both(self) -> np.ndarray:
        """Leukocytes bright in CD11c and in class II."""
        return self.gate.leukocytes & (self.cd11c >= BRIGHT) & (self.class_ii >= BRIGHT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Gate and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    wanted = parser.parse_args(arguments)
    found = gated(wanted.file)
    lines = [*table(found), "", *where_cd14_divides(found), "", *where_outlines_move(found)]
    print("\n".join(lines))
    if wanted.write is not None:
        command = f"    python bench/real_gate.py {wanted.file.name}"
        put(wanted.write, "a2004", [command, "", *lines])
    return 0


def gated(file: Path) -> Gated:
    """Run the gate as `hladr.quantify` does."""
    events, assay = hladr.read_fcs(file), load_assay(ASSAY)
    columns = read_columns(events, find_panel(events, assay))
    cd11c = Spillover.from_table(events).compensated(events, events.channel(CD11C))
    return Gated(columns.cells, gate_monocytes(columns.cells, assay.purity), cd11c, columns.hla_dr)


def table(found: Gated) -> Iterator[str]:
    """Events and the two markers inside and outside the gate."""
    gate = found.gate
    yield f"| population | events | median CD11c | median class II | both ≥ {BRIGHT:,.0f} |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, mask in (
        ("monocytes (gated)", gate.monocytes),
        ("CD14-negative lymphocytes", gate.lymphocytes & ~gate.monocytes),
        ("all other leukocytes", gate.leukocytes & ~gate.monocytes & ~gate.lymphocytes),
    ):
        middle = (f"{np.median(values[mask]):,.0f}" for values in (found.cd11c, found.class_ii))
        share = np.mean(found.both[mask])
        yield f"| {name} | {mask.sum():,} | {' | '.join(middle)} | {100 * share:.1f} % |"
    yield ""
    outside = found.both & ~gate.monocytes
    cd14 = [float(np.median(found.cells.cd14[mask])) for mask in (gate.monocytes, outside)]
    yield (
        f"Of {found.both.sum():,} leukocytes bright in both, {outside.sum():,} are outside the "
        f"gate; their median CD14 is {cd14[1]:,.0f}, that of the gated ones {cd14[0]:,.0f}. "
        f"Confidence that the gate states itself: {100 * gate.confidence:.0f} %."
    )


def where_cd14_divides(found: Gated) -> Iterator[str]:
    """Count and class II as a function of where CD14 is divided, scatter as the gate has it."""
    cells, gate = found.cells, found.gate
    scatter = in_scatter(found)
    valley = cd14_valley(cells.cd14[scatter])
    marks = {each: f"CD14 ≥ {each:,.0f}" for each in THRESHOLDS}
    marks[valley] = f"CD14 ≥ {valley:,.0f}, the deepest valley"
    yield "Scatter as the gate has it, CD14 divided at one value instead of by an outline:"
    yield ""
    yield f"| monocytes | events | median class II | median CD11c | both ≥ {BRIGHT:,.0f} |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for least, name in sorted(marks.items()):
        yield _row(found, name, scatter & (cells.cd14 >= least))
    yield _row(found, "**as the gate has it**", gate.monocytes)


def in_scatter(found: Gated) -> np.ndarray:
    """Single leukocytes inside the outline on scatter, with the CD14 outline's side scatter."""
    by_role = found.cells.by_role()
    (first, *_), *others = found.gate.boundary.gates()
    heights = first.y.scale.inverse(np.array(first.vertices)[:, 1])
    inside = (by_role["ssc"] >= heights.min()) & (by_role["ssc"] < heights.max())
    for gates in others:
        inside &= np.logical_or.reduce([each.mask(by_role) for each in gates])
    return inside & found.gate.leukocytes


def cd14_valley(cd14: np.ndarray) -> float:
    """Deepest valley of the density of CD14; NaN without one."""
    unit = noise_scale(cd14)
    places = valleys(np.arcsinh(cd14 / unit), None, least_depth=VALLEY_DEPTH)
    if not places:
        return float("nan")
    return float(np.sinh(max(places, key=lambda each: each.depth).edge) * unit)


def where_outlines_move(found: Gated) -> Iterator[str]:
    """Count and class II where an outline moves by a tenth, or the share at the edge changes."""
    gate = found.gate
    plots = ["CD14 and side scatter", "forward and side scatter", "CD45 and side scatter"]
    half = len(gate.moved) // 2
    yield "Outlines moved by 10 %, one plot at a time, and other shares of monocytes at the edge:"
    yield ""
    yield f"| monocytes | events | median class II | median CD11c | both ≥ {BRIGHT:,.0f} |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for place, mask in enumerate(gate.moved):
        way = "outwards" if place < half else "inwards"
        yield _row(found, f"{plots[place % half]} {way}", mask)
    yield _row(found, "share at the edge 30 %", gate.wider)
    yield _row(found, "share at the edge 70 %", gate.narrower)


def _row(found: Gated, name: str, mask: np.ndarray) -> str:
    own, middle = found.gate.monocytes, float(np.median(found.class_ii[mask]))
    more = 100.0 * (mask.sum() / own.sum() - 1.0)
    other = 100.0 * (middle / np.median(found.class_ii[own]) - 1.0)
    return (
        f"| {name} | {mask.sum():,} ({more:+.0f} %) | {middle:,.0f} ({other:+.1f} %) | "
        f"{np.median(found.cd11c[mask]):,.0f} | {100 * np.mean(found.both[mask]):.1f} % |"
    )


if __name__ == "__main__":
    sys.exit(main())
