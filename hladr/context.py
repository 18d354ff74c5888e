"""What the laboratory says about a tube, and whether the blood was too old when stained."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.clock import on_one_clock
from hladr.errors import HladrError

STABLE_HOURS = {"CYTOCHEX": 72.0, "EDTA": 4.0}
"""Draw to stain, by the word in the tube type (``K2-EDTA``; Cyto-Chex holds EDTA too, so it comes
first): EDTA on ice (Döcke 2005), Cyto-Chex (Quadrini 2021)."""


def stain_limit_hours(tube_type: str | None) -> float | None:
    """Hours from draw to stain that blood of a tube type keeps; None where no limit is known.

    Parameters
    ----------
    tube_type
        As the laboratory says it; None: not said, taken as EDTA.
    """
    tube = "".join(c for c in (tube_type or "EDTA").upper() if c.isalpha())
    return next((hours for name, hours in STABLE_HOURS.items() if name in tube), None)


class InvalidContext(HladrError):
    """A time or word of the context cannot be read."""

    code = "INVALID_CONTEXT"

    def __init__(self, *, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(
            f"{field}: expected a date and time such as 2026-03-14T09:31, found {found!r}."
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What the laboratory says about a tube; None = not said.

    Times are ISO 8601, with or without a zone; with a zone on one side of a comparison only, the
    clocks on the wall are compared.
    """

    subject: str | None = None
    drawn_at: str | None = None
    stained_at: str | None = None
    tube_type: str | None = None
    preparation: str | None = None
    site: str | None = None
    visit: str | None = None

    def __post_init__(self) -> None:
        """Refuse times that cannot be read."""
        for field in ("drawn_at", "stained_at"):
            _time(field, getattr(self, field))


def context_findings(context: Context, acquired: dt.datetime | None) -> Iterator[Finding]:
    """Findings on the way from vein to cytometer."""
    drawn = _time("drawn_at", context.drawn_at)
    stained = _time("stained_at", context.stained_at)
    if drawn is None:
        yield Finding(
            "DRAW_TIME_UNKNOWN",
            Severity.NOTE,
            "The time of the blood draw was not given; HLA-DR rises in blood that waits, so its "
            "age could not be checked.",
        )
        return
    if stained is None:
        yield Finding(
            "STAIN_TIME_UNKNOWN",
            Severity.NOTE,
            "The time of staining was not given; the age of the blood could not be checked.",
        )
    else:
        yield from _age(drawn, stained, context.tube_type)
    if acquired is not None:
        yield from _order(drawn, acquired)


def _order(drawn: dt.datetime, acquired: dt.datetime) -> Iterator[Finding]:
    draw, start = on_one_clock(drawn, acquired)
    if start < draw:
        yield Finding(
            "ACQUIRED_BEFORE_DRAW",
            Severity.WARN,
            f"Acquired at {start:%Y-%m-%d %H:%M}, drawn at {draw:%Y-%m-%d %H:%M}: this file "
            "cannot be of that draw, or a clock is wrong. Check the sample's identity.",
        )


def _age(drawn: dt.datetime, stained: dt.datetime, tube_type: str | None) -> Iterator[Finding]:
    draw, stain = on_one_clock(drawn, stained)
    hours = (stain - draw).total_seconds() / 3600
    if hours < 0:
        yield Finding(
            "STAINED_BEFORE_DRAW",
            Severity.WARN,
            f"Stained at {stain:%Y-%m-%d %H:%M}, drawn at {draw:%Y-%m-%d %H:%M}. Correct the "
            "times, or check the sample's identity.",
        )
    limit = stain_limit_hours(tube_type)
    if limit is None:
        yield Finding(
            "TUBE_TYPE_UNKNOWN",
            Severity.NOTE,
            f"No time limit is known for tube type {tube_type!r}; stained {hours:.1f} h after "
            "the draw.",
        )
    elif hours > limit:
        yield Finding(
            "BLOOD_OLD",
            Severity.WARN,
            f"Stained {hours:.1f} h after the draw (limit {limit:g} h for {tube_type or 'EDTA'}); "
            "HLA-DR may read high. Draw again if the result decides.",
        )


def _time(field: str, text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidContext(field=field, found=text) from None
