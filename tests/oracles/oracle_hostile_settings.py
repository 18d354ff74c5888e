"""Voltages and instruments far from the usual: the same blood, other numbers."""

from dataclasses import replace

import numpy as np
from oracle_fcs import Recording
from oracle_hostile_case import DOUBTFUL, SICK, SOUND, WELL, Case, both_files
from oracle_instrument import PE, PERCP, Instrument, as_calibur, matrix_text

NAVIOS = {
    "FSC-A": "FS INT LIN",
    "FSC-H": "FS PEAK LIN",
    "FSC-W": "FS TOF LIN",
    "SSC-A": "SS INT LIN",
    "SSC-H": "SS PEAK LIN",
    "FITC-A": "FL1 INT LIN",
    "PE-A": "FL2 INT LIN",
    "PerCP-Cy5-5-A": "FL4 INT LIN",
    "APC-H7-A": "FL10 INT LIN",
    "V500-C-A": "FL10 INT LIN",
    "Time": "TIME",
}
NAVIOS_MARKERS = {"HLA-DR": "HLA-DR-PE", "CD14": "CD14-PC5.5", "CD45": "CD45-KrO", None: None}


def turned(instrument: Instrument, detector: int, factor: float) -> Instrument:
    """One detector's gain times ``factor``.

    All light in it grows, that of other dyes too; electrons stay, and electronic noise does.
    """
    column = np.ones(len(instrument.names))
    column[detector] = factor
    spill = instrument.spill * column / column[:, None]
    own_glow = instrument.own_glow * column / column[PE]
    return replace(
        instrument,
        spill=spill,
        own_glow=own_glow,
        per_electron=instrument.per_electron * column,
        pe_gain=instrument.pe_gain * column[PE],
        cd14_units=instrument.cd14_units * column[PERCP],
        pe_voltage=round(instrument.pe_voltage * column[PE] ** (1.0 / 7.0)),
    )


def _cd14_at(expects: str, units: float) -> Case:
    """CD14 voltage that puts healthy classical monocytes at ``units``."""

    def settings(instrument: Instrument, rng: np.random.Generator) -> Instrument:
        aim = units * float(np.exp(rng.uniform(-0.1, 0.1)))
        return turned(instrument, PERCP, aim / instrument.cd14_units)

    return Case(expects, settings=settings)


def _pe_saturated(instrument: Instrument, rng: np.random.Generator) -> Instrument:
    """Healthy monocytes, a tenth or more of them at the top."""
    return turned(instrument, PE, float(rng.uniform(7.0, 10.0)) / instrument.pe_gain)


def _calibur(expects: str, level: tuple[float, float]) -> Case:
    few = 35_000  # before the clock of 1024 ticks is full
    return Case(
        expects,
        blood=lambda recipe, _: replace(recipe, n_events=few),
        settings=as_calibur,
        level=level,
        cd45=False,
    )


def _navios(recording: Recording, instrument: Instrument) -> Recording:
    parameters = tuple(
        replace(each, name=NAVIOS[each.name], marker=NAVIOS_MARKERS[each.marker])
        for each in recording.parameters
    )
    names = tuple(NAVIOS[name] for name in instrument.names)
    return replace(recording, parameters=parameters).with_keywords(
        {
            "$SPILLOVER": matrix_text(names, instrument.spill),
            "$CYT": "Navios",
            "$SYS": "Navios Software 1.3",
            "CREATOR": None,
        }
    )


def _scatter(expects: str, **scales: float) -> Case:
    return Case(expects, settings=lambda instrument, _: replace(instrument, **scales))


CASES = {
    "cd14_at_300": _cd14_at(DOUBTFUL, 300.0),
    "cd14_at_1000": _cd14_at(SOUND, 1_000.0),
    "cd14_at_3000": _cd14_at(SOUND, 3_000.0),
    "cd14_at_10000": _cd14_at(SOUND, 10_000.0),
    "cd14_at_30000": _cd14_at(SOUND, 30_000.0),
    "cd14_at_100000": _cd14_at(SOUND, 100_000.0),
    "cd14_saturated": replace(_cd14_at(DOUBTFUL, 300_000.0), faithful=False),
    "no_cd45": Case(SOUND, cd45=False),
    "calibur": _calibur(SOUND, WELL),
    "calibur_sepsis": _calibur(SOUND, SICK),
    "navios_20bit": Case(
        SOUND,
        settings=lambda instrument, _: replace(instrument, kind="linear20"),
        **both_files(_navios),
    ),
    "pe_saturated": Case(
        DOUBTFUL, settings=_pe_saturated, level=(16_000.0, 20_000.0), faithful=False
    ),
    "ssc_at_top": _scatter(SOUND, ssc_scale=2.6),
    "ssc_low_voltage": _scatter(SOUND, ssc_scale=0.1),
}
