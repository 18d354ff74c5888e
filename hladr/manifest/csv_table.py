"""A manifest in CSV: comma, semicolon or tab, with the lines of the file as an editor counts them.

Comma, semicolon or tab is told by the header alone, in one look: nothing is tried out on the rows,
so that a hostile file takes no more time than its length.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TextIO

from hladr.csv_text import without_apostrophe
from hladr.manifest.cells import LONGEST_CELL, Cells, Growing
from hladr.manifest.columns import KNOWN, header_of
from hladr.manifest.errors import Defect, Defects, ManifestInvalid, shown

SEPARATORS = ",;\t"
LONGEST_LINE = 1_048_576
"""Characters."""

UNIT = "line"


class _NoText(Exception):
    """A line that cannot be text; reading ends."""

    def __init__(self, defect: Defect) -> None:
        self.defect = defect
        super().__init__(defect.expected)


@dataclass(slots=True)
class _Lines:
    """Lines of a file, counted, each bounded."""

    stream: TextIO
    read: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.stream.readline(LONGEST_LINE + 1):
            self.read += 1
            if len(line) > LONGEST_LINE:
                expected = f"a line of at most {LONGEST_LINE:,} characters"
                raise _NoText(Defect(self.read, "", "a longer one", expected))
            if not line.isascii() and not _is_unicode(line):
                expected = "text in UTF-8 (in a spreadsheet: save as CSV UTF-8)"
                raise _NoText(Defect(self.read, "", "bytes of another encoding", expected))
            yield line


def read_csv(stream: TextIO, file: str) -> tuple[Cells, Defects]:
    """Cells of a manifest, and the rows that are none.

    Parameters
    ----------
    stream
        UTF-8 without a byte order mark, opened with ``newline=""`` and
        ``errors="surrogateescape"``.
    file
        Its name, for messages.

    Raises
    ------
    ManifestInvalid
        There is no header, or one that is not understood: no row can be.
    """
    lines = _Lines(stream)
    try:
        return _read(lines, file)
    except _NoText as end:
        raise _invalid(file, end.defect) from end


def _read(lines: _Lines, file: str) -> tuple[Cells, Defects]:
    counted = iter(lines)
    first = next((line for line in counted if line.strip()), "")
    before = lines.read - 1
    if not first:
        raise _invalid(file, Defect(1, "", "an empty file", "a header such as sample,beads,lot"))
    reader = csv.reader(chain([first], counted), delimiter=separator_of(first), strict=True)
    try:
        names = next(reader)
    except csv.Error as error:
        defect = Defect(before + 1, "", _quoting(error), "a header such as sample,beads,lot")
        raise _invalid(file, defect) from error
    header, wrong = header_of([without_apostrophe(name) for name in names], before + 1)
    if wrong:
        raise _invalid(file, *wrong)
    growing = Growing(header, UNIT)
    while not growing.overfull:
        begin = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            growing.defects.add(Defect(begin, "", _quoting(error), "cells as CSV has them"))
            continue
        except _NoText as end:
            growing.defects.add(end.defect)
            break
        growing.add(begin, [without_apostrophe(cell) for cell in cells])
    return growing.done(), growing.defects


def separator_of(header: str) -> str:
    """Separator of a file by its first line: the one that makes the most known columns of it.

    Where several do, the one that makes the most columns.
    """

    def columns(separator: str) -> tuple[int, int]:
        names = [name.strip().strip('"').strip().lower() for name in header.split(separator)]
        return sum(name in KNOWN for name in names), len(names)

    return max(SEPARATORS, key=columns)


def _is_unicode(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:  # an escaped byte that was no UTF-8
        return False
    return True


def _quoting(error: csv.Error) -> str:
    told = str(error)
    if "field limit" in told:
        return f"a cell of more than {LONGEST_CELL:,} characters, or a quote that is not closed"
    if "end of data" in told:
        return "a quote that is not closed before the end of the file"
    return f"a quote out of its place ({shown(told)[1:-1]})"


def _invalid(file: str, *wrong: Defect) -> ManifestInvalid:
    return ManifestInvalid(file=file, unit=UNIT, defects=wrong, count=len(wrong))
