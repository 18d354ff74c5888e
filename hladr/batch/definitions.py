"""What rows of a manifest name besides FCS files, each read once for all rows."""

from collections.abc import Callable, Hashable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

from calibration import BeadLot, StandardCurve
from calibration.judgement import judge_again
from hladr.assay import AssayDefinition, load_assay
from hladr.batch.location import fetched, is_remote
from hladr.batch.recipe import Beads, Recipe
from hladr.criterion import Criterion, load_criterion
from hladr.curve_file import read_curve
from hladr.drawn.source import GateSource
from hladr.ferritin import parse_ferritin
from hladr.judgement import Question
from hladr.lot_file import read_lot
from hladr.manifest import ManifestRow

DEFAULT_ASSAY = "quantibrite-340827"
Read = TypeVar("Read")


class Definitions:
    """Lots, curves, assays, criteria and gates by the name that rows have for them."""

    def __init__(self) -> None:
        self._read: dict[Hashable, Any] = {}
        self._recipes: dict[Hashable, Recipe] = {}

    def recipe(self, row: ManifestRow) -> Recipe:
        """How a row's sample is measured; the same object for rows that say the same.

        Raises
        ------
        HladrError, CalibrationError
            A definition, lot, curve or gate file cannot be used.
        """
        said = (row.beads, row.curve, row.lot, row.assay, row.gates, row.population)
        if said not in self._recipes:
            assay = self.assay(row)
            self._recipes[said] = Recipe(
                self._calibration(row, assay),
                assay,
                None if row.gates is None else self._gates(row.gates),
                row.population,
            )
        return self._recipes[said]

    def assay(self, row: ManifestRow) -> AssayDefinition:
        """Definition of a row's assay.

        Raises
        ------
        HladrError
        """
        return self._once("assay", row.assay or DEFAULT_ASSAY, load_assay)

    def question(self, row: ManifestRow) -> Question:
        """Criterion and ferritin of a row.

        Raises
        ------
        HladrError
        """
        name = row.criterion or self.assay(row).criterion
        criterion: Criterion = self._once("criterion", name, load_criterion)
        given = row.ferritin_ng_ml
        return Question(criterion, None if given is None else parse_ferritin(given))

    def _calibration(self, row: ManifestRow, assay: AssayDefinition) -> Beads | StandardCurve:
        if row.curve is not None:
            curve: StandardCurve = self._once("curve", row.curve, _of_file(read_curve))
            return judge_again(curve, assay.curve)
        lot: BeadLot = self._once("lot", row.lot, _of_file(read_lot))
        return Beads(str(row.beads), lot)

    def _gates(self, path: str) -> GateSource:
        return self._once("gates", path, _of_file(lambda given: GateSource.of(Path(given))))

    def _once(self, kind: str, given: str | None, read: Callable[[Any], Read]) -> Read:
        key = (kind, given)
        if key not in self._read:
            try:
                self._read[key] = read(given)
            except Exception as error:  # noqa: BLE001 - raised again for every row that names it
                self._read[key] = _Failed(error)
        found = self._read[key]
        if isinstance(found, _Failed):
            raise found.error
        return cast("Read", found)


def _of_file(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """`read`, to which a file of a store is given as one of this machine."""

    def of_file(given: str) -> Read:
        if not is_remote(given):
            return read(given)
        with TemporaryDirectory(prefix="hladr-") as folder:
            return read(str(fetched(given, Path(folder))))

    return of_file


class _Failed:
    def __init__(self, error: Exception) -> None:
        self.error = error
