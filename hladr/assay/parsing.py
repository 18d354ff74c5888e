"""Assay definition files (TOML) to `AssayDefinition`, strictly: an unknown word is an error.

A limit that is misspelt and silently ignored would be a limit that does not hold.
"""

import dataclasses
import hashlib
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from calibration.acceptance import AcceptanceLimits
from hladr.assay.definition import (
    AssayDefinition,
    ChannelRule,
    CompensationLimits,
    DriftLimits,
    EventLimits,
    GateLimits,
    InternalControlLimits,
    IntervalTerms,
    SettingLimits,
    ValueLimits,
)
from hladr.assay.errors import InvalidAssay
from hladr.definitions.content import shown, toml_of

SCHEMA = "hladr.assay/1"
STRATEGIES = ("monocytes-cd14-ssc",)
STATISTICS = ("geometric_mean", "median")
REQUIRED_CHANNELS = ("hla_dr", "cd14", "fsc", "ssc")
CHANNELS = (*REQUIRED_CHANNELS, "cd45")
_LIMITS: Mapping[str, type] = {
    "events": EventLimits,
    "values": ValueLimits,
    "settings": SettingLimits,
    "drift": DriftLimits,
    "compensation": CompensationLimits,
    "gate": GateLimits,
    "internal_control": InternalControlLimits,
    "curve": AcceptanceLimits,
}
_EXPECTED: Mapping[object, str] = {
    bool: "true or false",
    int: "a whole number, 0 or more",
    float: "a finite number, 0 or more",
    str: "a text",
    tuple[str, ...]: "a list of texts",
    tuple[float, float]: "two finite numbers, the low and the high one",
}
_LARGEST_NUMBER = 10**15
"""Whole; TOML has larger ones, which no arithmetic here can hold."""
Part = TypeVar("Part")


def parse_assay(content: bytes, *, source: str) -> AssayDefinition:
    """Assay definition from the bytes of a TOML file; `source` names it in errors.

    Raises
    ------
    InvalidAssay
        Not TOML, a word missing, unknown or of the wrong kind, or limits that contradict
        one another.
    """
    try:
        document = toml_of(content)
    except ValueError as error:
        raise InvalidAssay(source=source, where="file", problem=f"not TOML: {error}") from error
    if document.get("schema") != SCHEMA:
        problem = f"expected {SCHEMA!r}, found {shown(document.get('schema'))}"
        raise InvalidAssay(source=source, where="schema", problem=problem)
    known = {"schema", "name", "version", "title", "criterion", "source", "channels", "gating",
             "quantity", "interval", "limits"}  # fmt: skip
    _reject_unknown(document, known, source, "top level")
    gating, quantity = (_table(document, key, source) for key in ("gating", "quantity"))
    _reject_unknown(gating, {"strategy", "purity"}, source, "gating")
    _reject_unknown(quantity, {"statistic", "fp_ratio"}, source, "quantity")
    limits = _table(document, "limits", source)
    _reject_unknown(limits, set(_LIMITS), source, "limits")
    definition = AssayDefinition(
        name=_text(document, "name", source),
        version=_text(document, "version", source),
        title=_text(document, "title", source),
        sha256=hashlib.sha256(content).hexdigest(),
        criterion=_text(document, "criterion", source),
        channels=_channels(_table(document, "channels", source), source),
        interval=_part(IntervalTerms, _table(document, "interval", source), source, "interval"),
        **{key: _limits(limits, key, source) for key in _LIMITS},
        **gating,
        **quantity,
    )
    _check(definition, source)
    return definition


def _check(definition: AssayDefinition, source: str) -> None:
    problems = (
        ("gating.strategy", definition.strategy in STRATEGIES, f"one of {STRATEGIES}"),
        ("gating.purity", _between(definition.purity, 0.5, 0.999), "a share, 0.5 to 0.999"),
        ("quantity.statistic", definition.statistic in STATISTICS, f"one of {STATISTICS}"),
        ("quantity.fp_ratio", _between(definition.fp_ratio, 0.01, 100.0), "0.01 to 100"),
    )
    for where, sound, expected in problems:
        if not sound:
            raise InvalidAssay(source=source, where=where, problem=f"expected {expected}")


def _between(value: object, low: float, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return low <= value <= high


def _text(document: Mapping[str, Any], key: str, source: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        problem = f"expected a text, found {shown(value)}"
        raise InvalidAssay(source=source, where=key, problem=problem)
    return value


def _table(document: Mapping[str, Any], key: str, source: str) -> Mapping[str, Any]:
    value = document.get(key, {})
    if not isinstance(value, dict):
        problem = f"expected a table, found {shown(value)}"
        raise InvalidAssay(source=source, where=key, problem=problem)
    return value


def _channels(document: Mapping[str, Any], source: str) -> Mapping[str, ChannelRule]:
    _reject_unknown(document, set(CHANNELS), source, "channels")
    rules = {
        role: _part(ChannelRule, _table(document, role, source), source, f"channels.{role}")
        for role in document
    }
    for role in REQUIRED_CHANNELS:
        if role not in rules:
            raise InvalidAssay(source=source, where=f"channels.{role}", problem="is missing")
    for role, rule in rules.items():
        words = (*rule.markers, *rule.dyes, *rule.detectors)
        if not words or not all(word.strip() for word in words):
            raise InvalidAssay(
                source=source,
                where=f"channels.{role}",
                problem="expected words to look for (markers, dyes, detectors), none of them blank",
            )
    return types.MappingProxyType(rules)


def _limits(document: Mapping[str, Any], key: str, source: str) -> Any:  # noqa: ANN401
    return _part(_LIMITS[key], _table(document, key, source), source, f"limits.{key}")


def _reject_unknown(table: Mapping[str, Any], known: set[str], source: str, where: str) -> None:
    for key in table:
        if key not in known:
            raise InvalidAssay(
                source=source,
                where=where,
                problem=f"unknown word {shown(key)}; known are {', '.join(sorted(known))}",
            )


def _part(kind: type[Part], table: Mapping[str, Any], source: str, where: str) -> Part:
    """One dataclass from one TOML table, every value checked against the declared type."""
    hints = typing.get_type_hints(kind)
    fields = {item.name for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    _reject_unknown(table, fields, source, where)
    values = {
        key: _value(value, hints[key], source, f"{where}.{key}") for key, value in table.items()
    }
    try:
        return kind(**values)
    except ValueError as error:
        raise InvalidAssay(source=source, where=where, problem=str(error)) from error


def _value(value: object, hint: Any, source: str, where: str) -> object:  # noqa: ANN401
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    for option in options:
        if option is bool and isinstance(value, bool):
            return value
        if isinstance(value, bool) or (isinstance(value, int) and value > _LARGEST_NUMBER):
            continue
        if option is float and isinstance(value, int | float) and 0.0 <= value < math.inf:
            return float(value)
        if option is int and isinstance(value, int) and value >= 0:
            return value
        if typing.get_origin(option) is tuple and isinstance(value, list):
            kind, *rest = typing.get_args(option)
            if Ellipsis in rest or len(value) == 1 + len(rest):
                return tuple(_value(item, kind, source, where) for item in value)
        if option is str and isinstance(value, str):
            return value
    problem = f"expected {_EXPECTED[options[0]]}, found {shown(value)}"
    raise InvalidAssay(source=source, where=where, problem=problem)
