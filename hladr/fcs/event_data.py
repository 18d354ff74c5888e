"""Events of a data set: the layout and the place that fit the bytes, opened as columns."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.ascii_data import (
    AsciiColumns,
    DelimitedColumns,
    FixedColumns,
    ascii_widths,
    check_numbers,
)
from hladr.fcs.channel import Channel
from hladr.fcs.columns import Columns, PackedColumns
from hladr.fcs.errors import (
    DataOffsetsMissing,
    FcsError,
    KeywordMissing,
    TotMismatch,
    UnsupportedWidth,
    listed,
)
from hladr.fcs.header import Header, Segment
from hladr.fcs.keywords import Keywords
from hladr.fcs.layout import Layout, bit_mask, data_types, possible_layouts
from hladr.fcs.location import (
    Extent,
    Place,
    declared_segments,
    fitting_places,
    length_findings,
    neighbours,
)
from hladr.fcs.plausibility import choose_place, masked_findings, plausibility_findings

EXACT_BITS = 53


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Columns of a data set, the bits that count in each, and what was tolerated."""

    columns: Columns
    masks: tuple[int | None, ...]
    findings: tuple[Finding, ...]


def binary_events(
    view: memoryview, header: Header, keywords: Keywords, channels: tuple[Channel, ...]
) -> Events:
    """Events of numbers in binary, in the first layout that fits the size of DATA.

    Raises
    ------
    FcsError
        None fits; the reason of the likeliest.
    """
    types = data_types(keywords, len(channels))
    layouts, findings = possible_layouts(keywords, types)
    segments, notes = declared_segments(header, keywords)
    findings += notes
    errors: list[FcsError] = []
    for layout in layouts:
        try:
            extent, counted = _extent(keywords, header, segments, layout, len(view))
            places, located = fitting_places(segments, extent, header.text)
        except FcsError as error:
            errors.append(error)
            continue
        columns, chosen = _open(view, layout, extent, places, channels, header.text)
        masks = tuple(
            bit_mask(channel, field) if field.kind == "u" else None
            for channel, field in zip(channels, layout.fields, strict=True)
        )
        findings += counted + located + chosen + _width_findings(channels, layout)
        findings += masked_findings(columns, channels, masks)
        return Events(columns, masks, tuple(findings))
    if len(layouts) > 1 and isinstance(errors[0], TotMismatch):
        odd = next(c for c in channels if c.bits % 8)
        raise UnsupportedWidth(keyword=f"$P{odd.index + 1}B", found=str(odd.bits)) from errors[0]
    raise errors[0]


def _extent(
    keywords: Keywords,
    header: Header,
    segments: list[tuple[str, Segment]],
    layout: Layout,
    size: int,
) -> tuple[Extent, list[Finding]]:
    """Count the events; where FCS 2.0 leaves $TOT out, the size of DATA gives their number."""
    if keywords.text("$TOT") is not None:
        return Extent(keywords.required_integer("$TOT"), layout.event_bytes, size), []
    for _source, segment in segments if header.version == "FCS2.0" else []:
        events, rest = divmod(segment.length, layout.event_bytes)
        if rest <= 1 and segment.end - rest <= size:
            note = Finding(
                "TOT_MISSING",
                Severity.NOTE,
                f"$TOT is missing; DATA has room for {events} events. Nothing to do.",
            )
            return Extent(events, layout.event_bytes, size), [note]
    raise KeywordMissing(keyword="$TOT")


def _open(
    view: memoryview,
    layout: Layout,
    extent: Extent,
    places: list[Place],
    channels: tuple[Channel, ...],
    text: Segment,
) -> tuple[PackedColumns, list[Finding]]:
    """Columns at the one place that fits, or at the one of several that holds the events."""

    def columns_at(begin: int) -> PackedColumns:
        return PackedColumns(view[begin : begin + extent.needed], layout, extent.events)

    if not places:
        return columns_at(0), []
    candidates = neighbours(places, extent, text)
    columns = [columns_at(place.begin) for place in candidates]
    chosen = 0
    findings: list[Finding] = []
    if len(candidates) > 1:
        chosen, findings = choose_place(candidates, columns, channels, text)
    findings += length_findings(candidates[chosen], extent)
    findings += plausibility_findings(columns[chosen], channels)
    return columns[chosen], findings


def _width_findings(channels: tuple[Channel, ...], layout: Layout) -> list[Finding]:
    fields = [
        (channel, field)
        for channel, field in zip(channels, layout.fields, strict=True)
        if field.kind == "u"
    ]
    padded = [f"$P{c.index + 1}B" for c, field in fields if c.bits != 8 * field.width]
    wide = [c.name for c, field in fields if field.width > 6 and c.range > 2.0**EXACT_BITS]
    findings = []
    if padded:
        findings.append(
            Finding(
                "WIDTH_PADDED",
                Severity.NOTE,
                f"the bits declared by {listed(padded)} are no whole bytes; the size of DATA "
                "shows the bytes they were written in. Nothing to do.",
            )
        )
    if wide:
        findings.append(
            Finding(
                "INTEGERS_ROUNDED",
                Severity.NOTE,
                f"{listed(wide)} may hold integers above 2^53, which scale values round. "
                "Use the stored numbers where the last digits matter.",
            )
        )
    return findings


def ascii_events(
    view: memoryview, header: Header, keywords: Keywords, channels: tuple[Channel, ...]
) -> Events:
    """Events written as digits.

    Raises
    ------
    FcsError
        The keywords do not describe the bytes.
    """
    widths = ascii_widths(keywords, len(channels))
    masks = (None,) * len(channels)
    segments, findings = declared_segments(header, keywords)
    events = keywords.required_integer("$TOT")
    if widths[0]:
        extent = Extent(events, sum(widths), len(view))
    else:
        # Delimited numbers have no fixed size: DATA is taken as long as it is declared.
        longest = max((segment.length for _source, segment in segments), default=0)
        extent = Extent(1, longest, len(view))
    places, notes = fitting_places(segments, extent, header.text)
    findings += notes
    if not places and events:
        raise DataOffsetsMissing
    begin = places[0].begin if places else 0
    data = view[begin : begin + extent.needed]
    check_numbers(data, events, widths)
    findings += length_findings(places[0], extent) if places else []
    columns: AsciiColumns = (
        FixedColumns(data, widths, events)
        if widths[0]
        else DelimitedColumns(data, len(widths), events)
    )
    return Events(columns, masks, tuple(findings))
