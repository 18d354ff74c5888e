"""Pairs as rows of a manifest, paths as a manifest in a folder names them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hladr.lot_file import names_a_lot_file
from hladr.pairing.left_out import LeftOut
from hladr.pairing.pairing import Pair, Pairing

COLUMNS = ("sample", "beads", "lot", "subject", "drawn_at", "instrument", "acquired_at")
LEFT_OUT_COLUMNS = ("file", "reason", "code", "detail")


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells of a pairing, for files in one folder.

    Parameters
    ----------
    folder
        Where the manifest is going to be.
    assay
        Built-in name, or absolute path; empty where the manifest does not name one.
    """

    folder: Path
    assay: str

    @classmethod
    def beside(cls, target: Path | None, assay: str) -> Self:
        """Rows for a file that is to be written; for the screen, those for this folder.

        A file that is a link is written where the link leads.
        """
        return cls(Path.cwd() if target is None else target.resolve().parent, assay)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the manifest."""
        return (*COLUMNS[:3], "assay", *COLUMNS[3:]) if self.assay else COLUMNS

    def manifest(self, pairing: Pairing) -> Iterator[dict[str, str]]:
        """Rows of the manifest, one a pair."""
        return map(self._pair, pairing.pairs)

    def left_out(self, pairing: Pairing) -> Iterator[dict[str, str]]:
        """Rows of what was left out."""
        return map(self._left_out, pairing.left_out)

    def _pair(self, pair: Pair) -> dict[str, str]:
        acquired = pair.blood.acquired_at
        is_file, is_path = names_a_lot_file(pair.lot), os.path.isabs(self.assay)  # noqa: PTH117
        return {
            "sample": named_from(self.folder, pair.blood.path),
            "beads": named_from(self.folder, pair.beads.path),
            "lot": named_from(self.folder, pair.lot) if is_file else pair.lot,
            "assay": named_from(self.folder, self.assay) if is_path else self.assay,
            "subject": pair.subject,
            "drawn_at": "",
            "instrument": pair.blood.instrument,
            "acquired_at": "" if acquired is None else acquired.isoformat(),
        }

    def _left_out(self, each: LeftOut) -> dict[str, str]:
        file = named_from(self.folder, each.path)
        return {"file": file, "reason": each.reason, "code": each.code, "detail": each.detail}


def named_from(folder: Path, path: str) -> str:
    """Path of a file as a manifest in `folder` names it: relative, with plain slashes.

    Links in the way are followed, so that ``..`` leads where it seems to. What would be read as
    something else (a blank at its begin, an apostrophe before a formula) begins with ``./``.
    """
    full = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))  # noqa: PTH118, PTH119, PTH120
    try:
        relative = Path(os.path.relpath(full, os.path.realpath(folder))).as_posix()
    except ValueError:  # another drive
        return full
    odd = relative != relative.strip() or relative.startswith("'")
    return f"./{relative}" if odd else relative
