"""Limits that the laboratory sets itself, to be shown beside the numbers."""

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hladr.validation.errors import ValidationLimitsInvalid

FILE = "validation.toml"
SCHEMA = "hladr.validation-limits/1"
NAMES = (
    "repeatability_cv", "between_run_cv", "between_day_cv", "between_operator_cv",
    "between_instrument_cv", "one_instrument_cv", "total_cv", "deviation_from_line", "carry_over",
    "lot_bias", "instrument_bias", "operator_bias",
)  # fmt: skip
"""What may stand in the table `percent`."""

_LARGEST = 65_536  # bytes
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
    if not path.is_file():
        return NONE
    content = _content(path)
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _invalid(path, "TOML in UTF-8", str(error)) from error
    _check_words(path, said)
    percent = {name: _percent(path, name, value) for name, value in said["percent"].items()}
    source = said.get("source", "")
    if not isinstance(source, str):
        raise _invalid(path, "a text as source", repr(source))
    return LaboratoryLimits(percent, source, path.name, hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise _invalid(path, "a file that can be read", error.strerror or str(error)) from error
    if len(content) > _LARGEST:
        raise _invalid(path, f"at most {_LARGEST:,} bytes", "more")
    return content


def _check_words(path: Path, said: Mapping[str, Any]) -> None:
    if said.get("schema") != SCHEMA:
        raise _invalid(path, f'schema = "{SCHEMA}"', repr(said.get("schema")))
    if unknown := sorted(set(said) - {"schema", "source", "percent"}):
        raise _invalid(path, "schema, source and [percent]", repr(unknown[0]))
    if not isinstance(said.get("percent"), dict):
        raise _invalid(path, "a table [percent]", repr(said.get("percent")))
    if unknown := sorted(set(said["percent"]) - set(NAMES)):
        raise _invalid(path, f"in [percent] one of {', '.join(NAMES)}", repr(unknown[0]))


def _percent(path: Path, name: str, value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and 0.0 < float(str(value)) <= _MOST_PERCENT):
        raise _invalid(path, f"a number above 0, at most 1000, as {name}", repr(value))
    return float(str(value))


def _invalid(path: Path, expected: str, found: str) -> ValidationLimitsInvalid:
    return ValidationLimitsInvalid(file=path.name, expected=expected, found=found[:200])
