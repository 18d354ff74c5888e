"""Files that say something else than the tube: channels missing, labels and matrices wrong."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from oracle_fcs import Parameter, Recording
from oracle_hostile_case import DOUBTFUL, REFUSE, SICK, SOUND, Case, Tube, both_files
from oracle_hostile_tube import carry_over
from oracle_instrument import PE, PERCP, Instrument, matrix_text

DUMP = "VIVID / CD14"


def _without(*names: str) -> Callable:
    return lambda recording, _: recording.without(*names)


def _time(change: Callable[[np.ndarray], np.ndarray]) -> Callable:
    return lambda recording, _: recording.with_column("Time", change(recording.column("Time")))


def _wrapped(ticks: np.ndarray) -> np.ndarray:
    """A counter that starts again twice during the tube."""
    return np.mod(ticks, np.floor(0.37 * ticks[-1]))


def _shuffled(recording: Recording, _: Instrument) -> Recording:
    order = np.random.default_rng(11).permutation(len(recording.events))
    return replace(recording, events=recording.events[order])


def _labels(markers: Callable[[Instrument], dict[str, str | None]]) -> Callable:
    """Markers by detector."""
    return lambda recording, instrument: recording.with_parameters(
        {name: {"marker": marker} for name, marker in markers(instrument).items()}
    )


def _columns_exchanged(recording: Recording, instrument: Instrument) -> Recording:
    pe, percp = instrument.names[PE], instrument.names[PERCP]
    swapped = recording.with_column(pe, recording.column(percp))
    return swapped.with_column(percp, recording.column(pe))


def _with_dump(percp_marker: str) -> Callable:
    """A violet channel of dead cells and of CD14, and another antigen's name on PerCP-Cy5.5."""

    def change(recording: Recording, instrument: Instrument) -> Recording:
        rng = np.random.default_rng(13)
        percp = instrument.names[PERCP]
        cd14 = np.maximum(recording.column(percp), 0.0)
        dead = rng.random(len(cd14)) < 0.03
        violet = 0.8 * cd14 + np.where(dead, rng.lognormal(9.5, 0.6, len(cd14)), 0.0)
        violet += rng.normal(0.0, 30.0, len(cd14))
        labelled = recording.with_parameters({percp: {"marker": percp_marker}})
        place = recording.index("Time")
        dump = Parameter("V450-A", marker=DUMP, voltage=470, gain=1.0)
        parameters = list(labelled.parameters)
        parameters.insert(place, dump)
        events = np.insert(labelled.events, place, np.minimum(violet, 262_143.0), axis=1)
        return replace(labelled, events=events, parameters=tuple(parameters))

    return change


def _cd3_instead(recording: Recording, instrument: Instrument) -> Recording:
    """The dump channel holds CD14; PerCP-Cy5.5 holds CD3."""
    with_dump = _with_dump("CD3")(recording, instrument)
    percp, cd45 = instrument.names[PERCP], instrument.names[-1]
    rng = np.random.default_rng(17)
    t_cells = recording.column(cd45) > 0.75 * instrument.cd45_units
    bright = np.where(t_cells, rng.lognormal(9.5, 0.25, len(t_cells)), 0.0)
    return with_dump.with_column(percp, bright + rng.normal(0.0, 40.0, len(t_cells)))


def _matrix(change: Callable[[np.ndarray], np.ndarray]) -> Callable:
    def write(recording: Recording, instrument: Instrument) -> Recording:
        written = matrix_text(instrument.names, change(instrument.spill))
        return recording.with_keywords({"$SPILLOVER": written})

    return write


def _off(dye: int, detector: int, by: float) -> Callable:
    def change(spill: np.ndarray) -> np.ndarray:
        changed = spill.copy()
        changed[dye, detector] += by
        return changed

    return _matrix(change)


def _all_off(by: float) -> Callable:
    return _matrix(
        lambda spill: np.where(np.eye(len(spill)) > 0, spill, np.maximum(spill + by, 0.0))
    )


def _leaky_percp(instrument: Instrument, rng: np.random.Generator) -> Instrument:
    """PerCP-Cy5.5 into PE above 2 %, so that 2 % less is a share still."""
    spill = instrument.spill.copy()
    spill[PERCP, PE] = rng.uniform(0.021, 0.032)
    return replace(instrument, spill=spill)


def _no_cd14(tube: Tube, _: np.random.Generator) -> Tube:
    return tube.with_light(cd14=np.zeros(len(tube.labels)))


