"""Monocytes among the leukocytes: which hill they are, and where their land ends."""

from typing import ClassVar

import numpy as np

from hladr.errors import HladrError
from hladr.gating.landscape import Landscape

LEAST_EVENTS = 30
LEAST_SHARE = 0.002  # of the leukocytes; below this only if nothing else carries CD14
CLEAR_OF_NOISE = 2.0  # scaled CD14 over the CD14-negative cells: about sevenfold the noise
CLEAR_OF_GRANULOCYTES = 1.5  # times the CD14 of the cells with more side scatter


class MonocytesNotFound(HladrError):
    """No population of this file has the CD14 and scatter of monocytes."""

    code: ClassVar[str] = "MONOCYTES_NOT_FOUND"

    def __init__(self, *, leukocytes: int, reason: str) -> None:
        self.leukocytes, self.reason = leukocytes, reason
        super().__init__(
            f"no monocytes among {leukocytes:,} cells: {reason}. Expected a CD14-bright population "
            "with side scatter between lymphocytes and granulocytes; check the CD14 stain, the "
            "channel labels and the tube."
        )


def classical_hill(landscape: Landscape) -> int:
    """Index of the hill of the classical monocytes: the brightest in CD14 that can be them.

    Raises
    ------
    MonocytesNotFound
        No hill is clear of the CD14-negative cells and of the granulocytes.
    """
    cd14, ssc = landscape.summit.T
    total = landscape.events.size
    least = max(LEAST_EVENTS, LEAST_SHARE * total)
    candidates = [i for i in np.argsort(-cd14, kind="stable") if landscape.count[i] >= least]
    if len(landscape.count) < 2 or not candidates:
        raise MonocytesNotFound(leukocytes=total, reason="only one population is there")
    best = candidates[0]
    for other in candidates[1:]:
        # Doublets of a monocyte and a granulocyte are as bright, have more scatter and are fewer.
        near = cd14[other] > cd14[best] - 0.25 * (cd14[best] - cd14.min())
        if (
            near
            and ssc[other] < ssc[best] - 0.25
            and landscape.count[other] > landscape.count[best] / 2
        ):
            best = other
    _require_bright(landscape, int(best))
    return int(best)


def _require_bright(landscape: Landscape, best: int) -> None:
    cd14, ssc = landscape.summit.T
    large = (np.arange(cd14.size) != best) & (landscape.count >= 0.01 * landscape.events.size)
    if not large.any():
        raise MonocytesNotFound(
            leukocytes=landscape.events.size, reason="only one population is there"
        )
    if cd14[best] - cd14[large].min() < CLEAR_OF_NOISE:
        raise MonocytesNotFound(
            leukocytes=landscape.events.size, reason="no population is bright in CD14"
        )
    above = large & (ssc > ssc[best] + 0.2)
    if above.any() and np.sinh(cd14[best]) < CLEAR_OF_GRANULOCYTES * np.sinh(cd14[above].max()):
        raise MonocytesNotFound(
            leukocytes=landscape.events.size,
            reason="the cells with high side scatter are as bright in CD14 as the brightest others",
        )
    if not above.any() and not (large & (ssc < ssc[best] - 0.2)).any():
        raise MonocytesNotFound(
            leukocytes=landscape.events.size,
            reason="no lymphocytes or granulocytes stand beside the brightest population",
        )
