"""A part of the gate on labelled cells of a mass cytometer, beside the rivals.

    python bench/cytof.py bodenmiller_H01 --write docs/gating.md

The folder holds one FCS file a gate of the authors', its name the label (`cd14+hladrmid` …), of the
package bodenmiller (CC0). A mass cytometer has no scatter, so the automatic gate refuses every one
of these files. What is measured is a part only: the landscape and the mixture, with CD33 (or CD45)
in place of side scatter, event length in place of forward scatter, and the brightest hill in CD14
taken as the classical monocytes; no outline, no rule that needs granulocytes. The rivals see the
same axes; the first number has the settings of `rivals.py`, the second those of `rival_settings.py`
that agree best with these very labels.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from agreement import RIVALS
from labelled import ASSAY, f1
from page import put
from rival_settings import MEANS, MIXTURES, VALLEYS, masks_of
from tables import header, row

import hladr
from hladr.gating.axes import ExpertAxes
from hladr.gating.columns import CellColumns
from hladr.gating.landscape import LEAST_EVENTS, RESOLUTIONS, survey
from hladr.gating.mixture import fit_mixture, thinned_sample
from hladr.panel import find_panel

IONS = 5.0  # counts at which an axis turns from linear to logarithmic, as is usual for these data
TARGETS = {
    "all `cd14+…`": "cd14+",
    "`cd14+hladr…` (CD33-positive)": "cd14+hladr",
}
PLACES = ("CD33", "CD45")  # what stands in for side scatter


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """All cells of the folder: counts by marker, and the authors' label of each."""

    counts: dict[str, np.ndarray]
    label: np.ndarray
    files: int
    refusals: Counter

    @classmethod
    def read(cls, folder: Path) -> "Cells":
        counts: dict[str, list[np.ndarray]] = {}
        labels: list[str] = []
        refusals: Counter = Counter()
        files = sorted(folder.glob("*.fcs"))
        for file in files:
            table = hladr.read_fcs(file)
            try:
                find_panel(table, ASSAY)
            except hladr.HladrError as refusal:
                refusals[refusal.code] += 1
            for channel in table.channels:
                if channel.marker:
                    counts.setdefault(channel.marker, []).append(table.column(channel))
            labels += [file.stem.split("_")[1]] * table.n_events
        joined = {marker: np.concatenate(parts) for marker, parts in counts.items()}
        return cls(joined, np.array(labels), len(files), refusals)

    def columns(self, place: str) -> CellColumns:
        """Return counts in the gate's roles, `place` for side scatter.

        The gate takes the logarithm of scatter, so that these axes become the inverse hyperbolic
        sine that counts are looked at on.
        """
        as_scatter = np.exp(np.arcsinh(self.counts[place] / IONS))
        return CellColumns(
            fsc=self.counts["Cell_length"],
            fsc_height=None,
            ssc=as_scatter,
            cd14=self.counts["CD14"],
            cd45=None if place == "CD45" else self.counts["CD45"],
            time=None,
            fsc_top=None,
            ssc_top=None,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    wanted = parser.parse_args(arguments)
    lines = list(table(Cells.read(wanted.folder)))
    print("\n".join(lines))
    if wanted.write is not None:
        command = f"    python bench/cytof.py {wanted.folder.name}"
        put(wanted.write, "cytof", [command, "", *lines])
    return 0


def table(cells: Cells) -> Iterator[str]:
    """F1 of each method against each target, by what stands in for side scatter."""
    told = ", ".join(f"`{code}` {n}" for code, n in cells.refusals.items())
    yield f"The automatic gate on the {cells.files} files as they are: {told or 'none refused'}."
    yield ""
    for target, prefix in TARGETS.items():
        true = np.char.startswith(cells.label, prefix)
        yield f"**F1 for {target}: {true.sum()} of {true.size:,} cells**"
        yield ""
        yield from header("in place of side scatter", "part of the gate", *RIVALS)
        for place in PLACES:
            yield row(place, *_agreement(cells, place, true))
        yield ""


def _agreement(cells: Cells, place: str, true: np.ndarray) -> Iterator[str]:
    columns = cells.columns(place)
    everyone = np.arange(cells.label.size)
    axes = ExpertAxes.of(columns, everyone)
    yield f"{f1(part_of_the_gate(columns, axes), true):.3f}"
    seen = np.ascontiguousarray(axes.points(columns, everyone)[: 3 + axes.has_cd45].T)
    for rival, settings in zip(RIVALS.values(), (MIXTURES, VALLEYS, MEANS), strict=True):
        best = max(f1(mask, true) for mask in masks_of(settings, seen))
        yield f"{f1(rival.gate(seen), true):.3f} / {best:.3f}"


def part_of_the_gate(columns: CellColumns, axes: ExpertAxes) -> np.ndarray:
    """Cells that most likely belong to the brightest hill in CD14, by landscape and mixture."""
    everyone = np.arange(columns.cd14.size)
    landscape = survey(*axes.plane(columns, everyone), RESOLUTIONS[0])
    enough = landscape.count >= LEAST_EVENTS
    brightest = int(np.where(enough, landscape.summit[:, 0], -np.inf).argmax())
    sample = thinned_sample(columns, axes, landscape, everyone)
    mixture = fit_mixture(sample, landscape, brightest)
    return mixture.shares(axes.points(columns, everyone)).monocyte >= ASSAY.purity


if __name__ == "__main__":
    sys.exit(main())
