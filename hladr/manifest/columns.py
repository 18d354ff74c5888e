"""The columns of a manifest: which are known, which are carried through, which are misspelt."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from hladr.manifest.errors import Defect, shown

KNOWN = (
    "sample", "beads", "curve", "lot", "assay", "gates", "population", "criterion",
    "ferritin_ng_ml", "subject", "drawn_at", "stained_at", "tube_type", "preparation", "site",
    "visit", "kind",
)  # fmt: skip
"""Names that mean something, in the order in which they are written."""

MOST_COLUMNS = 1000
LONGEST_NAME = 200

# As alike as `subjects` and `subject`; `sample_id` and `sample` are just not.
_ALIKE = 0.81
_LONGEST_MISSPELT = 40
_SHORT_FOR = {"ferritin": "ferritin_ng_ml", "drawn": "drawn_at", "stained": "stained_at"}


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns.

    Parameters
    ----------
    names
        By place: a known name, a carried one as written, or empty for a column without a name,
        which has to be blank.
    """

    names: tuple[str, ...]

    @property
    def carried(self) -> tuple[str, ...]:
        """Columns that mean nothing here and go into the results as they are."""
        return tuple(name for name in self.names if name and name not in KNOWN)


def header_of(written: Sequence[str], line: int) -> tuple[Header, tuple[Defect, ...]]:
    """Columns by their names as written, in any case and with blanks around; what is wrong."""
    if len(written) > MOST_COLUMNS:
        found = f"{len(written):,}"
        return Header(()), (Defect(line, "", found, f"at most {MOST_COLUMNS:,} columns"),)
    names = tuple(map(_meant, written))
    if unnameable := _unnameable(names, line):
        return Header(()), tuple(unnameable)
    present = set(names)
    defects = _twice(names, line)
    for name in dict.fromkeys(names):
        if (other := _misspelt(name, present)) is not None:
            expected = f"{other!r}, or a name less like it"
            defects.append(Defect(line, name, "a column of this name", expected))
    if not defects:
        defects += _missing(present, line)
    return Header(names), tuple(defects)


def _meant(written: str) -> str:
    name = written.strip()
    return name.lower() if name.lower() in KNOWN else name


def _unnameable(names: Sequence[str], line: int) -> list[Defect]:
    return [
        Defect(line, "", shown(name), f"a name of at most {LONGEST_NAME} characters, on one line")
        for name in names
        if len(name) > LONGEST_NAME or any(sign in name for sign in "\r\n\0")
    ]


def _twice(names: Sequence[str], line: int) -> list[Defect]:
    seen: set[str] = set()
    defects = []
    for name in filter(None, names):
        if name.lower() in seen:
            defects.append(Defect(line, name, "two of this name", "one column"))
        seen.add(name.lower())
    return defects


def _misspelt(name: str, present: set[str]) -> str | None:
    """Return the known column that a name is likely to stand for; None where it is there itself."""
    if name in KNOWN or len(name) > _LONGEST_MISSPELT:
        return None
    plain = "_".join(name.lower().replace("-", " ").replace("_", " ").split())
    if plain in _SHORT_FOR:
        near = [_SHORT_FOR[plain]]
    else:
        near = difflib.get_close_matches(plain, KNOWN, n=1, cutoff=_ALIKE)
    return near[0] if near and near[0] not in present else None


def _missing(present: set[str], line: int) -> list[Defect]:
    listed = ", ".join(name for name in KNOWN if name in present) or "none that is known"
    defects = []
    if "sample" not in present:
        defects.append(Defect(line, "sample", f"no such column ({listed})", "a column"))
    if not present & {"beads", "curve"}:
        expected = "a column 'beads' (with 'lot') or 'curve'"
        defects.append(Defect(line, "", f"neither ({listed})", expected))
    return defects
