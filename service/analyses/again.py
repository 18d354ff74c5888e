"""A stored version measured once more: by the same file, curve, definitions and gates."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration.curve import StandardCurve
from hladr.bead_run import BeadRun
from hladr.drawn.source import GateSource
from hladr.gate_files import read_written
from hladr.gate_files.loading import GatesForAll
from service.analyses.analysing import gates_of, rules_of
from service.analyses.tube import tube_of
from service.archive.archive import hash_of_file, require_whole
from service.laboratory import Laboratory
from service.measuring.apart import ApartOrder, Drawn, figures_apart, measured_apart
from service.measuring.layout import Layout
from service.measuring.measuring import Question, measured, measured_with_figures
from service.measuring.opened import opened_whole
from service.store import calibrations
from service.store.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Again:
    """What a stored result was measured from.

    Parameters
    ----------
    sample, beads
        Path and name of the files.
    drawn
        Gates drawn by hand, and the definitions as they are kept; None for the automatic gate.
    """

    sample: tuple[Path, str]
    beads: tuple[Path, str]
    curve: BeadRun | StandardCurve
    question: Question
    drawn: tuple[Drawn, tuple[str, str]] | None

    def result(self) -> Mapping[str, Any]:
        """Return the result, schema ``hladr.result/1``.

        Raises
        ------
        HladrError, CalibrationError
            There is no number.
        """
        if self.drawn is None:
            return measured(opened_whole(*self.sample), self.curve, self.question)
        return measured_apart(self._apart(*self.drawn))

    def with_figures(self, layout: Layout) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Return the result, and its figures and tables by their names.

        Gates that were written here are read here; any other in a process of its own.

        Raises
        ------
        HladrError, CalibrationError
        """
        own = None if self.drawn is None else _written_here(self.drawn[0])
        if self.drawn is not None and own is None:
            return figures_apart(self._apart(*self.drawn), self.beads, layout)
        table = opened_whole(*self.sample)
        return measured_with_figures(table, self.curve, self.question, layout, own)

    def _apart(self, drawn: Drawn, texts: tuple[str, str]) -> ApartOrder:
        return ApartOrder(self.sample, self.curve, self.question, texts, drawn)


def _written_here(drawn: Drawn) -> tuple[GateSource, str | None] | None:
    """Return gates that are as this service writes them, and the population; None for others.

    Raises
    ------
    FileDamaged
    """
    require_whole(drawn.path, lambda: hash_of_file(drawn.path))
    strategy = read_written(drawn.path.read_bytes())
    if strategy is None:
        return None
    return GateSource(GatesForAll(strategy), drawn.path.name), drawn.population


def again_of(laboratory: Laboratory, stored: Analysis) -> Again:
    """Return what the result of a version was measured from.

    Raises
    ------
    FileLost
    ValueError
        Nothing was measured.
    """
    if stored.tube.file is None or stored.outcome.calibration is None:
        raise ValueError("nothing was measured")
    with laboratory.database.reading() as connection:
        calibration = calibrations.at(connection, *stored.outcome.calibration)
    rules, tube = rules_of(laboratory, stored), tube_of(dict(stored.outcome.tube))
    assay, criterion = rules.read()
    sha256, name = stored.tube.file
    gates = gates_of(laboratory, stored)
    drawn = None
    if gates is not None:
        texts = rules.assay.content, rules.criterion.content
        drawn = Drawn(gates.path, gates.name, gates.population), texts
    bead_file = calibration.file_sha256, calibration.file_name
    return Again(
        sample=(laboratory.archive.path(sha256), name),
        beads=(laboratory.archive.path(bead_file[0]), bead_file[1]),
        curve=laboratory.curves.of(bead_file, calibration.curve, assay),
        question=Question(assay, criterion, tube.ferritin_ng_ml, tube.context),
        drawn=drawn,
    )
