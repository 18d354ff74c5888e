"""Manifests from files, and from rows of a program's own, checked before any work is done."""

import codecs
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from hladr.manifest.cell_reader import CellReader
from hladr.manifest.cells import Cells, Growing
from hladr.manifest.columns import header_of
from hladr.manifest.csv_table import read_csv
from hladr.manifest.errors import Defect, Defects, ManifestInvalid, ManifestUnreadable
from hladr.manifest.manifest import Manifest
from hladr.manifest.parquet_table import SIGNATURE, read_parquet
from hladr.manifest.row_defects import repeated, row_defects

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_manifest(path: str | Path) -> Manifest:
    """Samples listed in a CSV or Parquet file; which of the two, its content says.

    CSV is UTF-8 with or without a byte order mark, between commas, semicolons or tabs, which the
    header tells. Files that rows name need not be there, except lots and definitions.

    Raises
    ------
    ManifestUnreadable
        No such file, or its bytes cannot be had.
    ManifestInvalid
        Something cannot be meant; everything that is wrong is told, each with its line.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            start = stream.read(len(SIGNATURE))
            stream.seek(0)
            cells, wrong = read_parquet(file) if start == SIGNATURE else _csv(stream, file.name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ManifestUnreadable(path=str(file), reason=reason) from error
    return _checked(cells, wrong, file.name, file.parent)


def manifest_of(
    rows: Iterable[Mapping[str, str]], *, folder: str | Path = "", name: str = "rows"
) -> Manifest:
    """Samples of a program's own, one mapping of column to text a row.

    Parameters
    ----------
    rows
        All of the same columns.
    folder
        That paths are relative to.
    name
        Stands for the file name.

    Raises
    ------
    ManifestInvalid
        As `read_manifest`; rows are counted from 1.
    """
    records = list(rows)
    names = list(records[0]) if records else ["sample", "beads", "lot"]
    header, wrong = header_of(names, 1)
    growing = Growing(header, "row")
    growing.defects.extend(wrong)
    if wrong:
        raise growing.defects.refused(name, "row")
    for number, record in enumerate(records, start=1):
        if set(record) != set(names):
            expected = f"the columns of the first row ({', '.join(names)})"
            growing.defects.add(Defect(number, "", ", ".join(record), expected))
            continue
        growing.add(number, [record[each] for each in names])
    return _checked(growing.done(), growing.defects, name, Path(folder))


def _csv(stream: BinaryIO, file: str) -> tuple[Cells, Defects]:
    start = stream.read(2)
    stream.seek(0)
    if start in _UTF_16:
        defect = Defect(1, "", "UTF-16", "text in UTF-8 (in a spreadsheet: save as CSV UTF-8)")
        raise ManifestInvalid(file=file, unit="line", defects=[defect], count=1)
    with io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="") as text:
        return read_csv(text, file)


def _checked(cells: Cells, wrong: Defects, name: str, folder: Path) -> Manifest:
    """Return the manifest, if nothing is wrong with any of its rows."""
    where = os.path.abspath(folder)  # noqa: PTH100 - as written; links are not followed
    reader = CellReader(where)
    columns = {each: reader.read(each, cells, wrong) for each in cells.columns}
    wrong.extend(row_defects(columns, cells.lines))
    wrong.extend(repeated(columns, cells.lines, cells.unit, reader.lots, where))
    if wrong.count:
        raise wrong.refused(name, cells.unit)
    return Manifest(name, where, cells.unit, cells.carried, cells.lines, columns)
