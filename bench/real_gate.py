"""The automatic gate on a real file, held against markers that it does not look at.

    python bench/real_gate.py a2004_O1T2pb05i_A2_A02.fcs --write docs/validation.md
    python bench/real_gate.py a2004_O1T2pb05i_A2_A02.fcs --picture docs/pictures/a2004-gate.png

The file (flowWorkspaceData) is human blood with CD14, CD11c and HLA class II; its assay definition
is docs/a2004.toml. Monocytes carry both CD11c and class II; lymphocytes and granulocytes lack at
least one of them. The picture needs chromium.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from page import put

import hladr
from hladr.assay import load_assay
from hladr.gate_views import gate_views
from hladr.gating import gate_monocytes
from hladr.gating.automatic import AutomaticGate
from hladr.gating.columns import CellColumns
from hladr.panel import find_panel
from hladr.report.gate_figure import GatePlot, draw_gate
from hladr.report.ruler import ruler_for
from hladr.sample_columns import read_columns
from hladr.spillover import Spillover

ROOT = Path(__file__).resolve().parents[1]
ASSAY = ROOT / "docs" / "a2004.toml"
CD11C = "APC-A"
BRIGHT = 1000.0  # scale value clear of the negative cells in both markers
MOST_NEGATIVE = 0.99  # of them lie below it


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
    """Gate, print, draw; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    parser.add_argument("--picture", type=Path, metavar="PNG")
    parser.add_argument("--chromium", default="chromium")
    wanted = parser.parse_args(arguments)
    found = gated(wanted.file)
    lines = list(table(found))
    print("\n".join(lines))
    if wanted.write is not None:
        command = f"    python bench/real_gate.py {wanted.file.name}"
        put(wanted.write, "a2004", [command, "", *lines])
    if wanted.picture is not None:
        photograph(wanted.chromium, drawing(found), wanted.picture)
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


def drawing(found: Gated) -> str:
    """Page with the gates, and CD11c against class II of all leukocytes and of the gated ones."""
    cells, gate = found.cells, found.gate
    labels = {"fsc": "FSC-A", "fsc_height": "FSC-H", "ssc": "SSC-A", "cd14": "CD14 (PE-Cy7-A)"}
    columns = {"fsc": cells.fsc, "fsc_height": cells.fsc_height, "ssc": cells.ssc,
               "cd14": cells.cd14}  # fmt: skip
    parents = {
        "steady events": gate.steady,
        "singlets": gate.singlets,
        "leukocytes": gate.leukocytes,
    }
    figures = []
    for view in gate_views(gate, cells, labels):
        x, y = (columns[axis.role] for axis in (view.x, view.y))
        rulers = [
            ruler_for(columns[each.role], each.scaling, each.label) for each in (view.x, view.y)
        ]
        mask = parents[view.parent]
        plot = GatePlot(view.population, x[mask], y[mask], *rulers, view.outlines)
        figures.append((view.population, draw_gate(plot)))
    stains = [ruler_for(found.cd11c, "logicle", "CD11c (APC-A)"),
              ruler_for(found.class_ii, "logicle", "HLA class II (PerCP-Cy5.5-A)")]  # fmt: skip
    for title, mask in (("all leukocytes", gate.leukocytes), ("gated monocytes", gate.monocytes)):
        plot = GatePlot(title, found.cd11c[mask], found.class_ii[mask], *stains, ())
        figures.append((title, draw_gate(plot)))
    return _page(figures)


def _page(figures: list[tuple[str, str]]) -> str:
    style = (ROOT / "hladr" / "report" / "templates" / "report.css").read_text(encoding="utf-8")
    cells = "".join(f"<figure><p><b>{title}</b></p>{svg}</figure>" for title, svg in figures)
    more = "html, body { background: #fff } .row { display: flex; gap: 10px; padding: 10px }"
    return (
        f'<!doctype html><meta charset="utf-8"><style>{style} {more}</style>'
        f'<div class="row">{cells}</div>'
    )


def photograph(chromium: str, page: str, target: Path) -> None:
    """Show a page in chromium and keep what is seen."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                   "--no-first-run", "--disable-background-networking",
                   "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                   f"--user-data-dir={folder}/profile", "--window-size=980,280"]  # fmt: skip
        command = [chromium, *options, f"--screenshot={target}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    sys.exit(main())
