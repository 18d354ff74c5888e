"""Gates of a version as they can be moved: shapes in numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection

from hladr.drawn.population import DrawnGates, monocytes_of
from hladr.errors import HladrError
from hladr.gates import Interval, Node, PolygonGate, RectangleGate
from hladr.gates import Path as GatePath
from hladr.report.gate_names import held_words
from service.analyses.analysing import gates_of, rules_of
from service.analyses.gates_printed import gates_printed
from service.definitions import criterion_kept
from service.laboratory import Laboratory
from service.measuring.apart import Drawn
from service.measuring.kept import KeptSample
from service.principal import Principal
from service.store import calibrations
from service.store.analysis import Analysis

AUTOMATIC = "automatic"
"""What the gates of the automatic gate go by, which have no file."""


def drawn_gates(laboratory: Laboratory, analysis: Analysis) -> DrawnGates | None:
    """Return the gates drawn by hand that a version rests on; None for the automatic gate.

    Raises
    ------
    FileLost, FileDamaged
    MeasuredApartRefused, GateFileHarmful
        They cannot be said in the words of Gating-ML.
    """
    gates = gates_of(laboratory, analysis)
    if gates is None or analysis.tube.file is None:
        return None
    sha256, name = analysis.tube.file
    sample = laboratory.archive.path(sha256), name
    drawn = Drawn(gates.path, gates.name, gates.population)
    return laboratory.gates.of(sample, gates.sha256, drawn)


def automatic_gates(sample: KeptSample) -> DrawnGates:
    """Return the automatic gate as gates that somebody may move.

    Raises
    ------
    HladrError
        There is none, or it cannot be said so.
    """
    strategy = sample.automatic
    return DrawnGates(strategy, monocytes_of(strategy).path, AUTOMATIC)


def opened_version(laboratory: Laboratory, analysis: Analysis) -> KeptSample:
    """Return the sample of a version, opened and calibrated as it was.

    Raises
    ------
    FileLost, FileDamaged
    HladrError
        It cannot be measured any more.
    ValueError
        Nothing was measured.
    """
    if analysis.tube.file is None or analysis.outcome.calibration is None:
        raise ValueError("nothing was measured")
    with laboratory.database.reading() as connection:
        calibration = calibrations.at(connection, *analysis.outcome.calibration)
    assay, _ = rules_of(laboratory, analysis).read()
    beads = calibration.file_sha256, calibration.file_name
    sha256, name = analysis.tube.file
    file = laboratory.archive.path(sha256), name

    def work() -> KeptSample:
        curve = laboratory.curves.of(beads, calibration.curve, assay)
        return laboratory.samples.of(file, curve, assay)

    return laboratory.turns.take(work)


def gates_told(
    sample: KeptSample, drawn: DrawnGates | None, result: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the gates that can be moved, polygons and ranges, with the events they hold.

    `said` is what a report says of them.

    Parameters
    ----------
    drawn
        None for the automatic gate; of one that cannot be said in gates there are none.
    result
        Schema ``hladr.result/1``, by these gates.
    """
    try:
        gates = automatic_gates(sample) if drawn is None else drawn
    except HladrError:
        return []
    names, held = gates.names(), _held(sample, gates, result)
    return [
        {
            "gate": label,
            **shape,
            "events": held[node.path],
            "of": of,
            "said": held_words(held[node.path], of, parent),
        }
        for node, label in zip(gates.strategy.nodes, gates.strategy.labels(), strict=True)
        for of, parent in (_above(node, sample, names, held),)
        for shape in shape_told(node.gate)
    ]


def _held(
    sample: KeptSample, gates: DrawnGates, result: Mapping[str, Any]
) -> Mapping[GatePath, int]:
    """Events in each gate; of gates drawn by hand as the result says."""
    if gates.sha256 == AUTOMATIC:
        masks = sample.masks(gates.strategy, AUTOMATIC)
        return {path: int(np.count_nonzero(mask)) for path, mask in masks.items()}
    named = {each["name"]: each["events"] for each in result["gating"]["populations"]}
    return {path: int(named[name]) for path, name in gates.names().items()}


def _above(
    node: Node, sample: KeptSample, names: Mapping[GatePath, str], held: Mapping[GatePath, int]
) -> tuple[int, str]:
    """Events that a gate is applied to, and what they are called."""
    if node.parent is None:
        return sample.table.n_events, "events"
    return held[node.parent], names[node.parent]


def printed_of(connection: Connection, analysis: Analysis) -> dict[str, str] | None:
    """Return the number of a version as it is printed beside its gates; None without a result."""
    outcome = analysis.outcome
    if outcome.result is None:
        return None
    criterion = criterion_kept(connection, str(outcome.criterion_sha256))
    by_hand = outcome.gates_sha256 is not None
    return gates_printed(outcome.result, criterion, by_hand=by_hand)


def is_hidden(told: Mapping[str, Any], who: Principal) -> bool:
    """Whether an embargo hides from somebody what they are told of."""
    return told["embargo"] is not None and who.site is not None


def shape_told(gate: object) -> Iterator[dict[str, Any]]:
    """Vertices or intervals, on the scales and in the values of the channels; or nothing."""
    match gate:
        case PolygonGate(_, x, y, vertices):
            yield {
                "columns": [str(x.column), str(y.column)],
                "vertices": [list(each) for each in vertices],
                "in_data": gate.corners.tolist(),
            }
        case RectangleGate(_, intervals):
            yield {
                "columns": [str(each.dimension.column) for each in intervals],
                "intervals": [[each.low, each.high] for each in intervals],
                "in_data": [_in_data(each) for each in intervals],
            }


def _in_data(interval: Interval) -> list[float | None]:
    inverse = interval.dimension.scale.inverse
    bounds = (interval.low, interval.high)
    return [None if each is None else float(inverse(np.array([each]))[0]) for each in bounds]
