"""Limits that the laboratory sets itself, to be shown beside the numbers."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hladr.definitions.content import content_of, is_file, shown, toml_of
from hladr.validation.errors import ValidationLimitsInvalid

FILE = "validation.toml"
SCHEMA = "hladr.validation-limits/1"
NAMES = (
    "repeatability_cv", "between_run_cv", "between_day_cv", "between_operator_cv",
    "between_instrument_cv", "one_instrument_cv", "total_cv", "deviation_from_line", "carry_over",
    "lot_bias", "instrument_bias", "operator_bias",
)  # fmt: skip
"""What may stand in the table `percent`."""

_MOST_PERCENT = 1000.0


@dataclass(frozen=True, slots=True)
class LaboratoryLimits:
    """Limits, percent, by name.

    Parameters
    ----------
    percent
        By name of `NAMES`; those that the laboratory does not set are missing.
    source
        Where they come from, in the laboratory's words.
    file, sha256
        Of the limits; empty where there is no file.
    """

    percent: Mapping[str, float]
    source: str
    file: str
    sha256: str

    def of(self, name: str) -> float:
        """Return a limit, percent; NaN where there is none."""
        return self.percent.get(name, math.nan)


NONE = LaboratoryLimits({}, "", "", "")


def limits_beside(folder: Path) -> LaboratoryLimits:
    """Limits of the folder's `FILE`; none where it has no such file.

    Raises
    ------
    ValidationLimitsInvalid
        The file is there and cannot be read as limits.
    """
    path = folder / FILE
    if not is_file(path):
        return NONE
    content = content_of(path, lambda expected, found: _invalid(path, expected, found))
    try:
        said = toml_of(content)
    except ValueError as error:
        raise _invalid(path, "TOML in UTF-8", str(error)) from error
    _check_words(path, said)
    percent = {name: _percent(path, name, value) for name, value in said["percent"].items()}
    source = said.get("source", "")
    if not isinstance(source, str):
        raise _invalid(path, "a text as source", shown(source))
    return LaboratoryLimits(percent, source, path.name, hashlib.sha256(content).hexdigest())


def _check_words(path: Path, said: Mapping[str, Any]) -> None:
    if said.get("schema") != SCHEMA:
        raise _invalid(path, f'schema = "{SCHEMA}"', shown(said.get("schema")))
    if unknown := sorted(set(said) - {"schema", "source", "percent"}):
        raise _invalid(path, "schema, source and [percent]", shown(unknown[0]))
    if not isinstance(said.get("percent"), dict):
        raise _invalid(path, "a table [percent]", shown(said.get("percent")))
    if unknown := sorted(set(said["percent"]) - set(NAMES)):
        raise _invalid(path, f"in [percent] one of {', '.join(NAMES)}", shown(unknown[0]))


def _percent(path: Path, name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(path, f"a number above 0, at most 1000, as {name}", shown(value))
    if not 0.0 < value <= _MOST_PERCENT:
        raise _invalid(path, f"a number above 0, at most 1000, as {name}", shown(value))
    return float(value)


def _invalid(path: Path, expected: str, found: str) -> ValidationLimitsInvalid:
    return ValidationLimitsInvalid(file=path.name, expected=expected, found=found[:200])
