"""Which column of a manifest is needed for which study."""

from collections.abc import Mapping
from types import MappingProxyType

SPECIMEN, EXPECTED, DILUTION = "specimen", "expected", "dilution"
SEQUENCE, REPLICATE, REAGENT_LOT, LOT = "sequence", "replicate", "reagent_lot", "lot"
LEVELS = ("instrument", "operator", "day", "run")
"""What a precision study is nested in, outermost first."""

COMPARED = (LOT, REAGENT_LOT, "instrument", "operator")
"""What is compared pairwise, on the same specimens."""

READ = (SPECIMEN, *LEVELS, REPLICATE, EXPECTED, DILUTION, SEQUENCE, REAGENT_LOT)
"""Columns of a manifest that mean something here and nothing to a batch."""

NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "repeatability": "specimen and run, and two results of a specimen in one run",
        "between runs": "specimen and run, and a specimen in two or more runs",
        "between days": "specimen, run and day, and a specimen on two or more days",
        "between operators": "specimen, run and operator, and a specimen measured by two or more",
        "between instruments": "specimen, run and instrument, and a specimen on two or more",
        "linearity": "specimen and expected (or dilution), with three or more levels of a specimen",
        "carry-over": "specimen and sequence: rows of a high specimen, then two or more of a low",
        "lots side by side": "specimen and two lots (column lot, or reagent_lot) of each of two "
        "or more specimens",
    }
)
"""What each study needs, in the words of the refusal, the report and the docs."""


def needs_lines() -> tuple[str, ...]:
    """``study: columns``, a line each."""
    return tuple(f"{study}: {columns}" for study, columns in NEEDS.items())