def _missing(recording: Recording, _: Instrument) -> Recording:
    return recording.with_keywords({"$SPILLOVER": None})


# in the sick, CD14 is much and HLA-DR little: there 2 % of the one is a part of the other
_MATRICES: dict[str, tuple[Callable, dict]] = {
    "percp_into_pe_plus_2": (_off(PERCP, PE, 0.02), {"level": SICK}),
    "percp_into_pe_minus_2": (_off(PERCP, PE, -0.02), {"level": SICK, "settings": _leaky_percp}),
    "pe_into_percp_plus_2": (_off(PE, PERCP, 0.02), {}),
    "pe_into_percp_minus_2": (_off(PE, PERCP, -0.02), {}),
    "all_plus_2": (_all_off(0.02), {"level": SICK}),
    "all_minus_2": (_all_off(-0.02), {"level": SICK}),
    "transposed": (_matrix(np.transpose), {}),
    "identity": (_matrix(lambda spill: np.eye(len(spill))), {}),
    "missing": (_missing, {}),
}

COLUMNS = {
    "time_wrapped": Case(SOUND, blood_file=_time(_wrapped)),
    "time_missing": Case(SOUND, **both_files(_without("Time"))),
    "time_constant": Case(SOUND, blood_file=_time(lambda ticks: np.full_like(ticks, 7.0))),
    "time_clock_full": Case(
        SOUND, blood_file=_time(lambda ticks: np.minimum(ticks, np.floor(0.7 * ticks[-1])))
    ),
    "carry_over_25_no_time": Case(DOUBTFUL, tube=carry_over(0.25), **both_files(_without("Time"))),
    "carry_over_25_time_wrapped": Case(DOUBTFUL, tube=carry_over(0.25), blood_file=_time(_wrapped)),
    "events_shuffled": Case(SOUND, blood_file=_shuffled),
    "no_fsc_height": Case(SOUND, **both_files(_without("FSC-H", "FSC-W", "SSC-H"))),
    "fsc_height_only": Case(SOUND, **both_files(_without("FSC-A", "FSC-W", "SSC-A"))),
    "fsc_width_for_height": Case(SOUND, **both_files(_without("FSC-H", "SSC-H"))),
}

LABELS = {
    "no_cd14_stain": Case(REFUSE, tube=_no_cd14, answer=False),
    "no_cd14_stain_no_matrix": Case(
        REFUSE, tube=_no_cd14, answer=False, **both_files(_missing)
    ),
    "no_cd14_stain_identity_matrix": Case(
        REFUSE, tube=_no_cd14, answer=False,
        **both_files(_matrix(lambda spill: np.eye(len(spill)))),
    ),
    "no_cd14_stain_undercompensated": Case(
        REFUSE, tube=_no_cd14, answer=False, **both_files(_off(PE, PERCP, -0.03))
    ),
    "dump_channel_only": Case(REFUSE, blood_file=_cd3_instead, answer=False),
    "dump_label_on_percp": Case(
        REFUSE, blood_file=_labels(lambda i: {i.names[PERCP]: DUMP}), answer=False
    ),
    "dump_channel_beside_cd14": Case(SOUND, blood_file=_with_dump("CD14")),
    "labels_exchanged": Case(
        DOUBTFUL,
        blood_file=_labels(lambda i: {i.names[PE]: "CD14", i.names[PERCP]: "HLA-DR"}),
    ),
    "columns_exchanged": Case(DOUBTFUL, blood_file=_columns_exchanged),
    "cd14_label_on_cd45": Case(
        DOUBTFUL, blood_file=_labels(lambda i: {i.names[PERCP]: "CD45", i.names[-1]: "CD14"})
    ),
    "cd14_label_on_fitc": Case(
        DOUBTFUL, blood_file=_labels(lambda i: {i.names[PERCP]: None, i.names[0]: "CD14"})
    ),
    "hla_dr_label_on_cd45": Case(
        DOUBTFUL, blood_file=_labels(lambda i: {i.names[PE]: "CD45", i.names[-1]: "HLA-DR"})
    ),
    "beads_as_blood": Case(REFUSE, exchanged="beads as blood", answer=False),
    "blood_as_beads": Case(DOUBTFUL, exchanged="blood as beads"),
}  # fmt: skip

MATRICES = {
    f"matrix_{name}{where}": Case(
        DOUBTFUL, **(both_files(write) if where else {"blood_file": write}), **rest
    )
    for name, (write, rest) in _MATRICES.items()
    for where in ("", "_in_both")
}

CASES = COLUMNS | LABELS | MATRICES
