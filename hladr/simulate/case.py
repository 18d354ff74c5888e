"""Named patients, tubes and faults: what a laboratory meets, and what it must not be fooled by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from hladr.errors import HladrError
from hladr.simulate.bead import BEAD_CASES, BeadSpec
from hladr.simulate.instrument import Compensation, Instrument
from hladr.simulate.platform import calibur, canto, navios
from hladr.simulate.tube import BloodSpec

# Differentials of the sick, per cent of leukocytes; assumed after what sepsis does to blood: left
# shift, lymphopenia, eosinopenia, loss of dendritic cells and of non-classical monocytes.
_SEPSIS_DIFFERENTIAL = {
    "neutrophil": 77.0, "immature granulocyte": 5.0, "eosinophil": 0.3, "basophil": 0.2,
    "monocyte": 6.5, "myeloid dendritic cell": 0.10, "plasmacytoid dendritic cell": 0.04,
    "B cell": 2.0, "T cell": 7.0, "activated T cell": 0.7, "NK cell": 1.2,
}  # fmt: skip
_SEVERE_DIFFERENTIAL = {
    "neutrophil": 69.0, "immature granulocyte": 18.0, "eosinophil": 0.05, "basophil": 0.1,
    "monocyte": 6.0, "myeloid dendritic cell": 0.05, "plasmacytoid dendritic cell": 0.02,
    "B cell": 1.3, "T cell": 4.2, "activated T cell": 0.5, "NK cell": 0.7,
}  # fmt: skip
_POST_OP_DIFFERENTIAL = {
    "neutrophil": 76.0, "immature granulocyte": 1.5, "eosinophil": 0.6, "basophil": 0.3,
    "monocyte": 8.0, "myeloid dendritic cell": 0.15, "plasmacytoid dendritic cell": 0.06,
    "B cell": 2.2, "T cell": 9.0, "activated T cell": 0.6, "NK cell": 1.6,
}  # fmt: skip
_SEPSIS_MONOCYTES = {
    "classical monocyte": 0.72, "intermediate monocyte": 0.06, "non-classical monocyte": 0.03,
    "immature monocyte": 0.07, "monocyte with platelets": 0.12,
}  # fmt: skip


class UnknownCase(HladrError):
    """No simulated case has this name."""

    code: ClassVar[str] = "UNKNOWN_CASE"

    def __init__(self, *, case: str, known: tuple[str, ...]) -> None:
        self.case, self.known = case, known
        super().__init__(f"no simulated case is called {case!r}; give one of: {', '.join(known)}.")


healthy = BloodSpec(hla_dr=32_000.0)
post_op = BloodSpec(
    hla_dr=14_000.0,
    differential=_POST_OP_DIFFERENTIAL,
    monocyte_subsets=_SEPSIS_MONOCYTES,
    cd14=0.9,
)
sepsis = BloodSpec(
    hla_dr=9_500.0,
    spread=0.24,
    cd14=0.75,
    differential=_SEPSIS_DIFFERENTIAL,
    monocyte_subsets=_SEPSIS_MONOCYTES,
    debris=0.08,
    lymphocyte_hla_dr=0.85,
)
immunoparalysis = replace(sepsis, hla_dr=3_200.0, cd14=0.65, lymphocyte_hla_dr=0.8)
severe_sepsis = replace(
    immunoparalysis, hla_dr=1_300.0, cd14=0.5, differential=_SEVERE_DIFFERENTIAL, debris=0.12
)


def with_monocytes(spec: BloodSpec, count: int) -> BloodSpec:
    """Return the same blood with an expected number of single monocytes, the rest in proportion."""
    share = count / (spec.events * spec.leukocytes)
    others = {name: value for name, value in spec.differential.items() if name != "monocyte"}
    monocytes = share / (1.0 - share) * sum(others.values())
    return replace(spec, differential={**others, "monocyte": monocytes})


def _with_share(spec: BloodSpec, cell: str, share: float) -> BloodSpec:
    """Return the same blood with one kind of cell at a share of the leukocytes."""
    others = {name: value for name, value in spec.differential.items() if name != cell}
    amount = share / (1.0 - share) * sum(others.values())
    return replace(spec, differential={**others, cell: amount})


CASES: Mapping[str, BloodSpec] = MappingProxyType(
    {
        "healthy": healthy,
        "post_op": post_op,
        "sepsis": sepsis,
        "severe_sepsis": severe_sepsis,
        "immunoparalysis": immunoparalysis,
        "hla_dr_1300": replace(sepsis, hla_dr=1_300.0),
        "hla_dr_5000": replace(sepsis, hla_dr=5_000.0),
        "hla_dr_8000": replace(sepsis, hla_dr=8_000.0),
        "hla_dr_60000": replace(healthy, hla_dr=60_000.0),
        "cd14_third": replace(immunoparalysis, cd14=1.0 / 3.0),
        "monocytes_700": with_monocytes(sepsis, 700),
        "debris_45": replace(sepsis, debris=0.45),
        "immature_35": _with_share(immunoparalysis, "immature granulocyte", 0.35),
        "b_cell_rich": _with_share(sepsis, "B cell", 0.30),
        "doublets_12": replace(sepsis, doublets=0.12),
        "cd64_bright": replace(sepsis, granulocyte_cd14=0.25),
        "red_cells_25": replace(sepsis, red_cells=0.25),
        "no_b_cells": _with_share(sepsis, "B cell", 0.0),
    }
)


@dataclass(frozen=True, slots=True)
class PairSpec:
    """A bead tube and a blood tube, and the instrument as it was set for each."""

    blood: BloodSpec
    beads: BeadSpec
    blood_instrument: Instrument
    bead_instrument: Instrument


def _pair(
    blood: BloodSpec, instrument: Instrument, beads: BeadSpec = BEAD_CASES["good"]
) -> PairSpec:
    return PairSpec(blood, beads, instrument, instrument)


def _no_matrix(instrument: Instrument) -> Instrument:
    """Return the instrument as it writes a bead file without `$SPILLOVER`."""
    return replace(instrument, compensation=Compensation.UNRECORDED)


_CANTO = canto()
_CANTO_NO_CD45 = _CANTO.without("V500")
_GOOD = BEAD_CASES["good"]

# Clean pairs of ordinary days; `donor` makes each seed another person.
ORDINARY: Mapping[str, PairSpec] = MappingProxyType(
    {
        "healthy_canto": _pair(healthy, _CANTO),
        "sepsis_canto": PairSpec(sepsis, _GOOD, _CANTO, _no_matrix(_CANTO)),
        "post_op_canto": _pair(post_op, _CANTO, BEAD_CASES["other_lot"]),
        "sepsis_calibur": _pair(sepsis, calibur()),
        "immunoparalysis_no_cd45": _pair(immunoparalysis, _CANTO_NO_CD45),
        "healthy_navios": _pair(healthy, navios()),
    }
)

# Pairs with something wrong that must be seen.
FAULTS: Mapping[str, PairSpec] = MappingProxyType(
    {
        **{
            f"beads_{name}": _pair(immunoparalysis, _CANTO, spec)
            for name, spec in BEAD_CASES.items()
            if name not in {"good", "other_lot"}
        },
        "beads_saturated": _pair(immunoparalysis, _CANTO.at_voltage("PE", 560.0)),
        "beads_near_zero": _pair(immunoparalysis, _CANTO.at_voltage("PE", 270.0)),
        "beads_cut_by_threshold": PairSpec(
            immunoparalysis, _GOOD, _CANTO, replace(_CANTO, trigger="PE", threshold=320.0)
        ),
        "beads_other_voltage": PairSpec(
            immunoparalysis, _GOOD, _CANTO, _CANTO.at_voltage("PE", 440.0)
        ),
        "beads_other_serial": PairSpec(
            immunoparalysis, _GOOD, _CANTO, replace(_CANTO, serial="V00000002")
        ),
        "beads_other_day": _pair(
            immunoparalysis,
            _CANTO,
            replace(_GOOD, started_at=_GOOD.started_at - timedelta(days=1)),
        ),
        "settings_unrecorded": _pair(immunoparalysis, _CANTO.unrecorded()),
        "hla_dr_forgotten": _pair(replace(sepsis, staining=0.0), _CANTO),
        "blood_drift": _pair(replace(immunoparalysis, drift=-0.30), _CANTO),
        "blood_saturated": _pair(CASES["hla_dr_60000"], _CANTO.at_voltage("PE", 500.0)),
    }
)


def donor(spec: BloodSpec, rng: np.random.Generator) -> BloodSpec:
    """Return another person of the same kind: HLA-DR, CD14, spread and differential vary.

    HLA-DR varies by 15 %, so that ordinary kinds stay what their names say; each kind of cell
    by 20 %.
    """

    def around(value: float, relative: float) -> float:
        return float(value * np.exp(relative * rng.standard_normal()))

    return replace(
        spec,
        hla_dr=around(spec.hla_dr, 0.15),
        spread=around(spec.spread, 0.08),
        cd14=around(spec.cd14, 0.12),
        differential={name: around(share, 0.2) for name, share in spec.differential.items()},
        monocyte_subsets={
            name: around(share, 0.2) for name, share in spec.monocyte_subsets.items()
        },
        debris=around(spec.debris, 0.25),
        doublets=around(spec.doublets, 0.25),
    )


def pair_names() -> tuple[str, ...]:
    """Names that `pair_spec` knows."""
    return (*CASES, *ORDINARY, *FAULTS)


def pair_spec(case: str) -> PairSpec:
    """Beads, blood and instruments of a named case.

    Raises
    ------
    UnknownCase
        There is no such case.
    """
    if case in CASES:
        return _pair(CASES[case], _CANTO)
    if case in ORDINARY:
        return ORDINARY[case]
    if case in FAULTS:
        return FAULTS[case]
    raise UnknownCase(case=case, known=pair_names())
