"""What stands in each column of a result table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from hladr.result_row import COLUMNS


class Kind(StrEnum):
    """Type of a column; a cell may be empty in any of them."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    FLAG = "flag"
    CODES = "codes"  # a list of words; in text, between blanks


_NUMBERS = frozenset(
    {
        "abc",
        "ci95_low",
        "ci95_high",
        "abc_median",
        "probability",
        "slope",
        "intercept",
        "r_squared",
        "max_residual_percent",
    }
)
_OTHERS = {"monocytes": Kind.COUNT, "decisive": Kind.FLAG, "findings": Kind.CODES}

KINDS: Mapping[str, Kind] = MappingProxyType(
    {name: _OTHERS.get(name, Kind.NUMBER if name in _NUMBERS else Kind.TEXT) for name in COLUMNS}
)
"""Type by column, in the order of the columns. Ferritin is text: it may lie beyond a limit."""

MANIFEST_LOT = "manifest_lot"
"""The lot as a manifest gives it, which names assigned values that have no number."""

NEEDED = ("sample", "abc", "class", "verdict", "error")
"""Without these a table says nothing of its samples; of an older version others may be missing."""


def column_of(carried: str) -> str:
    """Name in a result table of a column of the manifest: that of a result stays the result's."""
    return f"manifest_{carried}" if carried in KINDS else carried
