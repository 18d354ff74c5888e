"""Files with several data sets: the $NEXTDATA chain, and which of its sets is the measurement.

Beckman Coulter's LMD files hold the same events twice: 10 bits, compensated, with the names of the
markers; then 20 bits, uncompensated, with hardly a keyword. The numbers come from the latter and
the names from the former.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel
from hladr.fcs.dataset import DataSet, Outline, read_dataset, read_outline
from hladr.fcs.errors import DatasetNotFound, FcsError, LimitExceeded, NotFcs
from hladr.fcs.header import HEADER_BYTES
from hladr.fcs.keywords import Keywords, integer_in, number_in
from hladr.fcs.text import Room
from hladr.fcs.tokens import CHANNEL_LIMIT, KEYWORD_LIMIT

DATASET_LIMIT = 1024
# Of all data sets together: 384 wells of 250 keywords are read.
FILE_KEYWORD_LIMIT = 100_000
FILE_TEXT_LIMIT = 8 * 1024 * 1024
# LMD: 10 bits against 14 to 20.
_RESOLUTION_GAIN = 16.0
_DETECTOR = re.compile(r"(FL ?[0-9]{1,2}|FS|SS)(?![A-Z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Outlines of the data sets of one file, and what was found where the chain breaks off."""

    outlines: tuple[Outline, ...]
    findings: tuple[Finding, ...]
    damage: FcsError | None = None


def read_chain(view: memoryview) -> Chain:
    """HEADER and keywords of every data set of a file.

    Each begins behind the TEXT of the one before, so that the chain ends, and no byte of TEXT is
    read twice.

    Raises
    ------
    FcsError
        The first data set cannot be read.
    LimitExceeded
        More than 1,024 data sets.
    """
    outlines = [read_outline(view, Room())]
    begin = 0
    while step := _step(outlines[-1].keywords):
        if len(outlines) == DATASET_LIMIT:
            raise LimitExceeded(
                what="the number of data sets", found=DATASET_LIMIT + 1, limit=DATASET_LIMIT
            )
        begin += step
        if step < outlines[-1].header.text.end:
            return Chain(tuple(outlines), (_broken(len(outlines), "points into itself"),))
        if begin + HEADER_BYTES > len(view):
            reason = "points to the end of the file or past it"
            severity = Severity.NOTE if begin == len(view) else Severity.WARN
            return Chain(tuple(outlines), (_broken(len(outlines), reason, severity),))
        try:
            outlines.append(read_outline(view[begin:], _room_beside(outlines)))
        except NotFcs:
            return Chain(tuple(outlines), (_broken(len(outlines), "leads to no data set"),))
        except FcsError as error:
            reason = f"leads to a damaged data set ({error.code})"
            finding = _broken(len(outlines), reason, Severity.WARN)
            return Chain(tuple(outlines), (finding,), error)
    return Chain(tuple(outlines), ())


def _room_beside(outlines: Sequence[Outline]) -> Room:
    """Return the room that these data sets leave; a supplement may be shared, so each counts."""
    length = FILE_TEXT_LIMIT - sum(outline.text_bytes for outline in outlines)
    keywords = FILE_KEYWORD_LIMIT - sum(len(outline.keywords) for outline in outlines)
    return Room(max(length, 0), min(max(keywords, 0), KEYWORD_LIMIT))


def _step(keywords: Keywords) -> int:
    """Bytes to the next data set, 0 when this is the last."""
    return max(integer_in(keywords.text("$NEXTDATA") or "") or 0, 0)


def _broken(number: int, reason: str, severity: Severity = Severity.NOTE) -> Finding:
    return Finding(
        "NEXT_DATASET_UNREADABLE",
        severity,
        f"$NEXTDATA of data set {number - 1} {reason}; the file was read up to there. "
        "Copy or export it again if a further data set is missed.",
    )


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
    twin = _full_resolution(outlines)
    chosen = twin if wanted is None else wanted
    dataset = read_dataset(outlines[chosen])
    if twin and chosen == twin:
        return _with_names(dataset, outlines[0], chain.findings), outlines[0].keywords
    notes = chain.findings
    if wanted is None and len(outlines) > 1:
        notes += (_several(outlines),)
    return replace(dataset, findings=dataset.findings + notes), Keywords({})


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
    """Range of the finest channel, 0 when not said."""
    ranges = (number_in(keywords.text(f"$P{n}R") or "") for n in _channel_numbers(keywords))
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
