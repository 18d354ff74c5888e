"""A manifest that was read and found sound: rows as they are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from hladr.context import Context
from hladr.manifest.places import is_remote, located
from hladr.manifest.row import Kind, ManifestRow

_CONTEXT = (
    "subject", "drawn_at", "stained_at", "tube_type", "preparation", "site", "visit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A local file that a row names and that is not there."""

    line: int
    column: str
    path: str


@dataclass(frozen=True, slots=True, eq=False)
class Manifest(Sequence[ManifestRow]):
    """Samples to be measured, in the order of the file.

    Made by `read_manifest` and `manifest_of`, which refuse what cannot be meant. A row is built
    when it is asked for: millions of them are columns of text that is kept once.

    Parameters
    ----------
    name
        Of the file.
    folder
        That paths are relative to, absolute.
    unit
        ``line`` or ``row``: what `ManifestRow.line` counts.
    carried
        Names of the columns that mean nothing here, in their order.
    lines : shape (n_rows,)
        Where each row begins.
    columns
        Name to cells as rows hold them, each of shape (n_rows,).
    """

    name: str
    folder: str
    unit: str
    carried: tuple[str, ...]
    lines: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        """Count the samples."""
        return len(self.lines)

    @overload
    def __getitem__(self, index: int) -> ManifestRow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ManifestRow, ...]: ...
    def __getitem__(self, index: int | slice) -> ManifestRow | tuple[ManifestRow, ...]:
        """Return one sample, or several."""
        if isinstance(index, slice):
            return tuple(self._row(each) for each in range(*index.indices(len(self))))
        return self._row(range(len(self))[index])

    def __iter__(self) -> Iterator[ManifestRow]:
        """Samples in the order of the file."""
        return map(self._row, range(len(self)))

    def missing_files(self) -> tuple[MissingFile, ...]:
        """Local files that rows name and that are not there, in the order of the rows.

        A row without its file is no mistake in the manifest: it becomes a failure of its own.
        """
        there: dict[str, bool] = {}
        missing = []
        names = [name for name in ("sample", "beads", "curve", "gates") if name in self.columns]
        for row, line in enumerate(self.lines):
            for name in names:
                cell = self.columns[name][row]
                if not cell or is_remote(cell):
                    continue
                path = located(cell, self.folder)
                if path not in there:
                    there[path] = _is_there(path)
                if not there[path]:
                    missing.append(MissingFile(line, name, path))
        return tuple(missing)

    def _row(self, row: int) -> ManifestRow:
        def cell(name: str) -> str | None:
            column = self.columns.get(name)
            return None if column is None else column[row] or None

        sample = self.columns["sample"][row]
        return ManifestRow(
            line=self.lines[row],
            sample=sample,
            sample_path=located(sample, self.folder),
            beads=cell("beads"),
            curve=cell("curve"),
            lot=cell("lot"),
            assay=cell("assay"),
            gates=cell("gates"),
            population=cell("population"),
            criterion=cell("criterion"),
            ferritin_ng_ml=cell("ferritin_ng_ml"),
            context=Context(**{name: cell(name) for name in _CONTEXT}),
            kind=Kind(cell("kind") or Kind.PATIENT),
            carried=tuple((name, self.columns[name][row]) for name in self.carried),
        )


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # a name that no file can have
        return False
