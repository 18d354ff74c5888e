"""A batch: rows of a manifest, what is kept of them, and what is still to be measured."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from calibration import CalibrationError, StandardCurve
from hladr.batch.chunk import (
    Chunk,
    Done,
    FileFacts,
    Job,
    Measured,
    WorkerOtherVersion,
    chunks,
    made_by,
)
from hladr.batch.definitions import Definitions
from hladr.batch.journal import Journal, Kept, NewlyKept
from hladr.batch.kept import Refused, outcome_of
from hladr.batch.key import measurement_key
from hladr.batch.location import Fingerprint, fingerprints, is_remote
from hladr.batch.recipe import Beads, Recipe
from hladr.errors import HladrError
from hladr.judgement import judged
from hladr.manifest import Manifest, ManifestRow
from hladr.result_json import ERROR_SCHEMA

_FILES = ("beads", "curve", "gates", "lot")  # of lots only those that lie in a file
_TAKEN_OVER = (
    "beads", "curve", "gates", "population", "lot", "drawn_at", "stained_at", "tube_type",
    "preparation", "site", "visit", "kind",
)  # fmt: skip
_TOGETHER = 1024  # rows whose files are looked at in one go
_CURVES = 512  # held at once; a day's samples have one


class Engine(Protocol):
    """What has chunks of samples measured."""

    @property
    def chunk(self) -> int:
        """Samples of a chunk, at most."""
        ...

    def done(self, chunks: Iterable[Chunk]) -> Iterator[Done]:
        """Measure chunks, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class BatchResult:
    """One row of a manifest and its result.

    Parameters
    ----------
    place
        Number of the row, from 0.
    row
        The row.
    record
        Object of schema ``hladr.result/1``, or ``hladr.error/1`` where there is no number.
    carried
        Cells of the manifest that stand behind the result's in a table, by column.
    """

    place: int
    row: ManifestRow
    record: dict[str, Any]
    carried: Mapping[str, str]

    @property
    def refusal(self) -> str | None:
        """Code of the refusal; None where there is a result."""
        error = self.record.get("error")
        return None if error is None else str(error["code"])


