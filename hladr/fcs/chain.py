"""The data set that is the measurement, of a file with several.

Beckman Coulter's LMD files hold the same events twice: 10 bits, compensated, with the names of the
markers; then 20 bits, uncompensated, with hardly a keyword. The numbers come from the latter and
the names from the former.
"""

import re
from dataclasses import replace

from calibration.finding import Finding, Severity
from hladr.fcs.chain_links import (
    DATASET_LIMIT,
    FILE_KEYWORD_LIMIT,
    FILE_TEXT_LIMIT,
    Chain,
    read_chain,
)
from hladr.fcs.channel import Channel, is_time_name
from hladr.fcs.dataset import DataSet, Outline, read_dataset
from hladr.fcs.errors import DatasetNotFound
from hladr.fcs.keywords import Keywords, integer_in, number_in
from hladr.fcs.tokens import CHANNEL_LIMIT

__all__ = [
    "DATASET_LIMIT",
    "FILE_KEYWORD_LIMIT",
    "FILE_TEXT_LIMIT",
    "choose_dataset",
    "detector_of",
    "read_chain",
]

# LMD: 10 bits against 14 to 20.
_RESOLUTION_GAIN = 16.0
_DETECTOR = re.compile(r"(FL ?[0-9]{1,2}|FS|SS)(?![A-Z0-9])", re.IGNORECASE)


def choose_dataset(chain: Chain, wanted: int | None) -> tuple[DataSet, Keywords]:
    """Return the data set to read, and the keywords of its companion (empty for most files).

    Parameters
    ----------
    chain
        Data sets of the file.
    wanted
        Number of the data set, from 0; None takes the full-resolution one of several that hold the
        same events, else the first.

    Raises
    ------
    DatasetNotFound
        There is no data set `wanted`.
    FcsError
        The data set cannot be read; or none was named and one of them is damaged, since that may
        be the one that is meant.
    """
    outlines = chain.outlines
    if wanted is None and chain.damage is not None:
        raise chain.damage
    if wanted is not None and not 0 <= wanted < len(outlines):
        raise DatasetNotFound(wanted=wanted, found=len(outlines))
    twin = _full_resolution(outlines) if len(outlines) > 1 else 0
    chosen = twin if wanted is None else wanted
    dataset = read_dataset(outlines[chosen])
    if twin and chosen == twin:
        return _with_names(dataset, outlines[0], chain.findings), outlines[0].keywords
    notes = chain.findings
    if wanted is None and len(outlines) > 1:
        notes += (_several(outlines),)
    if notes:
        dataset = replace(dataset, findings=dataset.findings + notes)
    return dataset, Keywords({})


def _full_resolution(outlines: tuple[Outline, ...]) -> int:
    """Position of the set that holds the first one's events in full; 0 when there is none."""
    first = outlines[0].keywords
    detectors, events = _detectors(first), integer_in(first.text("$TOT") or "")
    best, finest = 0, _RESOLUTION_GAIN * max(_resolution(first), 1.0)
    for position, outline in enumerate(outlines[1:], start=1):
        keywords = outline.keywords
        same = integer_in(keywords.text("$TOT") or "") == events
        if same and _resolution(keywords) >= finest and detectors & _detectors(keywords):
            best, finest = position, _resolution(keywords)
    return best


def _detectors(keywords: Keywords) -> set[str]:
    names = (keywords.text(f"$P{n}N") or "" for n in _channel_numbers(keywords))
    return {detector_of(name) or name.upper() for name in names} - {"", "TIME"}


def _channel_numbers(keywords: Keywords) -> range:
    count = integer_in(keywords.text("$PAR") or "") or 0
    return range(1, min(count, CHANNEL_LIMIT, len(keywords)) + 1)


def _resolution(keywords: Keywords) -> float:
    """Range of the finest detector, 0 when not said; Time may have more bits in either set."""
    ranges = (
        number_in(keywords.text(f"$P{n}R") or "")
        for n in _channel_numbers(keywords)
        if not is_time_name(keywords.text(f"$P{n}N") or "")
    )
    return max((value for value in ranges if value is not None), default=0.0)


def _several(outlines: tuple[Outline, ...]) -> Finding:
    events = ", ".join(outline.keywords.text("$TOT") or "?" for outline in outlines[:12])
    return Finding(
        "SEVERAL_DATASETS",
        Severity.WARN,
        f"the file holds {len(outlines)} measurements (events: {events}); the first was read. "
        "Name the data set if another is meant.",
    )


def _with_names(dataset: DataSet, other: Outline, findings: tuple[Finding, ...]) -> DataSet:
    """Take markers and voltages from the data set that has them, by the detector's name."""
    settings = _settings_by_detector(other.keywords)
    channels = tuple(_named(channel, settings) for channel in dataset.channels)
    note = Finding(
        "FULL_RESOLUTION_DATASET",
        Severity.NOTE,
        "the file holds the same events twice; the full-resolution, uncompensated data set was "
        "read, with markers and voltages from the other. Nothing to do.",
    )
    return replace(dataset, channels=channels, findings=(*dataset.findings, *findings, note))


def _settings_by_detector(keywords: Keywords) -> dict[str, set[tuple[str | None, float | None]]]:
    """Marker and voltage of each detector, as often as the data set gives them differently."""
    settings: dict[str, set[tuple[str | None, float | None]]] = {}
    for n in _channel_numbers(keywords):
        name, marker = keywords.text(f"$P{n}N"), keywords.text(f"$P{n}S")
        detector = detector_of(name or "")
        if detector:
            voltage = number_in(keywords.text(f"$P{n}V") or "")
            own = marker if marker != name else None
            settings.setdefault(detector, set()).add((own, voltage))
    return settings


def detector_of(name: str) -> str:
    """Beckman's detector at the head of a channel name, ``FL2`` of ``FL2 INT LOG``; else ``""``."""
    found = _DETECTOR.match(name)
    return found[1].upper().replace(" ", "") if found else ""


def _named(channel: Channel, settings: dict[str, set[tuple[str | None, float | None]]]) -> Channel:
    """Give a channel the marker and voltage of its detector where they are beyond doubt."""
    found = settings.get(detector_of(channel.name), set())
    markers = {marker for marker, _voltage in found if marker}
    voltages = {voltage for _marker, voltage in found if voltage is not None}
    marker = markers.pop() if channel.marker is None and len(markers) == 1 else channel.marker
    voltage = voltages.pop() if channel.voltage is None and len(voltages) == 1 else channel.voltage
    return replace(channel, marker=marker, voltage=voltage)
