"""Strict reading of a record: every field is there, of its kind, and none is left over."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final, NoReturn

from calibration.errors import InvalidCurveRecord

_AGREEMENT: Final = 1e-9


class Fields:
    """One section of a record.

    Parameters
    ----------
    content
        What JSON gave.
    name
        For messages.

    Raises
    ------
    InvalidCurveRecord
        From every method, when the record does not hold what the method asks for.
    """

    __slots__ = ("_left", "_name")

    def __init__(self, content: object, name: str) -> None:
        self._name = name
        if not isinstance(content, Mapping):
            raise InvalidCurveRecord(field=name, expected="an object", found=content)
        self._left = dict(content)

    def reject(self, key: str, expected: str, found: object) -> NoReturn:
        """Raise for one field."""
        raise InvalidCurveRecord(field=f"{self._name}.{key}", expected=expected, found=found)

    def expect(self, key: str, expected: object, *, found: object) -> None:
        """Hold a field against the one value it can have."""
        if found != expected:
            self.reject(key, repr(expected), found)

    def agree(self, key: str, expected: float | None, *, found: float | None) -> None:
        """Hold a number against the one that follows from the others."""
        if expected is None or found is None:
            self.expect(key, expected, found=found)
        elif not math.isclose(found, expected, rel_tol=_AGREEMENT, abs_tol=_AGREEMENT):
            self.reject(key, f"{expected!r}, which follows from the peaks", found)

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        if self._left:
            key = min(map(str, self._left))
            self.reject(key, "no such field", self._left.get(key))

    def rest(self) -> Mapping[str, object]:
        """Hand over everything not read so far."""
        left, self._left = self._left, {}
        return left

    def section(self, key: str) -> "Fields":
        """Read a nested object."""
        return Fields(self._take(key), f"{self._name}.{key}")

    def sections(self, key: str) -> "tuple[Fields, ...]":
        """Read a list of objects."""
        items = self._take(key)
        if not isinstance(items, list):
            self.reject(key, "a list", items)
        return tuple(Fields(item, f"{self._name}.{key}[{i}]") for i, item in enumerate(items))

    def text(self, key: str) -> str:
        """Read text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value:
            self.reject(key, "text", value)
        return value

    def text_or_none(self, key: str) -> str | None:
        """Read text, or null."""
        return None if self._is_null(key) else self.text(key)

    def number(self, key: str) -> float:
        """Read a finite number."""
        value = self._take(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.reject(key, "a number", value)
        if not math.isfinite(value):
            self.reject(key, "a finite number", value)
        return float(value)

    def number_or_none(self, key: str) -> float | None:
        """Read a finite number, or null."""
        return None if self._is_null(key) else self.number(key)

    def between(self, key: str, low: float, high: float) -> float:
        """Read a number from `low` to `high`."""
        value = self.number(key)
        if not low <= value <= high:
            self.reject(key, f"a number from {low:g} to {high:g}", value)
        return value

    def between_or_none(self, key: str, low: float, high: float) -> float | None:
        """Read a number from `low` to `high`, or null."""
        return None if self._is_null(key) else self.between(key, low, high)

    def count(self, key: str) -> int:
        """Read a whole number, zero or more."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.reject(key, "a whole number", value)
        return value

    def flag(self, key: str) -> bool:
        """Read true or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            self.reject(key, "true or false", value)
        return value

    def flag_or_none(self, key: str) -> bool | None:
        """Read true, false or null."""
        return None if self._is_null(key) else self.flag(key)

    def moment_or_none(self, key: str) -> dt.datetime | None:
        """Read a day and time, 2026-03-14T09:31:07, or null; a zone behind it is kept."""
        text = self.text_or_none(key)
        if text is None:
            return None
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            self.reject(key, "a time such as 2026-03-14T09:31:07", text)

    def _take(self, key: str) -> object:
        if key not in self._left:
            self.reject(key, "this field", "nothing")
        return self._left.pop(key)

    def _is_null(self, key: str) -> bool:
        if self._left.get(key, key) is None:
            del self._left[key]
            return True
        return False
