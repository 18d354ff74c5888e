"""Where DATA lies: the places HEADER and TEXT name, held against $TOT and the rest of the file."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.errors import (
    DataOffsetsMissing,
    FcsError,
    SegmentOverlap,
    TotMismatch,
    TruncatedData,
)
from hladr.fcs.header import HEADER_BYTES, Header, Segment
from hladr.fcs.keywords import Keywords


@dataclass(frozen=True, slots=True)
class Place:
    """A place for DATA that fits; `declared` is its length as the file gives it."""

    source: str
    begin: int
    declared: int


@dataclass(frozen=True, slots=True)
class Extent:
    """What DATA must hold: `events` of `event_bytes`, in a data set of `size` bytes."""

    events: int
    event_bytes: int
    size: int

    @property
    def needed(self) -> int:
        """Bytes of DATA."""
        return self.events * self.event_bytes


def declared_segments(
    header: Header, keywords: Keywords
) -> tuple[list[tuple[str, Segment]], list[Finding]]:
    """Segments that HEADER and TEXT give for DATA, the HEADER first, each only once."""
    segments: list[tuple[str, Segment]] = []
    findings: list[Finding] = []
    if header.data is not None:
        segments.append(("HEADER", header.data))
    begin, last = keywords.offset("$BEGINDATA"), keywords.offset("$ENDDATA")
    written = keywords.text("$BEGINDATA") is not None or keywords.text("$ENDDATA") is not None
    if begin and last is not None and last >= begin - 1:
        segment = Segment(begin, last + 1)
        if header.data != segment:
            segments.append(("TEXT", segment))
    elif written and (begin is None or last is None or begin or last):
        findings.append(
            Finding(
                "TEXT_OFFSETS_UNUSABLE",
                Severity.NOTE,
                "$BEGINDATA and $ENDDATA are not two offsets in order; the HEADER's were used. "
                "Nothing to do.",
            )
        )
    return segments, findings


def fitting_places(
    segments: list[tuple[str, Segment]], extent: Extent, text: Segment
) -> tuple[list[Place], list[Finding]]:
    """Places where DATA fits, one for each begin, and what was tolerated.

    Raises
    ------
    SegmentOverlap, TruncatedData, TotMismatch, DataOffsetsMissing
        None fits: the reason of the first.
    """
    places: list[Place] = []
    findings: list[Finding] = []
    first_error: FcsError | None = None
    refused: list[str] = []
    for source, segment in segments:
        error = refusal(segment, extent, text)
        if error is None:
            if all(place.begin != segment.begin for place in places):
                places.append(Place(source, segment.begin, segment.length))
        else:
            refused.append(source)
            first_error = first_error or error
    if places and refused:
        findings.append(_one_fits(places[0].source, refused[0]))
    if places or (extent.needed == 0 and not segments):
        return places, findings
    if first_error is not None:
        raise first_error
    raise DataOffsetsMissing


def refusal(segment: Segment, extent: Extent, text: Segment) -> FcsError | None:
    """Reason why DATA cannot lie in a segment, None when it can.

    A declared end may be off by one, and a surplus shorter than one event may follow the events.
    """
    length, needed = segment.length, extent.needed
    end = segment.begin + needed
    if extent.events < 0 or not _length_fits(length, extent):
        if segment.end > extent.size + 1:
            return TruncatedData(end=segment.end, size=extent.size)
        return TotMismatch(events=extent.events, event_bytes=extent.event_bytes, found=length)
    if end > extent.size:
        return TruncatedData(end=end, size=extent.size)
    if segment.begin < HEADER_BYTES:
        return SegmentOverlap(
            first="DATA", second="the HEADER", begin=segment.begin, end=segment.end - 1
        )
    if needed and Segment(segment.begin, end).overlaps(text):
        return SegmentOverlap(first="DATA", second="TEXT", begin=segment.begin, end=end - 1)
    return None


def _length_fits(length: int, extent: Extent) -> bool:
    surplus = length - extent.needed
    if extent.needed == 0:
        return 0 <= surplus < max(extent.event_bytes, 2)
    return -1 <= surplus < max(extent.event_bytes, 2)


def neighbours(places: list[Place], extent: Extent, text: Segment) -> list[Place]:
    """Places to choose from: those given, and for a length off by one the byte beside its begin.

    A segment one byte too long may end one byte late (common) or begin one byte early (rare).
    """
    found = list(places)
    for place in places:
        begin = place.begin + place.declared - extent.needed
        beside = Place(place.source, begin, extent.needed)
        segment = Segment(begin, begin + extent.needed)
        is_new = all(begin != other.begin for other in found)
        if is_new and abs(begin - place.begin) == 1 and refusal(segment, extent, text) is None:
            found.append(beside)
    return found


def length_findings(place: Place, extent: Extent) -> list[Finding]:
    """Report a declared length that is not exactly that of the events."""
    surplus = place.declared - extent.needed
    if surplus == 0:
        return []
    if abs(surplus) == 1:
        code, what = "DATA_END_OFF_BY_ONE", f"{place.source} gives DATA an end that is off by one"
    else:
        code, what = "DATA_SURPLUS", f"DATA is {surplus} bytes longer than its events"
    return [
        Finding(
            code,
            Severity.NOTE,
            f"{what}; {extent.events} events of {extent.event_bytes} bytes were read from byte "
            f"{place.begin}. Nothing to do.",
        )
    ]


def _one_fits(used: str, refused: str) -> Finding:
    return Finding(
        "DATA_OFFSETS_DISAGREE",
        Severity.NOTE,
        f"HEADER and TEXT put DATA in different places; only the one in {used} fits the events, "
        f"and the one in {refused} was left aside. Nothing to do.",
    )
