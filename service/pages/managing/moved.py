"""What somebody changed while another form was being filled in: told, and never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which there are several values.

    Parameters
    ----------
    before
        As it was when the form was opened.
    now
        As somebody else made it.
    typed
        As it was sent; the same as `before` where nobody touched it.
    """

    name: str
    before: str
    now: str
    typed: str

    @property
    def in_question(self) -> bool:
        """Whether two people want it to be different things."""
        return self.typed not in {self.before, self.now}


@dataclass(frozen=True, slots=True)
class Meantime:
    """A change by somebody else.

    Parameters
    ----------
    by, at, reason
        Who, when and why; no reason where none is kept.
    """

    by: str
    at: str
    reason: str | None
    differences: tuple[Difference, ...]


def differences(
    before: Mapping[str, str], now: Mapping[str, str], typed: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Return the fields that somebody else changed."""
    return tuple(
        Difference(name, before[name], now[name], typed.get(name, before[name]))
        for name in before
        if before[name] != now[name]
    )


def merged(
    before: Mapping[str, str], now: Mapping[str, str], typed: Mapping[str, str]
) -> dict[str, str]:
    """Return what the form shows next: what was typed, and elsewhere what is there now."""
    return {
        name: now[name] if typed.get(name, before[name]) == before[name] else typed[name]
        for name in before
    }


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return what is another from one version to the next."""
    return differences(before, after, before)
