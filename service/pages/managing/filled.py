"""A form as somebody filled it in, and what is wrong with it: it is shown again as it was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from pydantic import ValidationError

from calibration.errors import InvalidLot
from service.pages.form import Posted
from service.pages.refusal import Refusal, sentence_of, status_of
from service.store.heads import VersionMoved

_EMPTY: Final = frozenset({"missing", "string_too_short", "too_short"})
_NOTHING: Final = "expected something here, found nothing."
_OF_PYDANTIC: Final = "Value error, "
_WORDS: Final = {
    "string_too_long": "expected at most {max_length} signs, found more.",
    "string_pattern_mismatch": (
        "expected 2 to 64 of a to z, 0 to 9, dot, hyphen and _, the first a letter or a digit."
    ),
    "enum": "expected one of {expected}, found another.",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is shown.

    Parameters
    ----------
    fields
        What stands in its fields, each with all its values.
    problem
        Why it was refused; empty for one that was not sent.
    wrong
        What is wrong with a field, by its name.
    status
        Of the page that shows it.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @classmethod
    def of(cls, posted: Posted) -> Self:
        """Return what was sent, without secrets."""
        kept: dict[str, tuple[str, ...]] = {}
        for name, value in posted.kept():
            kept[name] = (*kept.get(name, ()), value)
        return cls(kept)

    @classmethod
    def showing(cls, **texts: str | None) -> Self:
        """Return a form that shows what there is."""
        return cls({name: (text,) for name, text in texts.items() if text is not None})

    def text(self, name: str, default: str = "") -> str:
        """Return what stands in a field."""
        return self.fields.get(name, (default,))[-1]

    def has(self, name: str, value: str) -> bool:
        """Whether one of several is chosen."""
        return value in self.fields.get(name, ())

    def put(self, **texts: str) -> Self:
        """Return the form with other texts in some fields."""
        return replace(self, fields={**self.fields, **{k: (v,) for k, v in texts.items()}})

    def told(self, problem: str, wrong: Mapping[str, str], status: int = 422) -> Self:
        """Return the form with what is wrong with it."""
        return replace(self, problem=problem, wrong=wrong, status=status)

    def refused(
        self, error: Refusal, **fields: type[Exception] | tuple[type[Exception], ...]
    ) -> Self:
        """Return the form with why it was refused.

        Parameters
        ----------
        fields
            Errors that are about one field, by its name.
        """
        if isinstance(error, ValidationError):
            wrong = _wrong_in(error)
            name, sentence = next(iter(wrong.items()))
            return self.told(f"{name.replace('_', ' ')}: {sentence}", wrong)
        sentence = sentence_of(error)
        wrong = {name: sentence for name, kind in fields.items() if isinstance(error, kind)}
        if isinstance(error, InvalidLot):
            wrong = {error.field: sentence}
        status = 412 if isinstance(error, VersionMoved) else status_of(error)
        return self.told(sentence, wrong, status)


def _wrong_in(error: ValidationError) -> dict[str, str]:
    """Return what is wrong with each field, in words for whoever filled it in."""
    found: dict[str, str] = {}
    for each in error.errors():
        name = str(each["loc"][0]) if each["loc"] else "form"
        found.setdefault(name, _said(each))
    return found


def _said(error: Any) -> str:  # noqa: ANN401 - pydantic's own
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind in _EMPTY:
        return _NOTHING
    if kind in _WORDS:
        return _WORDS[kind].format_map({"max_length": "", "expected": "", **context})
    return str(error["msg"]).removeprefix(_OF_PYDANTIC)
