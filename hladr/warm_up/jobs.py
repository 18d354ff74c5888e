"""What the program does with files, once each, on small ones of every kind."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Literal

import numpy as np

from hladr.agreement import passing_bablok
from hladr.analysis import quantify
from hladr.calibrated_export import events_abc
from hladr.fcs import EventTable, OutputChannel, read_fcs, write_fcs
from hladr.fcs.ascii_data import DelimitedColumns, FixedColumns
from hladr.gates import EventColumns, GatingStrategy, Recorded
from hladr.gates.walk import WORTH_IT
from hladr.kernels.compiled import Compiled, compilations
from hladr.report import render
from hladr.scales import Asinh, Biex, Hyperlog, Log, Logicle, LogicleFromTable
from hladr.simulate import SimulatedPair, make_pair
from hladr.simulate.acquisition import Recording
from hladr.warm_up.gates import bounded_gates, every_gate

if TYPE_CHECKING:
    from hladr.arrays import AnyFloatArray
    from hladr.result import AbcResult

_EVENTS = max(8_000, WORTH_IT)
_LOT = "474,5359,23843,62336"
# Instruments of each kind: floats, integers with logarithmic amplifiers, two data sets in a file;
# with a channel missing.
_CASES = ("sepsis_canto", "sepsis_calibur", "healthy_navios", "immunoparalysis_no_cd45")


def warm_up(done: Callable[[Compiled], object]) -> tuple[Compiled, ...]:
    """Compile every kernel that is not compiled yet, for all types that the program comes by.

    Parameters
    ----------
    done
        Called with each, when the job that needed it is done.
    """
    with compilations() as compiled:
        said = 0
        for job in _jobs():
            job()
            for each in compiled[said:]:
                done(each)
            said = len(compiled)
    return tuple(compiled)


def _jobs() -> Iterator[Callable[[], object]]:
    for case in _CASES:
        yield from _of_a_pair(make_pair(case, 1, events=_EVENTS))
    yield _scales
    yield _odd_numbers
    yield _line


def _of_a_pair(pair: SimulatedPair) -> Iterator[Callable[[], object]]:
    beads, blood = _table(pair.beads.recording), _table(pair.blood.recording)
    results: list[AbcResult] = []
    tubes = (pair.beads, pair.blood)

    def measured() -> None:
        results.append(quantify(blood, beads=beads, lot=_LOT))

    def as_floats() -> None:
        kinds: tuple[Literal["F", "D"], ...] = ("F", "D")
        for data_type in kinds:
            beads, blood = (_floats(tube.recording, data_type) for tube in tubes)
            quantify(blood, beads=beads, lot=_LOT)
            every_gate(blood).apply(EventColumns(blood))
            for strategy in bounded_gates(blood):
                _read_by(strategy, blood)

    def by_gates() -> None:
        strategy = every_gate(blood)
        strategy.apply(EventColumns(blood))
        render(quantify(blood, beads=beads, lot=_LOT, gates=strategy, population="monocytes"))

    yield measured
    if pair.blood.recording.style.data_type == "F":
        yield as_floats
    yield by_gates
    yield lambda: (render(results[0]), events_abc(results[0], blood))


def _read_by(strategy: GatingStrategy, blood: EventTable) -> None:
    channel = Recorded(blood.channels[0].name)
    strategy.apply_and_read(EventColumns(blood), strategy.nodes[0].path, [channel])


def _table(recording: Recording) -> EventTable:
    return read_fcs(BytesIO(recording.to_bytes()))


def _floats(recording: Recording, data_type: Literal["F", "D"]) -> EventTable:
    """Events as most machines hold numbers."""
    file = BytesIO()
    write_fcs(file, recording.channels, keywords=recording.keywords, data_type=data_type)
    return read_fcs(BytesIO(file.getvalue()))


def _scales() -> None:
    """Every scale, both ways."""
    values = np.linspace(-100.0, 1e5, 64)
    columns: tuple[AnyFloatArray, ...] = (values, values.astype(np.float32))
    for scale in (
        Logicle(262144.0, 0.5, 4.5),
        LogicleFromTable(Logicle(262144.0, 0.5, 4.5)),
        Hyperlog(262144.0, 0.5, 4.5),
        Biex(262144.0, -100.0, 4.5),
        Asinh(262144.0, 4.5),
        Log(262144.0, 4.5),
    ):
        for column in columns:
            scale.inverse(scale.forward(column))


def _line() -> None:
    """A line through pairs of numbers."""
    numbers = np.linspace(1.0, 2.0, 9)
    passing_bablok(numbers, numbers**2)


def _odd_numbers() -> None:
    """Integers that no machine has, and numbers written in digits."""
    for order in ("little", "big"):
        _odd_integers(order)
    fixed = FixedColumns(memoryview(b" 1  2  3  4 "), (3, 3), 2)
    fixed.check(99)
    fixed.stored(1)
    delimited = DelimitedColumns(memoryview(b"1 2 3,4"), 2, 2)
    delimited.check(99)
    delimited.rows(0, 1)
    delimited.stored(1)


def _odd_integers(order: Literal["little", "big"]) -> None:
    file = BytesIO()
    channel = OutputChannel("FSC-A", np.arange(9), bits=24, range=1 << 20)
    write_fcs(file, [channel], data_type="I", byte_order=order)
    file.seek(0)
    read_fcs(file).column("FSC-A")
