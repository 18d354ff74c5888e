"""Points from stored results: objects of schema ``hladr.result/1`` and the curve they rest on."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from calibration.budget import Term
from calibration.curve import Range, StandardCurve
from hladr.criterion.definition import ClassName
from hladr.ferritin import FerritinError, parse_ferritin
from hladr.result import Verdict
from hladr.result_json import RESULT_SCHEMA
from hladr.trajectory.building import moment_of
from hladr.trajectory.errors import CurveOfOtherResult, InvalidResultRecord
from hladr.trajectory.measured import MeasuredHlaDr, calibration_sha256, own_terms
from hladr.trajectory.point import Classified, Point

_CLOSE = 1e-9  # relative; the same numbers, written and read


def point_of_record(
    record: Mapping[str, Any], curve: StandardCurve, *, id: str | None = None
) -> Point:
    """Point of a stored result.

    Parameters
    ----------
    record
        Object of schema ``hladr.result/1``.
    curve
        The curve it rests on, e.g. `calibration.curve_from_dict` of its ``hladr.curve/1`` record;
        its beads and its scatter tell what two results share.
    id
        How the point is called; the file's name unless given.

    Raises
    ------
    InvalidResultRecord
        It is no such object.
    CurveOfOtherResult
        The curve has another lot, other beads or another line than the result.
    """
    if _get(record, "schema", str) != RESULT_SCHEMA:
        raise InvalidResultRecord(field="schema", expected=RESULT_SCHEMA, found=record["schema"])
    sample, context = (_get(record, name, Mapping) for name in ("sample", "context"))
    _check_curve(_get(record, "calibration", Mapping), curve)
    drawn, acquired = _time(context, "drawn_at"), _time(sample, "acquired_at")
    moment, of = moment_of(drawn, acquired)
    return Point(
        id=_get(sample, "file", str) if id is None else id,
        subject=_optional(context, "subject"),
        moment=moment,
        moment_of=of,
        acquired=None if acquired is None else dt.datetime.fromisoformat(acquired),
        hla_dr=_measured(record, curve),
        ferritin=_ferritin(_get(record, "classification", Mapping)),
        classified=_classified(_get(record, "classification", Mapping)),
        preparation=_optional(context, "preparation"),
        cytometer=_optional(sample, "cytometer"),
        serial=_optional(sample, "serial"),
        algorithm=_get(_get(record, "software", Mapping), "algorithm", str),
        verdict=_choice(Verdict, record, "verdict"),
    )


def _measured(record: Mapping[str, Any], curve: StandardCurve) -> MeasuredHlaDr | None:
    found = record.get("hla_dr")
    if found is None:
        return None
    found = _get(record, "hla_dr", Mapping)
    if found.get("abc") is None:
        return None
    low, high = (_end(each) for each in _pair(found, "ci95"))
    return MeasuredHlaDr(
        abc=_positive(found, "abc"),
        ci95=(low, high),
        mfi=_positive(found, "mfi"),
        fp_ratio=_positive(found, "fp_ratio"),
        statistic=_get(found, "statistic", str),
        range=_choice(Range, found, "range"),
        terms=own_terms(_terms(found)),
        not_included=tuple(str(each) for each in _get(found, "not_included", list)),
        curve=curve,
        calibration=calibration_sha256(curve),
    )


def _terms(found: Mapping[str, Any]) -> list[Term]:
    """Terms with the degrees of freedom they were made with: counting has one less than cells."""
    freedom = {"counting": max(_positive(found, "monocytes") - 1.0, 1.0)}
    terms = _get(found, "interval_terms", Mapping)
    for name, value in terms.items():
        if _number(value, f"interval_terms.{name}") < 0.0:
            raise InvalidResultRecord(field=name, expected="0 or more", found=value)
    return [Term(name, float(value), freedom.get(name, math.inf)) for name, value in terms.items()]


def _check_curve(calibration: Mapping[str, Any], curve: StandardCurve) -> None:
    hashes = {
        "beads.sha256": (
            _get(calibration, "beads", Mapping).get("sha256"),
            curve.provenance.sha256,
        ),
        "lot.sha256": (_get(calibration, "lot", Mapping).get("sha256"), curve.lot.sha256),
    }
    for field, (said, given) in hashes.items():
        if said != given:
            raise CurveOfOtherResult(field=field, result=said, curve=given)
    for field in ("slope", "intercept"):
        number = _number(calibration.get(field), field)
        given = getattr(curve, field)
        if not math.isclose(number, given, rel_tol=_CLOSE, abs_tol=_CLOSE):
            raise CurveOfOtherResult(field=field, result=number, curve=given)


def _classified(found: Mapping[str, Any]) -> Classified:
    criterion = _get(found, "criterion", Mapping)
    return Classified(
        _get(criterion, "name", str),
        _get(criterion, "version", str),
        _choice(ClassName, found, "class"),
    )


def _ferritin(found: Mapping[str, Any]) -> Any:  # noqa: ANN401
    text = found.get("ferritin_ng_ml")
    if text is None:
        return None
    try:
        return parse_ferritin(_get(found, "ferritin_ng_ml", str))
    except FerritinError as cause:
        raise InvalidResultRecord(
            field="ferritin_ng_ml", expected="a ferritin in ng/mL", found=text
        ) from cause


def _get(record: Mapping[str, Any], field: str, kind: type) -> Any:  # noqa: ANN401
    value = record.get(field)
    if not isinstance(value, kind):
        raise InvalidResultRecord(field=field, expected=f"a {kind.__name__.lower()}", found=value)
    return value


def _optional(record: Mapping[str, Any], field: str) -> str | None:
    return None if record.get(field) is None else str(_get(record, field, str))


def _time(record: Mapping[str, Any], field: str) -> str | None:
    text = _optional(record, field)
    try:
        if text is not None:
            dt.datetime.fromisoformat(text)
    except ValueError as cause:
        raise InvalidResultRecord(field=field, expected="a time", found=text) from cause
    return text


def _number(value: object, field: str) -> float:
    sound = isinstance(value, int | float) and not isinstance(value, bool)
    if not sound or not 0.0 <= abs(value) < math.inf:  # type: ignore[arg-type]
        raise InvalidResultRecord(field=field, expected="a finite number", found=value)
    return float(value)  # type: ignore[arg-type]


def _end(value: object) -> float:
    """End of an interval; one that has none is written as null."""
    return math.inf if value is None else _number(value, "ci95")


def _positive(record: Mapping[str, Any], field: str) -> float:
    value = _number(record.get(field), field)
    if value <= 0.0:
        raise InvalidResultRecord(field=field, expected="a number above 0", found=value)
    return value


def _pair(record: Mapping[str, Any], field: str) -> list[object]:
    pair = _get(record, field, list)
    if len(pair) != 2:
        raise InvalidResultRecord(field=field, expected="two numbers", found=pair)
    return list(pair)


def _choice(kind: Any, record: Mapping[str, Any], field: str) -> Any:  # noqa: ANN401
    value = record.get(field)
    try:
        return kind(value)
    except ValueError as cause:
        words = " or ".join(each.value for each in kind)
        raise InvalidResultRecord(field=field, expected=words, found=value) from cause
