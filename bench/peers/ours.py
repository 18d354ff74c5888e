"""hladr: its public library, gates given, and the automatic gate instead of them."""

import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import job
import numpy as np

from calibration import BeadLot, calibrate
from hladr.fcs import read_fcs


@cache
def strategy() -> object:
    """Return the gates of the job as a `GatingStrategy`."""
    from hladr.gates import (
        FILE_MATRIX,
        Compensated,
        Dimension,
        GatingStrategy,
        Interval,
        Node,
        PolygonGate,
        Recorded,
        RectangleGate,
    )
    from hladr.scales import Logicle, LogicleFromTable

    scale = LogicleFromTable(Logicle(job.T, job.W, job.M, job.A))

    def dimension(name: str) -> Dimension:
        if name in job.STAINS:
            return Dimension(Compensated(name, FILE_MATRIX), scale)
        return Dimension(Recorded(name))

    box = tuple(Interval(dimension(name), low, high) for name, low, high in job.SCATTER)
    nodes, path = [Node(("scatter",), RectangleGate("scatter", box))], ("scatter",)
    for name, (x, y, vertices) in job.POLYGONS.items():
        path = (*path, name)
        nodes.append(Node(path, PolygonGate(name, dimension(x), dimension(y), vertices)))
    return GatingStrategy(tuple(nodes))


def run(sample: str, beads: str) -> dict[str, object]:
    """Do the job without hashes."""
    return _answer(read_fcs(sample), read_fcs(beads))


def run_hashing(sample: str, beads: str) -> dict[str, object]:
    """Do the job with SHA-256 of both files in a thread beside it."""
    tables = read_fcs(sample), read_fcs(beads)
    with ThreadPoolExecutor(1) as beside:
        digests = [beside.submit(lambda table=table: table.sha256) for table in tables]
        found = _answer(*tables)
        assert all(len(each.result()) == 64 for each in digests)
    return found


def _answer(sample: object, beads: object) -> dict[str, object]:
    return measured(sample, _curve(beads))


def measured(sample: object, curve: object) -> dict[str, object]:
    """Do the job of one sample, its curve known."""
    from hladr.gates import FILE_MATRIX, Compensated, EventColumns

    columns = EventColumns(sample)
    hla_dr = Compensated(job.PE, FILE_MATRIX)
    masks, read = strategy().apply_and_read(columns, ("scatter", *job.POLYGONS), [hla_dr])
    counts = {path[-1]: np.count_nonzero(mask) for path, mask in masks.items()}
    return job.answer(counts, _molecules(read[hla_dr], curve))


def run_gate(sample: str, beads: str) -> dict[str, object]:
    """Do the job with the automatic gate instead of the fixed ones."""
    from hladr.assay.loading import load_assay
    from hladr.gating.automatic import gate_monocytes
    from hladr.panel import find_panel
    from hladr.sample_columns import read_columns

    table, bead_table = read_fcs(sample), read_fcs(beads)
    assay = load_assay("quantibrite-340827")
    columns = read_columns(table, find_panel(table, assay))
    monocytes = gate_monocytes(columns.cells, assay.purity).monocytes
    abc = _molecules(columns.hla_dr[monocytes], _curve(bead_table))
    return {"counts": [int(np.count_nonzero(monocytes))], "abc": abc}


def run_automatic(sample: str, beads: str) -> dict[str, object]:
    """Gate, calibrate, judge and classify: `hladr.quantify` as it stands."""
    import hladr

    result = hladr.quantify(sample, beads=beads, lot=job.LOT)
    return {"counts": [result.measured.monocytes], "abc": result.measured.abc}


def _curve(beads: object) -> object:
    values = beads.column(job.PE)
    return calibrate(values, BeadLot.parse(job.LOT), saturation=beads.top(job.PE))


def _molecules(pe: np.ndarray, curve: object) -> float:
    """AB/c of the geometric mean of HLA-DR, by the curve of the beads."""
    return curve.molecules(math.exp(np.log(pe[pe > 0.0]).mean()))
