"""Monocytes among the leukocytes: which hill they are, and where their land ends."""

from typing import ClassVar

import numpy as np

from hladr.errors import HladrError
from hladr.gating.landscape import Landscape

LEAST_EVENTS = 30
LEAST_SHARE = 0.002  # of the leukocytes
CLEAR_OF_NOISE = 2.0  # scaled CD14 over the CD14-negative cells: about sevenfold the noise
CLEAR_OF_GRANULOCYTES = 1.5  # times their CD14
NOT_DOUBLETS = 0.4  # of the largest hill that is alike: doublets are fewer
TOGETHER, FEW_TOGETHER = 0.3, 0.1  # scaled units about twice the light; share of the single ones
ALIKE = 1.0  # natural log of CD14
APART = 0.2  # natural log of side scatter between two kinds of cell
MANY = 0.5  # granulocytes, where there are any, against the monocytes
AT_MOST = 0.6  # of the cells, where no granulocytes stand beside them
CLEAR_ALONE = 3.0  # scaled CD14 over the negative cells, where no granulocytes stand beside them
BRIGHTER = 0.3  # natural log of CD14
BEYOND_CHANCE = 6.0  # standard deviations over the events that both axes' own counts put on a hill
MIRRORED = 0.3  # share of a hill that is found below zero, too: compensation's scatter, no stain


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
    """Index of the hill of the classical monocytes.

    The brightest hill in CD14 that has the granulocytes above it in side scatter; in blood
    without granulocytes the brightest one above the lymphocytes. Doublets of a monocyte and a
    granulocyte are as bright, but few beside the monocytes: they are passed over, and so are two
    granulocytes.

    Raises
    ------
    MonocytesNotFound
        No hill is clear of the CD14-negative cells and of the granulocytes.
    """
    total = landscape.events.size
    least = max(LEAST_EVENTS, LEAST_SHARE * total)
    bright = [i for i in np.argsort(-landscape.summit[:, 0], kind="stable")
              if landscape.count[i] >= least and _clear_of_noise(landscape, int(i))
              and not _two_together(landscape, int(i))]  # fmt: skip
    if not bright:
        raise MonocytesNotFound(leukocytes=total, reason="no population is bright in CD14")
    for fits in (_below_granulocytes, _above_lymphocytes):
        fitting = [int(hill) for hill in bright if fits(landscape, int(hill))]
        if not fitting:
            continue
        brightest = landscape.summit[fitting[0], 0]
        alike = [i for i in fitting if landscape.summit[i, 0] > brightest - ALIKE]
        most = max(float(landscape.count[i]) for i in alike)
        chosen = next(i for i in alike if landscape.count[i] >= NOT_DOUBLETS * most)
        if not _outshone(landscape, chosen):
            return chosen
    raise MonocytesNotFound(
        leukocytes=total,
        reason="the population that is brightest in CD14 has the side scatter of granulocytes, or "
        "is hardly brighter than they are",
    )


def _clear_of_noise(landscape: Landscape, hill: int) -> bool:
    if landscape.mirrored[hill] > MIRRORED * landscape.count[hill]:
        return False
    chance = landscape.by_chance[hill]
    if landscape.count[hill] < chance + BEYOND_CHANCE * np.sqrt(max(chance, 1.0)):
        return False  # CD14 that has nothing to do with the kind of cell is no stain
    others = np.arange(landscape.count.size) != hill
    others &= landscape.count >= 0.01 * landscape.events.size
    cd14 = landscape.summit[:, 0]
    return bool(others.any() and cd14[hill] - cd14[others].min() >= CLEAR_OF_NOISE)


def _two_together(landscape: Landscape, hill: int) -> bool:
    """Whether this is where two cells of a far larger population pass together."""
    cd14, ssc = landscape.summit.T
    twice = np.arcsinh(2.0 * np.sinh(cd14))
    there = np.abs(cd14[hill] - twice) < TOGETHER
    there &= np.abs(ssc[hill] - (ssc + np.log(2.0))) < TOGETHER
    return bool((there & (landscape.count[hill] < FEW_TOGETHER * landscape.count)).any())


def _below_granulocytes(landscape: Landscape, hill: int) -> bool:
    """Whether the largest population with more side scatter is many cells with less CD14."""
    cd14, ssc = landscape.summit.T
    above = ssc > ssc[hill] + APART
    if not above.any():
        return False
    granulocytes = int(np.where(above, landscape.count, 0).argmax())
    enough = landscape.count[granulocytes] >= MANY * landscape.count[hill]
    dimmer = np.sinh(cd14[hill]) >= CLEAR_OF_GRANULOCYTES * np.sinh(cd14[granulocytes])
    return bool(enough and dimmer)


def _above_lymphocytes(landscape: Landscape, hill: int) -> bool:
    """Whether this is a bright minority above the lymphocytes, with hardly a granulocyte beside."""
    cd14, ssc = landscape.summit.T
    above = ssc > ssc[hill] + APART
    few = landscape.count[above].sum() < MANY * landscape.count[hill]
    dimmer = (CLEAR_OF_GRANULOCYTES * np.sinh(cd14[above]) <= np.sinh(cd14[hill])).all()
    share = landscape.count[hill] / landscape.events.size
    bright = cd14[hill] - cd14.min() >= CLEAR_ALONE
    return bool(few and dimmer and bright and share < AT_MOST and (ssc < ssc[hill] - APART).any())


def _outshone(landscape: Landscape, hill: int) -> bool:
    """Whether a brighter population of more cells was passed over."""
    cd14 = landscape.summit[:, 0]
    return bool(((cd14 > cd14[hill] + BRIGHTER) & (landscape.count > landscape.count[hill])).any())