class Batch:
    """Samples of a manifest with a journal of what is measured.

    Parameters
    ----------
    manifest
        The samples.
    journal
        Where measurements are kept.
    """

    def __init__(self, manifest: Manifest, journal: Journal) -> None:
        self._manifest, self._journal = manifest, journal
        self._definitions = Definitions()
        self._keys: list[str | None] = [None] * len(manifest)
        self._failures: dict[int, Refused] = {}
        self._curves: dict[str, StandardCurve] = {}
        self._seen: dict[str, Fingerprint | HladrError] = {}

    @property
    def failed(self) -> int:
        """Rows that cannot be measured, as far as they were looked at."""
        return len(self._failures)

    @property
    def carried(self) -> tuple[str, ...]:
        """Columns of the manifest that a table of results takes over, in its order."""
        told = (name for name in _TAKEN_OVER if name in self._manifest.columns)
        return (*told, *self._manifest.carried)

    def known(self) -> Iterator[int]:
        """Look at every row and its files; the places of those whose result is known already.

        Files are not read. Also known are rows whose sample cannot be measured at all.

        Raises
        ------
        JournalUnusable
        """
        return (place for place, known in self.looked_at() if known)

    def looked_at(self) -> Iterator[tuple[int, bool]]:
        """Look at every row and its files; each place, and whether its result is known.

        Raises
        ------
        JournalUnusable
        """
        for start in range(0, len(self._manifest), _TOGETHER):
            places = range(start, min(start + _TOGETHER, len(self._manifest)))
            self._look_at_files(places)
            for place in places:
                yield place, self._is_known(place)

    def _look_at_files(self, places: range) -> None:
        rows = (self._manifest[place] for place in places)
        named = dict.fromkeys(
            location
            for row in rows
            for location in (row.sample_path, row.beads)
            if location is not None and location not in self._seen
        )
        self._seen.update(zip(named, fingerprints(named), strict=True))

    def measured(self, engine: Engine) -> Iterator[int]:
        """Have all other samples measured, and keep what comes; places, as they are done.

        Raises
        ------
        JournalUnusable
        WorkerOtherVersion
            Of a cluster.
        """
        together: dict[Recipe, list[int]] = {}
        for place in self.missing:
            together.setdefault(self._definitions.recipe(self._manifest[place]), []).append(place)
        jobs = (
            Job(place, self._manifest[place].sample_path, recipe)
            for recipe, places in together.items()
            for place in places
        )
        for done in engine.done(chunks(jobs, engine.chunk)):
            if done.made_by != made_by():
                raise WorkerOtherVersion(found=done.made_by, expected=made_by())
            self._keep(done)
            for each in done.measured:
                self._settle(each)
                yield each.place

    @property
    def missing(self) -> list[int]:
        """Places of the rows without a result, once `known` has looked at all of them."""
        return [
            place
            for place, key in enumerate(self._keys)
            if key is None and place not in self._failures
        ]

    def result(self, place: int) -> BatchResult:
        """Result of a row that is known or measured.

        Raises
        ------
        JournalUnusable
            It is not there any more.
        """
        row = self._manifest[place]
        carried = {name: self._cell(name, place) for name in self.carried}
        failed = self._failures.get(place)
        if failed is not None:
            return BatchResult(place, row, _error(row, failed), carried)
        kept = self._journal.measurement(str(self._keys[place]))
        if kept is None:
            raise KeyError(place)
        return BatchResult(place, row, self._record(row, kept), carried)

    def results(self) -> Iterator[BatchResult]:
        """Results of all rows, in their order."""
        return (self.result(place) for place in range(len(self._manifest)))

    def _cell(self, name: str, place: int) -> str:
        """Cell of the manifest; a file below its folder by the path from there."""
        cell = self._manifest.columns[name][place]
        if name in _FILES and cell and not is_remote(cell):
            path = Path(cell)
            if path.is_relative_to(self._manifest.folder):
                return path.relative_to(self._manifest.folder).as_posix()
        return cell

    def _is_known(self, place: int) -> bool:
        row = self._manifest[place]
        try:
            recipe = self._definitions.recipe(row)
            self._definitions.question(row)
            sample = self._facts(row.sample_path)
            given = recipe.calibration
            beads = self._facts(given.location) if isinstance(given, Beads) else None
        except (HladrError, CalibrationError) as error:
            self._failures[place] = Refused(error.code, str(error))
            return True
        if sample is None or (beads is None and isinstance(given, Beads)):
            return False
        key = measurement_key(sample, beads, recipe)
        if self._journal.measurement(key) is None:
            return False
        self._keys[place] = key
        return True

    def _facts(self, location: str) -> FileFacts | None:
        """Hash of a file that was read before and has not changed; None where it must be read.

        Raises
        ------
        HladrError
            There is no such file.
        """
        found = self._seen[location]
        if isinstance(found, HladrError):
            raise found
        return self._journal.facts(location, found)

    def _keep(self, done: Done) -> None:
        files: dict[str, tuple[Fingerprint, str]] = {}
        fresh: list[NewlyKept] = []
        for each in done.measured:
            row = self._manifest[each.place]
            recipe = self._definitions.recipe(row)
            given = recipe.calibration
            if each.sample is not None:
                files[row.sample_path] = each.sample.state, each.sample.sha256
            if each.beads is not None and isinstance(given, Beads):
                files[given.location] = each.beads.state, each.beads.sha256
            if each.holds and each.sample is not None:
                key = measurement_key(each.sample, each.beads, recipe)
                fresh.append(NewlyKept(key, Kept(each.text, each.curve)))
        self._journal.keep(
            [(location, *facts) for location, facts in files.items()], done.curves, fresh
        )

    def _settle(self, measured: Measured) -> None:
        place = measured.place
        if measured.holds and measured.sample is not None:
            recipe = self._definitions.recipe(self._manifest[place])
            self._keys[place] = measurement_key(measured.sample, measured.beads, recipe)
            return
        outcome = outcome_of(measured.text)
        if not isinstance(outcome, Refused):
            raise TypeError("a measurement that does not hold")
        self._failures[place] = outcome

    def _record(self, row: ManifestRow, kept: Kept) -> dict[str, Any]:
        """Apply to what is kept what the row asks of it."""
        measurement = outcome_of(kept.text)
        if isinstance(measurement, Refused):
            return _error(row, measurement)
        curve = self._curve(str(kept.curve))
        assay, question = self._definitions.assay(row), self._definitions.question(row)
        return judged(measurement, curve, assay, question, row.context).to_dict()

    def _curve(self, sha256: str) -> StandardCurve:
        if sha256 not in self._curves:
            if len(self._curves) >= _CURVES:
                self._curves.clear()
            self._curves[sha256] = self._journal.curve(sha256).read()
        return self._curves[sha256]


def _error(row: ManifestRow, refused: Refused) -> dict[str, Any]:
    return {
        "schema": ERROR_SCHEMA,
        "sample": {"file": row.sample},
        "error": {"code": refused.code, "message": refused.message},
    }
