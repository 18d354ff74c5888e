"""Manifests as CSV that a spreadsheet shows, and `read_manifest` reads."""

from collections.abc import Iterable, Iterator, Mapping

from hladr.csv_text import csv_header, csv_row


def manifest_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Lines of CSV, the header first; a cell that a row does not have is empty.

    What a spreadsheet would take for a formula is written behind an apostrophe, which
    `read_manifest` takes away.
    """
    names = tuple(columns)
    yield csv_header(names)
    for row in rows:
        yield csv_row(names, row)
