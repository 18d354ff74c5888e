"""When and on what a file was acquired, and whether beads and blood were measured alike.

A curve is only good for the detector, pulse feature, voltage and gain it was measured with.
"""

import datetime as dt
import re
from collections.abc import Iterator

from calibration.finding import Finding, Severity
from calibration.provenance import Provenance
from hladr.assay.definition import SettingLimits
from hladr.channel_name import canonical, detector_name, pulse_feature
from hladr.clock import on_one_clock
from hladr.fcs.table import Channel, EventTable
from hladr.spillover import already_compensated

DEIDENTIFIED = "HLADR_DEIDENTIFIED"
"""Keyword of files whose dates may be moved into the past, or removed, to hide a patient."""

LONGEST_SHIFT = dt.timedelta(days=365)
"""Dates of such files are moved by no more than this."""

_SOFTWARE_KEYWORDS = ("CREATOR", "SOFTWARE", "#SOFTWARE", "APPLICATION", "$CREATOR")
_DATE_FORMATS = ("%d-%b-%Y", "%d-%b-%y", "%Y-%m-%d", "%d/%b/%Y", "%Y-%b-%d", "%Y/%m/%d", "%d.%m.%Y")


def acquired_at(table: EventTable) -> dt.datetime | None:
    """Start of acquisition; None when not recorded or not readable.

    From ``$BEGINDATETIME`` (FCS 3.2), with its zone where it has one; else from ``$DATE`` and
    ``$BTIM``, which have none.
    """
    if stamp := table.keyword("$BEGINDATETIME"):
        try:
            return dt.datetime.fromisoformat(stamp)
        except ValueError:
            pass
    day, clock = table.keyword("$DATE"), table.keyword("$BTIM")
    time = _clock(clock) if clock else None
    if day is None or time is None:
        return None
    for form in _DATE_FORMATS:
        try:
            date = dt.datetime.strptime(day.strip(), form)  # noqa: DTZ007 - FCS has no zones
        except ValueError:
            continue
        return dt.datetime.combine(date.date(), time)
    return None


def acquired_with(table: EventTable) -> str | None:
    """Software of the acquisition, in the words of the file; None where it names none."""
    return next(filter(None, map(table.keyword, _SOFTWARE_KEYWORDS)), None)


def days_possible(table: EventTable) -> tuple[dt.date, dt.date] | None:
    """First and last day on which a file can have been acquired; None when nothing tells.

    It is one day, except where de-identification moved it into the past.
    """
    start = acquired_at(table)
    if start is None:
        return None
    first = start.date()
    if table.keyword(DEIDENTIFIED) is None:
        return first, first
    return first, min(first, dt.date.max - LONGEST_SHIFT) + LONGEST_SHIFT


def provenance(table: EventTable, channel: Channel) -> Provenance:
    """Where the bead values of one channel come from."""
    return Provenance(
        file=table.name,
        sha256=table.sha256,
        cytometer=table.keyword("$CYT"),
        serial=table.keyword("$CYTSN"),
        detector=channel.name,
        marker=channel.marker,
        voltage=channel.voltage,
        gain=channel.gain,
        log_decades=channel.log_decades,
        range=channel.range,
        acquired_at=acquired_at(table),
        compensated=already_compensated(channel.name),
    )


def compare_settings(
    beads: Provenance, table: EventTable, channel: Channel, limits: SettingLimits
) -> tuple[Finding, ...]:
    """Findings where the sample was not measured as the beads were, or the files do not say."""
    return (
        *detector_findings(beads, channel, limits),
        *_instrument(beads, table),
        *_age(beads, table, limits),
    )


def detector_findings(
    beads: Provenance, channel: Channel, limits: SettingLimits
) -> tuple[Finding, ...]:
    """Findings where the sample's channel was not set as that of the beads was."""
    return (*_detector(beads, channel), *_settings(beads, channel, limits))


def _detector(beads: Provenance, channel: Channel) -> Iterator[Finding]:
    if beads.detector is None:
        yield Finding(
            "SETTINGS_UNVERIFIED",
            Severity.WARN,
            "The curve does not say on which detector the beads were measured. Compare detector, "
            f"voltage and gain with the sample's {channel.name} by hand, or calibrate from the "
            "bead file.",
        )
        return
    same_detector = canonical(detector_name(beads.detector)) == canonical(
        detector_name(channel.name)
    )
    if not same_detector or pulse_feature(beads.detector) != pulse_feature(channel.name):
        yield Finding(
            "DETECTOR_DIFFERS",
            Severity.REJECT,
            f"The beads were measured on {beads.detector}, HLA-DR on {channel.name}; detector and "
            "pulse feature (area, height) must be the same. Export both files alike.",
        )


