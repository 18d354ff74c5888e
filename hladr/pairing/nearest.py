"""The beads of a blood tube: same instrument, same settings, nearest in time."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calibration.finding import Severity
from hladr.acquisition import detector_findings
from hladr.assay import SettingLimits
from hladr.channel_name import canonical
from hladr.clock import on_one_clock
from hladr.pairing.left_out import LeftOut, Reason
from hladr.pairing.tube import Tube

# What two clocks of one moment, with zones and without, can differ by.
_WIDEST_ZONES = dt.timedelta(hours=48)
_MOST_HOURS = 24.0 * 366 * 9999  # the whole calendar
_FIRST = dt.datetime.min  # noqa: DTZ901 - lengths of time from it are compared, clocks are not


@dataclass(frozen=True, slots=True)
class _Run:
    """A bead tube that records its time."""

    time: dt.datetime
    tube: Tube

    @property
    def wall(self) -> dt.datetime:
        """Time as the clock on the wall showed it."""
        return self.time.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class _Instrument:
    """Bead tubes of one instrument: one of them, those with a time in its order, the others."""

    one: Tube
    runs: tuple[_Run, ...]
    untimed: int

    @classmethod
    def of(cls, tubes: list[Tube]) -> "_Instrument":
        runs = [_Run(tube.acquired_at, tube) for tube in tubes if tube.acquired_at is not None]
        ordered = tuple(sorted(runs, key=lambda run: run.wall))
        return cls(tubes[0], ordered, len(tubes) - len(runs))

    def around(self, time: dt.datetime, reach: dt.timedelta) -> Iterator[tuple[dt.timedelta, Tube]]:
        """Bead tubes not more than `reach` away, and how far each is."""
        wall, far = time.replace(tzinfo=None), reach + _WIDEST_ZONES
        # Years are many: what is not near by the clock on the wall is not even looked at.
        low = bisect_left(self.runs, wall - _FIRST, key=lambda run: run.wall - _FIRST + far)
        for run in self.runs[low:]:
            if run.wall - wall > far:
                return
            if (apart := _apart(run.time, time)) <= reach:
                yield apart, run.tube


class Beads:
    """Bead tubes, asked for those of a blood tube.

    Parameters
    ----------
    tubes
        Without copies.
    limits
        Of the assay: volts, gain, hours.
    """

    def __init__(self, tubes: Iterable[Tube], limits: SettingLimits) -> None:
        self._limits = limits
        alike: dict[tuple[str, str], list[Tube]] = {}
        for tube in tubes:
            name = _plain(tube.serial or ""), canonical(tube.cytometer or "")
            alike.setdefault(name, []).append(tube)
        self._instruments = [_Instrument.of(group) for group in alike.values()]

    def nearest(self, blood: Tube) -> Tube | LeftOut:
        """Beads that a blood tube is to be measured with, or why there are none."""
        own = [each for each in self._instruments if same_instrument(each.one, blood)]
        if not own:
            whose = blood.instrument or "an instrument that is not recorded"
            return LeftOut(blood.path, Reason.NO_BEADS, f"no beads of {whose}")
        if blood.acquired_at is None:
            detail = "date or time of acquisition ($DATE, $BTIM) is missing or unreadable"
            return LeftOut(blood.path, Reason.NO_TIME, detail)
        reach = dt.timedelta(hours=min(self._limits.bead_age_hours, _MOST_HOURS))
        near = [found for each in own for found in each.around(blood.acquired_at, reach)]
        if not near:
            return self._none_near(own, blood.acquired_at, blood.path)
        fitting = [(apart, tube) for apart, tube in near if self._refused(tube, blood) is None]
        if not fitting:
            _, nearest = min(near, key=_distance)
            detail = f"{nearest.path}: {self._refused(nearest, blood)}"
            return LeftOut(blood.path, Reason.OTHER_SETTINGS, detail)
        return _single(fitting, blood)

    def _none_near(self, own: list[_Instrument], time: dt.datetime, path: str) -> LeftOut:
        runs = [(_apart(run.time, time), run.tube) for each in own for run in each.runs]
        if not runs:
            count = sum(each.untimed for each in own)
            detail = f"none of the {count} bead files of this instrument records its time"
            return LeftOut(path, Reason.NO_TIME, detail)
        apart, nearest = min(runs, key=_distance)
        hours, limit = apart.total_seconds() / 3600, self._limits.bead_age_hours
        detail = f"the nearest beads, {nearest.path}, are {hours:,.1f} h away (limit {limit:g} h)"
        return LeftOut(path, Reason.TOO_OLD, detail)

    def _refused(self, beads: Tube, blood: Tube) -> str | None:
        """Why a result with these beads would be rejected; None when it would not."""
        findings = detector_findings(beads.settings(), blood.channel, self._limits)
        rejecting = (each.message for each in findings if each.severity is Severity.REJECT)
        return next(rejecting, None)


def same_instrument(one: Tube, other: Tube) -> bool:
    """Whether two tubes come from one instrument, as far as recorded.

    The serial numbers tell, where one is missing the models; where nothing is recorded of either,
    there is one instrument that does not say its name.
    """
    if one.serial and other.serial:
        return _plain(one.serial) == _plain(other.serial)
    if one.cytometer and other.cytometer:
        return canonical(one.cytometer) == canonical(other.cytometer)
    return not one.instrument and not other.instrument


def _single(fitting: list[tuple[dt.timedelta, Tube]], blood: Tube) -> Tube | LeftOut:
    """The nearest of several, if there is one."""
    serials = {_plain(tube.serial) for _, tube in fitting if tube.serial}
    if not blood.serial and len(serials) > 1:
        detail = (
            f"no serial number ($CYTSN) tells whether the beads of {' or '.join(sorted(serials))} "
            "are those of its instrument"
        )
        return LeftOut(blood.path, Reason.AMBIGUOUS, detail)
    least = min(apart for apart, _ in fitting)
    nearest = [tube for apart, tube in fitting if apart == least]
    if len(nearest) > 1:
        named = " and ".join(tube.path for tube in nearest[:2])
        more = f" and {len(nearest) - 2} more" if len(nearest) > 2 else ""
        detail = f"equally near in time are {named}{more}; take one of them away, or write the row"
        return LeftOut(blood.path, Reason.AMBIGUOUS, detail)
    return nearest[0]


def _plain(serial: str) -> str:
    return serial.strip().upper()


def _distance(found: tuple[dt.timedelta, Tube]) -> dt.timedelta:
    return found[0]


def _apart(beads: dt.datetime, blood: dt.datetime) -> dt.timedelta:
    calibrated, acquired = on_one_clock(beads, blood)
    return abs(acquired - calibrated)
