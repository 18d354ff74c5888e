"""What each cell of a manifest says: places resolved, definitions and lots read once each."""

from collections.abc import Callable, Sequence
from pathlib import Path

from calibration import BeadLot
from calibration.errors import InvalidLot
from hladr.assay import InvalidAssay, UnknownAssay, available_assays, load_assay
from hladr.context import Context, InvalidContext
from hladr.criterion import (
    InvalidCriterion,
    UnknownCriterion,
    available_criteria,
    load_criterion,
)
from hladr.ferritin import (
    AmbiguousFerritin,
    FerritinUnit,
    InvalidFerritin,
    parse_ferritin,
)
from hladr.lot_file import LotFileUnreadable, names_a_lot_file, read_lot
from hladr.manifest.cells import Cells
from hladr.manifest.errors import Defect, Defects, shown
from hladr.manifest.places import PLACE, is_place, is_remote, located
from hladr.manifest.row import Kind

_FERRITIN = "ferritin in ng/mL such as 812, >40000 or <5"
_TIME = "a date and time such as 2026-03-14T09:31"


class CellRefused(Exception):
    """A cell that cannot be meant; the sentence says what was expected."""


class CellReader:
    """Cells of one manifest, column by column; each different text is looked at once.

    Parameters
    ----------
    folder
        That of the manifest, absolute.
    """

    def __init__(self, folder: str) -> None:
        self.lots: dict[str, str] = {}
        """Lot as a row holds it to the hash of its values, or to itself where it is far away."""
        self._folder = folder
        self._readers: dict[str, Callable[[str], str]] = {
            "sample": _as_written,
            "beads": self._located,
            "curve": self._located,
            "gates": self._located,
            "lot": self._lot,
            "assay": self._assay,
            "criterion": self._criterion,
            "ferritin_ng_ml": _ferritin,
            "drawn_at": _time,
            "stained_at": _time,
            "kind": _kind,
        }

    def read(self, name: str, cells: Cells, defects: Defects) -> Sequence[str]:
        """Cells of a column as a row holds them; what is wrong goes to `defects`."""
        column = cells.columns[name]
        if name in cells.carried:
            return column
        reader = self._readers.get(name, str)
        known: dict[str, str] = {}
        wrong: dict[str, str] = {}
        told = []
        for line, cell in zip(cells.lines, column, strict=True):
            if cell not in known:
                try:
                    text = cell.strip()
                    known[cell] = reader(text) if text else ""
                except CellRefused as refused:
                    known[cell], wrong[cell] = cell.strip(), str(refused)
            if cell in wrong:
                defects.add(Defect(line, name, shown(cell), wrong[cell]))
            told.append(known[cell])
        return told

    def _located(self, text: str) -> str:
        return located(_as_written(text), self._folder)

    def _lot(self, text: str) -> str:
        if is_remote(text):
            self.lots[text] = text
            return _as_written(text)
        try:
            if names_a_lot_file(text, self._folder):
                place = located(_as_written(text), self._folder)
                lot = read_lot(Path(place))
            else:
                place, lot = text, BeadLot.parse(text)
        except LotFileUnreadable as error:
            reason = f"which cannot be read ({error.reason})"
            raise CellRefused(f"a lot file or assigned values, not a path {reason}") from error
        except InvalidLot as error:
            expected = f"a lot file or values such as 474,5359,23843,62336 ({error.field}: "
            raise CellRefused(f"{expected}{error.expected})") from error
        self.lots[place] = lot.sha256
        return place

    def _assay(self, text: str) -> str:
        if text in available_assays() or is_remote(text):
            return _as_written(text)
        place = self._located(text)
        expected = f"a built-in assay ({', '.join(available_assays())}) or a definition file"
        try:
            load_assay(place)
        except InvalidAssay as error:
            raise CellRefused(
                f"{expected}, a sound one ({error.where}: {error.problem})"
            ) from error
        except (UnknownAssay, OSError, ValueError) as error:
            raise CellRefused(expected) from error
        return place

    def _criterion(self, text: str) -> str:
        if text in available_criteria() or is_remote(text):
            return _as_written(text)
        place = self._located(text)
        expected = f"a built-in criterion ({', '.join(available_criteria())}) or a .toml file"
        try:
            load_criterion(place)
        except InvalidCriterion as error:
            why = f"{error.field}: expected {error.expected}"
            raise CellRefused(f"{expected}, a sound one ({why})") from error
        except (UnknownCriterion, OSError, ValueError) as error:
            raise CellRefused(expected) from error
        return place


def _as_written(text: str) -> str:
    if not is_place(text):
        raise CellRefused(PLACE)
    return text


def _ferritin(text: str) -> str:
    try:
        return parse_ferritin(text).text
    except AmbiguousFerritin as error:
        raise CellRefused(f"{' or '.join(error.readings)}, which can both be meant") from error
    except FerritinUnit as error:
        raise CellRefused("ferritin in ng/mL (the same number as µg/L)") from error
    except InvalidFerritin as error:
        raise CellRefused(f"{_FERRITIN} ({error.reason})") from error


def _time(text: str) -> str:
    try:
        Context(drawn_at=text)
    except InvalidContext as error:
        raise CellRefused(_TIME) from error
    return text


def _kind(text: str) -> str:
    kind = text.lower()
    if kind not in list(Kind):
        raise CellRefused(f"one of {', '.join(Kind)}")
    return kind
