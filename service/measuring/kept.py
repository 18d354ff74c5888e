"""Samples whose gates are being moved: opened once, measured by one gate after another."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from calibration.curve import StandardCurve
from calibration.record import curve_to_dict
from hladr.analysis import curve_of
from hladr.arrays import BoolArray, FloatArray
from hladr.assay.definition import AssayDefinition
from hladr.assessment import assess
from hladr.bead_run import BeadRun
from hladr.drawn.population import DrawnGates
from hladr.drawn.views import PlotAxes, drawn_views
from hladr.errors import HladrError
from hladr.evidence import Axis, GateView
from hladr.fcs import EventTable
from hladr.ferritin import parse_ferritin
from hladr.gates import GatingStrategy
from hladr.gates import Path as GatePath
from hladr.gates_used.automatic_strategy import automatic_strategy
from hladr.judgement import Question as Asked
from hladr.judgement import judged
from hladr.panel import find_panel
from hladr.sample_columns import read_columns
from hladr.sample_run import SampleWork
from service.canonical import canonical, sha256_of
from service.measuring.measuring import Question
from service.measuring.opened import opened
from service.settings import Settings

MOST_KEPT, MOST_BYTES = 8, 256 << 20
_BYTES_AN_EVENT = 192
"""Columns as float64, and the masks of the automatic gate and of two versions' gates."""
_MASKS_KEPT = 2


@dataclass(eq=False)
class KeptSample:
    """An opened sample with its compensated columns and its automatic gate.

    Parameters
    ----------
    calibration
        What it is measured by.
    """

    work: SampleWork
    calibration: BeadRun | StandardCurve
    _one_at_a_time: Lock = field(default_factory=Lock)
    _masks: OrderedDict[str, Mapping[GatePath, BoolArray]] = field(default_factory=OrderedDict)

    @classmethod
    def of(
        cls, table: EventTable, calibration: BeadRun | StandardCurve, assay: AssayDefinition
    ) -> "KeptSample":
        """Return a sample that was opened.

        Raises
        ------
        HladrError
            It cannot be measured.
        """
        panel, curve = find_panel(table, assay), curve_of(calibration)
        return cls(SampleWork(table, panel, read_columns(table, panel), curve, assay), calibration)

    @property
    def table(self) -> EventTable:
        """The events as they lie in the file."""
        return self.work.table

    @property
    def bytes(self) -> int:
        """Memory that it takes, about."""
        return _BYTES_AN_EVENT * self.table.n_events

    @cached_property
    def automatic(self) -> GatingStrategy:
        """The automatic gate on the file's own channels.

        Raises
        ------
        HladrError
            There is none, or it cannot be said so.
        """
        with self._one_at_a_time:
            gate = self.work.automatic
            if isinstance(gate, HladrError):
                raise gate
            return automatic_strategy(gate, self.work.columns)

    def result(self, gates: DrawnGates | None, question: Question) -> Mapping[str, Any]:
        """Return the result by gates, schema ``hladr.result/1``, as `hladr.quantify` gives it.

        Raises
        ------
        HladrError
            There is no number.
        """
        assay, curve, calibration = question.assay, self.work.curve, self.calibration
        said = question.ferritin_ng_ml
        asked = Asked(question.criterion, None if said is None else parse_ferritin(said))
        with self._one_at_a_time:
            beads = calibration if isinstance(calibration, BeadRun) else None
            measurement = assess(self.work.run(gates), curve, assay, beads)
        return judged(measurement, curve, assay, asked, question.context).to_dict()

    @cached_property
    def axes(self) -> PlotAxes:
        """Axes that gates of the sample are drawn on, as in a report of it."""
        columns, titles = self.work.columns.by_role(), self.work.panel.titles()
        return PlotAxes(self.work.events, columns, titles)

    def views(self, gates: DrawnGates) -> Mapping[GatePath, GateView]:
        """Return the plots of gates, by path, as a report draws them."""
        names = gates.names()
        with self._one_at_a_time:
            views = drawn_views(gates.strategy, names, self.axes).views
        by_name = {each.population: each for each in views}
        return {path: by_name[name] for path, name in names.items() if name in by_name}

    def plotted(self, axis: Axis) -> FloatArray:
        """Values of an axis that gates are drawn on, shape (n_events,)."""
        own = self.work.columns.by_role()
        return own[axis.role] if axis.role in own else self.axes.added[axis.role]

    def masks(self, strategy: GatingStrategy, sha256: str) -> Mapping[GatePath, BoolArray]:
        """Return which events are in each gate; those of the last strategies are kept.

        Parameters
        ----------
        sha256
            What the strategy goes by.
        """
        with self._one_at_a_time:
            if sha256 not in self._masks:
                self._masks[sha256] = strategy.apply(self.work.events)
            self._masks.move_to_end(sha256)
            while len(self._masks) > _MASKS_KEPT:
                self._masks.popitem(last=False)
            return self._masks[sha256]


class KeptSamples:
    """Samples of this process whose gates were looked at or moved last.

    Parameters
    ----------
    settings
        What files may hold.

    Notes
    -----
    Each process keeps its own: at most `MOST_KEPT` of them, of together at most `MOST_BYTES` as
    `KeptSample.bytes` counts them. The one that was used the longest ago goes first, and a sample
    larger than that is opened for every move. A file that was changed in the meantime is opened
    anew.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: OrderedDict[tuple[object, ...], KeptSample] = OrderedDict()
        self._changing = Lock()

    def of(
        self, file: tuple[Path, str], calibration: BeadRun | StandardCurve, assay: AssayDefinition
    ) -> KeptSample:
        """Return a sample of the archive, opened and ready to be measured.

        Parameters
        ----------
        file
            Path and name.

        Raises
        ------
        FileDamaged, TooManyEvents
        HladrError
            It cannot be measured.
        """
        path, name = file
        stat = path.stat()
        curve = sha256_of(canonical(curve_to_dict(curve_of(calibration))))
        known = isinstance(calibration, BeadRun), curve, assay.sha256
        key = str(path), name, stat.st_ino, stat.st_size, stat.st_mtime_ns, *known
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = KeptSample.of(opened(path, name, self._settings), calibration, assay)
        with self._changing:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT or self._bytes() > MOST_BYTES:
                self._kept.popitem(last=False)
        return made

    def _bytes(self) -> int:
        return sum(each.bytes for each in self._kept.values())
