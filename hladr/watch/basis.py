"""What the numbers of a table rest on: lots, assay, algorithm. Numbers of two kinds never mix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calibration import BeadLot
from hladr.assay import AssayDefinition
from hladr.errors import HladrError
from hladr.version import ALGORITHM

RESTS_ON = ("lot_sha256", "assay_sha256", "algorithm")
_DIGITS = 12  # of a hash


class LogRestsOnOther(HladrError):
    """A table cannot be continued with another lot, assay or algorithm."""

    code: ClassVar[str] = "RESULT_LOG_RESTS_ON_OTHER"

    def __init__(self, *, path: str, what: str, found: str, expected: str) -> None:
        self.path, self.what, self.found, self.expected = path, what, found, expected
        super().__init__(
            f"expected a table of {what} {expected}, which is asked for now; the numbers in {path} "
            f"rest on {what} {found}. One table holds numbers of one kind: name another output, or "
            "measure the whole folder again with hladr manifest and hladr batch."
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """Lots, assay and algorithm that samples are measured with.

    Parameters
    ----------
    lots, assay
        Names by SHA-256 of the content.
    """

    lots: Mapping[str, str]
    assay: Mapping[str, str]

    @classmethod
    def of(cls, lots: Mapping[str, BeadLot], assay: AssayDefinition) -> "Basis":
        """Return what lots, each as it was given, and an assay are known by."""
        return cls(
            {lot.sha256: _shown(lot.number or given, lot.sha256) for given, lot in lots.items()},
            {assay.sha256: _shown(f"{assay.name} version {assay.version}", assay.sha256)},
        )

    def require(self, path: str, row: Mapping[str, str]) -> None:
        """Refuse a row of a table at `path` with a number that rests on something else.

        Raises
        ------
        LogRestsOnOther
        """
        lot, assay, algorithm = (row.get(name, "") for name in RESTS_ON)
        for what, found, known, shown in (
            ("lot", lot, self.lots, _shown(row.get("lot", ""), lot)),
            ("assay", assay, self.assay, _shown(row.get("assay", ""), assay)),
            ("algorithm", algorithm, {ALGORITHM: ALGORITHM}, algorithm),
        ):
            if found and found not in known:
                expected = " or ".join(known.values()) or "none"
                raise LogRestsOnOther(path=path, what=what, found=shown, expected=expected)


def _shown(name: str, sha256: str) -> str:
    return f"{name or 'without a number'} ({sha256[:_DIGITS]})"
