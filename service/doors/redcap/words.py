"""Kinds of tubes and preparations by words that are known: other words may name somebody."""

from collections.abc import Iterable, Mapping
from typing import Final

TUBES: Final = (
    "EDTA", "K2-EDTA", "K3-EDTA", "Cyto-Chex", "Cyto-Chex BCT", "heparin", "citrate",
)  # fmt: skip
PREPARATIONS: Final = ("lyse, no wash", "lyse, wash", "no lyse, no wash")


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _by_letters(words: Iterable[str]) -> Mapping[str, str]:
    return {_letters(word): word for word in words}


_TUBES, _PREPARATIONS = _by_letters(TUBES), _by_letters(PREPARATIONS)


def tube(text: str | None) -> str:
    """Return the kind of a tube by the word that is known for it; empty without one."""
    return _TUBES.get(_letters(text or ""), "")


def preparation(text: str | None) -> str:
    """Return a preparation by the word that is known for it; empty without one."""
    return _PREPARATIONS.get(_letters(text or ""), "")
