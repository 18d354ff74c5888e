"""A manifest in Parquet: texts as they are, numbers and times as text, rows counted from 1."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from hladr.errors import HladrError
from hladr.ferritin import parse_ferritin
from hladr.manifest.cells import MOST_ROWS, Cells, Growing
from hladr.manifest.columns import MOST_COLUMNS, header_of
from hladr.manifest.errors import Defect, Defects, ManifestInvalid, ManifestUnreadable

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"PAR1"
UNIT = "row"

_ROWS_AT_ONCE = 2048


def read_parquet(path: "Path") -> tuple[Cells, Defects]:
    """Cells of a manifest, and the rows that are none.

    Null and not-a-number are empty cells; a time is written as ISO 8601, with its zone where it
    has one.

    Raises
    ------
    ManifestUnreadable
        It is no sound Parquet file.
    ManifestInvalid
        The columns are not understood, or are more than text, numbers and times.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            growing = _begun(file, path.name)
            batches = file.iter_batches(batch_size=_ROWS_AT_ONCE)
            rows = chain.from_iterable(_rows(batch, path.name) for batch in batches)
            for number, cells in enumerate(rows, start=1):
                growing.add(number, cells)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ManifestUnreadable(path=str(path), reason=reason) from error
    return growing.done(), growing.defects


def _begun(file: Any, name: str) -> Growing:  # noqa: ANN401 - pyarrow has no types
    """Columns of a file that is not larger than a manifest can be."""
    counts = (("rows", file.metadata.num_rows, MOST_ROWS), ("columns", *_width(file)))
    for what, found, limit in counts:
        if found > limit:
            defect = Defect(1, "", f"{found:,}", f"at most {limit:,} {what}")
            raise _invalid(name, defect)
    schema = file.schema_arrow
    header, wrong = header_of(schema.names, 1)
    unread = [
        Defect(1, each.name, f"{each.type}", "a column of text, numbers or times")
        for each in schema
        if not _is_plain(each.type)
    ]
    if wrong or unread:
        raise _invalid(name, *wrong, *unread)
    return Growing(header, UNIT)


def _width(file: Any) -> tuple[int, int]:  # noqa: ANN401
    return file.metadata.num_columns, MOST_COLUMNS


def _is_plain(kind: Any) -> bool:  # noqa: ANN401
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        types.is_string, types.is_large_string, types.is_string_view, types.is_integer,
        types.is_floating, types.is_decimal, types.is_boolean, types.is_timestamp, types.is_date,
        types.is_time, types.is_null,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _rows(batch: Any, file: str) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    columns = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        as_text = _ferritin_text if field.name.strip().lower() == "ferritin_ng_ml" else _text
        try:
            values = _values(column)
        except (
            LookupError,
            TypeError,
            ValueError,
            OverflowError,
        ) as error:  # a zone or a day of no calendar
            expected = "times of a zone and a calendar that are known"
            raise _invalid(file, Defect(1, field.name, f"{column.type}", expected)) from error
        columns.append([as_text(value) for value in values])
    return zip(*columns, strict=True)


def _values(column: Any) -> Sequence[object]:  # noqa: ANN401
    """Cells of a column: times to the microsecond, which Python has, short floats as they are."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        return list(column.to_numpy(zero_copy_only=False))
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_time64(kind) and kind.unit == "ns":
        column = column.cast(pa.time64("us"), safe=False)
    values: list[object] = column.to_pylist()
    return values


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return _number_text(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _number_text(value: "float | np.floating[Any]") -> str:
    """All digits that tell the number from its neighbours, whole ones without a point."""
    if math.isnan(value):
        return ""
    return np.format_float_positional(value, trim="-") if math.isfinite(value) else str(value)


def _ferritin_text(value: object) -> str:
    """As `_text`, but a number never with three decimals, which could be thousands."""
    text = _text(value)
    if isinstance(value, str) or not text:
        return text
    try:
        return parse_ferritin(float(text)).text
    except (HladrError, ValueError):  # said with its row, when the rows are looked at
        return text


def _invalid(file: str, *wrong: Defect) -> ManifestInvalid:
    return ManifestInvalid(file=file, unit=UNIT, defects=wrong, count=len(wrong))