def _settings(beads: Provenance, channel: Channel, limits: SettingLimits) -> Iterator[Finding]:
    if beads.detector is None:
        return
    if beads.log_decades is not None and beads.log_decades != channel.log_decades:
        yield Finding(
            "AMPLIFICATION_DIFFERS",
            Severity.REJECT,
            f"The beads have {beads.log_decades:g} log decades ($PnE), the sample "
            f"{channel.log_decades:g}. Acquire both with the same amplifier.",
        )
    if beads.voltage is not None and channel.voltage is not None:
        yield from _voltage(channel, beads.voltage, channel.voltage, limits.voltage_tolerance)
    gains = (beads.gain or 1.0, channel.gain or 1.0)
    if abs(gains[0] - gains[1]) > limits.gain_tolerance * max(gains):
        yield Finding(
            "GAIN_DIFFERS",
            Severity.REJECT,
            f"{channel.name} had gain {gains[0]:g} for the beads and {gains[1]:g} for the sample; "
            "the curve does not hold. Run beads at the sample's settings.",
        )
    one_sided = (beads.voltage is None) != (channel.voltage is None)
    # No volts, and a gain of 1, is what instruments write that are set otherwise: it tells nothing.
    told = bool(beads.voltage or channel.voltage) or all(gain != 1.0 for gain in gains)
    if one_sided or not told:
        yield Finding(
            "SETTINGS_UNVERIFIED",
            Severity.WARN,
            f"Voltage and gain of {channel.name} are not recorded in "
            f"{'one of the files' if one_sided else 'the files'} ($PnV, $PnG), so equal settings "
            "for beads and sample cannot be shown. Compare them on the instrument and sign.",
        )


def _voltage(channel: Channel, beads: float, sample: float, tolerance: float) -> Iterator[Finding]:
    if abs(beads - sample) > tolerance:
        yield Finding(
            "VOLTAGE_DIFFERS",
            Severity.REJECT,
            f"{channel.name} stood at {beads:g} V for the beads and {sample:g} V for the sample; "
            "the curve does not hold. Run beads at the sample's settings.",
        )


def _instrument(beads: Provenance, table: EventTable) -> Iterator[Finding]:
    serial, cytometer = table.keyword("$CYTSN"), table.keyword("$CYT")
    if beads.serial and serial:
        if beads.serial.strip().upper() != serial.strip().upper():
            yield Finding(
                "INSTRUMENT_DIFFERS",
                Severity.REJECT,
                f"Beads come from instrument {beads.serial}, the sample from {serial}. Use beads "
                "of the same instrument.",
            )
    elif beads.cytometer and cytometer and canonical(beads.cytometer) != canonical(cytometer):
        yield Finding(
            "INSTRUMENT_DIFFERS",
            Severity.REJECT,
            f"Beads come from a {beads.cytometer}, the sample from a {cytometer}. Use beads of "
            "the same instrument.",
        )
    else:
        yield Finding(
            "SERIAL_UNKNOWN",
            Severity.NOTE,
            "No serial number ($CYTSN) in both files; that beads and sample come from the same "
            "instrument rests on the operator.",
        )


def _age(beads: Provenance, table: EventTable, limits: SettingLimits) -> Iterator[Finding]:
    measured = acquired_at(table)
    if measured is None or beads.acquired_at is None:
        yield Finding(
            "ACQUISITION_TIME_UNKNOWN",
            Severity.NOTE,
            "Date or time of acquisition ($DATE, $BTIM) is missing in a file; the age of the "
            "bead run cannot be checked.",
        )
        return
    calibrated, acquired = on_one_clock(beads.acquired_at, measured)
    hours = abs((acquired - calibrated).total_seconds()) / 3600
    if acquired.date() != calibrated.date():
        yield Finding(
            "BEADS_OTHER_DAY",
            Severity.WARN,
            f"Beads were run on {calibrated.date()}, the sample on {acquired.date()}. "
            "Use beads of the day, or sign that the instrument was not touched in between.",
        )
    elif hours > limits.bead_age_hours:
        yield Finding(
            "BEADS_OLD",
            Severity.WARN,
            f"Beads and sample are {hours:.1f} h apart (limit {limits.bead_age_hours:g} h). "
            "Run beads again, or sign that the instrument was not touched in between.",
        )


def _clock(text: str) -> dt.time | None:
    """Time of day from ``hh:mm:ss``, with sixtieths (``:33``) or a fraction (``.5``) behind."""
    found = re.match(r"\s*(\d{1,2}):(\d{2}):(\d{2})(?:[:.]\d+)?\s*$", text)
    if found is None:
        return None
    try:
        return dt.time(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
