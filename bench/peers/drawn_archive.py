"""hladr's library by fixed gates over an archive."""

import job
import ours
import pooled

from calibration import BeadLot, calibrate
from hladr.fcs import read_fcs


def measure(day: pooled.Day) -> list[float]:
    """AB/c of the samples of one bead tube."""
    beads, samples = day
    table = read_fcs(beads)
    curve = calibrate(table.column(job.PE), BeadLot.parse(job.LOT), saturation=table.top(job.PE))
    return [ours.measured(read_fcs(sample), curve)["abc"] for sample in samples]


if __name__ == "__main__":
    pooled.main(measure)
