"""FCS files with a known answer, made by physics: antibodies, light, photo-electrons, numbers.

What to use when: `simulate_pair` writes the two files of a named case; `make_pair` keeps them in
memory; `blood` and `beads` take a specification and an instrument of your own.

    >>> import numpy as np
    >>> from hladr.simulate import CASES, blood, canto
    >>> sample = blood(CASES["sepsis"], canto(), np.random.default_rng(1))
    >>> sample.truth.monocytes > 1000
    True
"""

from hladr.simulate.bead import BEAD_CASES, BeadSpec, SimulatedBeads, beads
from hladr.simulate.blood import SimulatedBlood, blood
from hladr.simulate.case import (
    CASES,
    FAULTS,
    ORDINARY,
    PairSpec,
    UnknownCase,
    donor,
    healthy,
    immunoparalysis,
    pair_names,
    pair_spec,
    post_op,
    sepsis,
    severe_sepsis,
    with_monocytes,
)
from hladr.simulate.instrument import Instrument
from hladr.simulate.pair import PairTruth, SimulatedPair, make_pair, simulate_pair
from hladr.simulate.platform import calibur, canto, navios
from hladr.simulate.population import LABELS
from hladr.simulate.truth import BeadTruth, BloodTruth
from hladr.simulate.tube import BloodSpec

__all__ = [
    "BEAD_CASES",
    "CASES",
    "FAULTS",
    "LABELS",
    "ORDINARY",
    "BeadSpec",
    "BeadTruth",
    "BloodSpec",
    "BloodTruth",
    "Instrument",
    "PairSpec",
    "PairTruth",
    "SimulatedBeads",
    "SimulatedBlood",
    "SimulatedPair",
    "UnknownCase",
    "beads",
    "blood",
    "calibur",
    "canto",
    "donor",
    "healthy",
    "immunoparalysis",
    "make_pair",
    "navios",
    "pair_names",
    "pair_spec",
    "post_op",
    "sepsis",
    "severe_sepsis",
    "simulate_pair",
    "with_monocytes",
]
