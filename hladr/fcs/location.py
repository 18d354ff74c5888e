"""Where DATA lies: the places HEADER and TEXT name, held against $TOT and the rest of the file."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.errors import DataOffsetsMissing, FcsError, SegmentOverlap, TruncatedData
from hladr.fcs.extent import Extent
from hladr.fcs.header import HEADER_BYTES, Header, Segment
from hladr.fcs.keywords import Keywords

Stated = list[tuple[str, Segment]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place for DATA that fits.

    Parameters
    ----------
    data
        Bytes of the events.
    stated
        Who names it, the HEADER first, and the segment as it is given there.
    is_beside
        Whether DATA would begin a byte before or behind what is given.
    """

    data: Segment
    stated: tuple[tuple[str, Segment], ...]
    is_beside: bool = False

    @property
    def is_agreed(self) -> bool:
        """Whether HEADER and TEXT both name it."""
        return len(self.stated) > 1


def stated_segment(header: Header, keywords: Keywords, what: str) -> Segment | None:
    """Segment that TEXT names in ``$BEGINwhat`` and ``$ENDwhat``; None where it has no two places.

    Counted from the start of the data set, wherever the file counts from.
    """
    begin, last = keywords.offset(f"$BEGIN{what}"), keywords.offset(f"$END{what}")
    if not begin or not last:
        return None
    return Segment(begin - header.origin, last + 1 - header.origin)


def declared_segments(header: Header, keywords: Keywords) -> tuple[Stated, list[Finding]]:
    """Segments that HEADER and TEXT give for DATA, the HEADER first."""
    segments: Stated = []
    if header.data is not None:
        segments.append(("HEADER", header.data))
    begin, last = keywords.offset("$BEGINDATA"), keywords.offset("$ENDDATA")
    written = keywords.text("$BEGINDATA") is not None or keywords.text("$ENDDATA") is not None
    if begin and last is not None and last >= begin - 1:
        segments.append(("TEXT", Segment(begin - header.origin, last + 1 - header.origin)))
    elif written and (begin is None or last is None or begin or last):
        return segments, [
            Finding(
                "TEXT_OFFSETS_UNUSABLE",
                Severity.NOTE,
                "$BEGINDATA and $ENDDATA are not two offsets in order; the HEADER's were used. "
                "Nothing to do.",
            )
        ]
    return segments, []


def fitting_places(
    segments: Stated, extent: Extent, text: Segment
) -> tuple[list[Place], list[Finding]]:
    """Places where DATA fits, each once, and what was tolerated.

    Raises
    ------
    SegmentOverlap, TruncatedData, TotMismatch, AsciiDataInvalid, DataOffsetsMissing
        None fits: the reason of the first.
    """
    found: dict[Segment, Stated] = {}
    errors: list[FcsError] = []
    refused: list[str] = []
    for source, segment in segments:
        error = refusal(segment, extent, text)
        if error is None:
            found.setdefault(extent.taken(segment), []).append((source, segment))
        else:
            refused.append(source)
            errors.append(error)
    places = [Place(data, tuple(stated)) for data, stated in found.items()]
    if places:
        return places, [only_one_fits(places[0], refused[0])] if refused else []
    if errors:
        raise errors[0]
    if extent.events:
        raise DataOffsetsMissing
    return [], []


def refusal(segment: Segment, extent: Extent, text: Segment) -> FcsError | None:
    """Reason why DATA cannot lie in a segment, None when it can."""
    error = extent.misfit(segment)
    if error is not None:
        return error
    data = extent.taken(segment)
    if data.end > extent.size:
        return TruncatedData(end=data.end, size=extent.size)
    if segment.begin < HEADER_BYTES:
        return SegmentOverlap(
            first="DATA", second="the HEADER", begin=segment.begin, end=segment.end - 1
        )
    if data.length and data.overlaps(text):
        return SegmentOverlap(first="DATA", second="TEXT", begin=data.begin, end=data.end - 1)
    return None


def neighbours(places: list[Place], extent: Extent, text: Segment) -> list[Place]:
    """Places to choose from: those given, and for a length off by one the byte beside its begin.

    A segment one byte too long may end one byte late (common) or begin one byte early (rare). A
    place whose length is right somewhere in the file has no neighbour.
    """
    found = list(places)
    for place in places:
        beside = {extent.beside(segment) for _source, segment in place.stated}
        data = beside.pop() if len(beside) == 1 else None
        if data is None or any(data == other.data for other in found):
            continue
        if refusal(data, extent, text) is None:
            found.append(Place(data, place.stated, is_beside=True))
    return found


def length_findings(place: Place, extent: Extent) -> list[Finding]:
    """Report a declared length that is not exactly that of the events."""
    findings: dict[str, Finding] = {}
    for source, segment in place.stated:
        surplus = segment.length - place.data.length
        if surplus == 0:
            continue
        if abs(surplus) == 1:
            code, what = "DATA_END_OFF_BY_ONE", f"{source} gives DATA an end that is off by one"
        else:
            code, what = "DATA_SURPLUS", f"DATA is {surplus} bytes longer than its events"
        finding = Finding(
            code,
            Severity.NOTE,
            f"{what}; {extent.events} events in {place.data.length} bytes were read from byte "
            f"{place.data.begin}. Nothing to do.",
        )
        findings.setdefault(code, finding)
    return list(findings.values())


def only_one_fits(used: Place, refused: str) -> Finding:
    """Report that of two places only one can be that of DATA."""
    source = used.stated[0][0]
    return Finding(
        "DATA_OFFSETS_DISAGREE",
        Severity.NOTE,
        f"HEADER and TEXT put DATA in different places; only the one in {source} fits the events, "
        f"and the one in {refused} was left aside. Nothing to do.",
    )
