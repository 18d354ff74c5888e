"""A calibration against the instrument's last ones: what four points alone cannot show.

Where all values of a lot are 10 % off, the line is as straight as before and r² does not change.
The instrument remembers: at the same voltage and gain as many molecules give as much light as last
week.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from calibration.control.calibrated import Calibrated
from calibration.finding import Finding, Severity
from calibration.number_text import signed_text
from calibration.student import t_quantile

MOST: Final = 5
LEAST: Final = 2
CONFIDENCE: Final = 0.95
NARROWEST: Final = math.log10(1.05)
WIDEST: Final = math.log10(1.08)


@dataclass(frozen=True, slots=True)
class Shift:
    """One position of the new calibration against the recent ones.

    Parameters
    ----------
    molecules
        PE molecules of the level; ``None`` for the intercept, which lies at one molecule.
    change
        log10 of fluorescence, the new one less the mean of the recent ones.
    limit
        Largest change that is not told.
    """

    molecules: float | None
    change: float
    limit: float

    @property
    def exceeds(self) -> bool:
        """Whether the change is beyond its limit."""
        return abs(self.change) > self.limit

    @property
    def percent(self) -> float:
        """Change of fluorescence in percent."""
        return _percent(self.change)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison gave.

    Parameters
    ----------
    recent
        Ids of the calibrations it was compared with, oldest first; none where it was not judged.
    other_settings
        Ids of those among the last five accepted that were measured at other settings.
    shifts
        Intercept first, then each peak, dimmest first; none where it was not judged.
    findings
        What is to be looked at.
    """

    recent: tuple[str, ...]
    other_settings: tuple[str, ...]
    shifts: tuple[Shift, ...]
    findings: tuple[Finding, ...]


def compare_with_recent(new: Calibrated, accepted: Sequence[Calibrated]) -> Compared:
    """Hold a calibration against the last five accepted ones of the same settings.

    Parameters
    ----------
    new
        The calibration to judge.
    accepted
        Accepted calibrations of the same instrument, oldest first, without the new one.

    Notes
    -----
    Compared are the intercept and the log10 position of each peak. Beads with the same assigned
    values are compared by the peaks themselves; where values differ, by the lines at the new
    lot's values, because only equal numbers of molecules give equal light.

    The limit is where one further value of the same spread lies with 95 % probability,
    t(n - 1) s sqrt(1 + 1/n) [1]_, but not less than 5 % and not more than 8 %. Not less: honest
    lots differ by some percent, and the spread of five runs of one lot does not hold that. Not
    more: two runs say next to nothing about their spread (t is 12.7), and a step of 8 % is more
    than twice the repeatability of the assay, so that a person looks whatever the spread was.
    Where values differ the intercept has the 8 %: it lies almost three decades below the dimmest
    bead, and what single values of two lots are off reaches it by a long lever.

    References
    ----------
    .. [1] Hahn GJ, Meeker WQ. Statistical Intervals. Wiley 1991, section 4.7.
    """
    same = [each for each in accepted if each.settings.same_as(new.settings)][-MOST:]
    other = tuple(each.id for each in accepted[-MOST:] if not each.settings.same_as(new.settings))
    if len(same) < LEAST:
        return Compared((), other, (), (_not_compared(new, found=len(same), other=bool(other)),))
    shifts = tuple(_shifts(new, same))
    findings = (*_settings_changed(new, other, len(same)), *_shifted(new, same, shifts))
    return Compared(tuple(each.id for each in same), other, shifts, findings)


def _shifts(new: Calibrated, recent: Sequence[Calibrated]) -> Iterator[Shift]:
    before = [each.intercept for each in recent]
    if all(each.assigned == new.assigned for each in recent):
        yield _shift(None, new.intercept, before)
        for place, (molecules, mean) in enumerate(new.peaks):
            logs = [math.log10(each.peaks[place][1]) for each in recent]
            yield _shift(molecules, math.log10(mean), logs)
    else:
        yield Shift(None, new.intercept - math.fsum(before) / len(before), WIDEST)
        for molecules in new.assigned:
            lines = [each.log_fluorescence(molecules) for each in recent]
            yield _shift(molecules, new.log_fluorescence(molecules), lines)


def _shift(molecules: float | None, now: float, before: Sequence[float]) -> Shift:
    n = len(before)
    mean = math.fsum(before) / n
    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in before) / (n - 1))
    reach = t_quantile(0.5 + 0.5 * CONFIDENCE, n - 1.0) * spread * math.sqrt(1.0 + 1.0 / n)
    return Shift(molecules, now - mean, min(max(reach, NARROWEST), WIDEST))


def _shifted(
    new: Calibrated, recent: Sequence[Calibrated], shifts: Sequence[Shift]
) -> Iterator[Finding]:
    beyond = [shift for shift in shifts if shift.exceeds]
    if not beyond:
        return
    worst = max(beyond, key=lambda shift: abs(shift.change) / shift.limit)
    of_lot = any(each.assigned != new.assigned for each in recent)
    yield Finding(
        "CALIBRATION_SHIFTED",
        Severity.WARN,
        f"{_named(worst)} lies {signed_text(worst.percent)} % from the mean of the last "
        f"{len(recent)} accepted calibrations at these settings (limit "
        f"{_percent(worst.limit):.1f} %); {len(beyond)} of {len(shifts)} positions are beyond "
        f"their limits. {_advice(of_lot=of_lot)}",
    )


def _advice(*, of_lot: bool) -> str:
    if of_lot:
        return (
            "The lot values are not those of the calibrations before: compare every one with the "
            "flyer of this very lot, and bridge the lots side by side. If they are right, the "
            "detector has changed."
        )
    return (
        "The lot values are those of the calibrations before: look for what changed in the "
        "detector, the laser or the beads."
    )


def _settings_changed(new: Calibrated, other: tuple[str, ...], n: int) -> Iterator[Finding]:
    if other:
        counted = "1 of the last" if len(other) == 1 else f"{len(other)} of the last"
        yield Finding(
            "CALIBRATION_SETTINGS_CHANGED",
            Severity.NOTE,
            f"{counted} {MOST} accepted calibrations had other detector settings than this one "
            f"({new.settings.words}) and were left out; it was compared with {n} others.",
        )


def _not_compared(new: Calibrated, *, found: int, other: bool) -> Finding:
    because = " The others had other settings, at which the intercept is another." if other else ""
    return Finding(
        "CALIBRATION_NOT_COMPARED",
        Severity.NOTE,
        f"Of the accepted calibrations {found} had the settings of this one "
        f"({new.settings.words}); {LEAST} are needed to compare it.{because} Until then nothing "
        "shows whether all values of a lot are wrong by the same share: have a second person "
        "compare them with the flyer.",
    )


def _named(shift: Shift) -> str:
    if shift.molecules is None:
        return "The intercept"
    return f"The position of {shift.molecules:,.12g} PE molecules"


def _percent(change: float) -> float:
    return 100.0 * (10.0**change - 1.0) if change < 300.0 else math.inf
