"""Events of a data set: the form and the place that fit the bytes, opened as columns."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel
from hladr.fcs.column_findings import EXACT, findings_at_first_sight, first_events
from hladr.fcs.columns import Columns
from hladr.fcs.errors import FcsError, KeywordMissing, TotMismatch, UnsupportedWidth, listed
from hladr.fcs.extent import Extent
from hladr.fcs.form import Form, PackedForm, possible_forms
from hladr.fcs.header import Header, Segment
from hladr.fcs.keywords import Keywords
from hladr.fcs.location import (
    Place,
    Stated,
    declared_segments,
    fitting_places,
    length_findings,
    neighbours,
    only_one_fits,
)
from hladr.fcs.plausibility import Candidate, choose_place, plausibility_findings

# Of DATA in ASCII so many bytes are read when a file is opened; the rest with its first column.
_CHECKED_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Columns of a data set and what was tolerated.

    Parameters
    ----------
    columns
        Its stored numbers.
    data
        Where in the data set they lie.
    masks
        Bits of a stored integer that count, for each channel; None when all do.
    largest
        Largest number that each channel can store; None where no width limits it.
    findings
        What was tolerated.
    """

    columns: Columns
    data: Segment
    masks: tuple[int | None, ...]
    largest: tuple[int | None, ...]
    findings: tuple[Finding, ...]


def read_events(
    view: memoryview,
    header: Header,
    keywords: Keywords,
    channels: tuple[Channel, ...],
    types: tuple[str, ...],
) -> Events:
    """Events in the first form that fits the size of DATA.

    Raises
    ------
    FcsError
        None fits; the reason of the likeliest.
    """
    forms, findings = possible_forms(keywords, types)
    segments, notes = declared_segments(header, keywords)
    errors: list[FcsError] = []
    for form in forms:
        try:
            extent, counted = _extent(keywords, header, segments, form, len(view))
            places, located = fitting_places(segments, extent, header.text)
        except FcsError as error:
            errors.append(error)
            continue
        masks, largest = form.masks(channels), form.largest()
        columns, data, chosen = _open(view, form, extent, places, channels, masks, header.text)
        findings += notes + counted + located + chosen + _width_findings(channels, form)
        first = first_events(columns, len(channels))
        findings += plausibility_findings(first, channels)
        findings += findings_at_first_sight(first, channels, masks)
        return Events(columns, data, masks, largest, tuple(findings))
    if len(forms) > 1 and isinstance(errors[0], TotMismatch):
        odd = next(c for c in channels if c.bits % 8)
        raise UnsupportedWidth(keyword=f"$P{odd.index + 1}B", found=str(odd.bits)) from errors[0]
    raise errors[0]


def _extent(
    keywords: Keywords, header: Header, segments: Stated, form: Form, size: int
) -> tuple[Extent, list[Finding]]:
    """Count the events; where FCS 2.0 leaves $TOT out, the size of DATA gives their number."""
    if keywords.text("$TOT") is not None:
        return form.extent(keywords.required_integer("$TOT"), size), []
    may_lack = header.version == "FCS2.0" and form.event_bytes is not None
    for _source, segment in segments if may_lack else []:
        events, rest = divmod(segment.length, form.event_bytes or 1)
        if rest <= 1 and segment.end - rest <= size:
            note = Finding(
                "TOT_MISSING",
                Severity.NOTE,
                f"$TOT is missing; DATA has room for {events} events. Nothing to do.",
            )
            return form.extent(events, size), [note]
    raise KeywordMissing(keyword="$TOT")


def _open(
    view: memoryview,
    form: Form,
    extent: Extent,
    places: list[Place],
    channels: tuple[Channel, ...],
    masks: tuple[int | None, ...],
    text: Segment,
) -> tuple[Columns, Segment, list[Finding]]:
    """Columns at the one place that fits, or at the one of several that holds the events."""
    if not places:
        return form.columns(view[:0], extent.events), Segment(0, 0), []
    candidates = [
        (place, form.columns(view[place.data.begin : place.data.end], extent.events))
        for place in neighbours(places, extent, text)
    ]
    candidates, findings = _readable(candidates)
    chosen = 0
    if len(candidates) > 1:
        chosen, notes = choose_place(candidates, channels, masks, text)
        findings += notes
    place, columns = candidates[chosen]
    return columns, place.data, findings + length_findings(place, extent)


def _readable(candidates: list[Candidate]) -> tuple[list[Candidate], list[Finding]]:
    """Places whose bytes can be numbers, each begin once; digits cannot be anywhere.

    Raises
    ------
    AsciiDataInvalid, TotMismatch
        None: the reason of the first.
    """
    errors: list[FcsError] = []
    refused: list[Place] = []
    kept: dict[int, Candidate] = {}
    for place, columns in candidates:
        try:
            columns.check(_CHECKED_AT_ONCE if len(candidates) == 1 else place.data.length)
        except FcsError as error:
            errors.append(error)
            refused.append(place)
            continue
        same = kept.get(place.data.begin)
        kept[place.data.begin] = (
            (place, columns) if same is None else _shorter(same, place, columns)
        )
    if not kept:
        raise errors[0]
    declared = [place for place in refused if not place.is_beside]
    used = next(iter(kept.values()))[0]
    return list(kept.values()), [only_one_fits(used, declared[0].stated[0][0])] if declared else []


def _shorter(one: Candidate, place: Place, columns: Columns) -> Candidate:
    """Of two places with the same numbers, the one without further blanks, named by both."""
    data, held = min((one[0].data, one[1]), (place.data, columns), key=lambda each: each[0].end)
    return Place(data, one[0].stated + place.stated), held


def _width_findings(channels: tuple[Channel, ...], form: Form) -> list[Finding]:
    """Report widths and ranges that do not go together."""
    integers = [(c, top) for c, top in zip(channels, form.largest(), strict=True) if top]
    padded = [f"$P{c.index + 1}B" for c, top in integers if 1 << c.bits != top + 1]
    if not isinstance(form, PackedForm):
        padded = []
    wide = [c.name for c, top in integers if min(c.range, top) > EXACT]
    beyond = [f"$P{c.index + 1}R" for c, top in integers if c.range > top + 1]
    kinds = (
        (
            "WIDTH_PADDED",
            padded,
            (
                "the bits declared by {} are no whole bytes; the size of DATA shows the bytes they "
                "were written in. Nothing to do."
            ),
        ),
        (
            "INTEGERS_ROUNDED",
            wide,
            (
                "{} may hold integers above 2^53, which scale values round. "
                "Use the stored numbers where the last digits matter."
            ),
        ),
        (
            "RANGE_ABOVE_WIDTH",
            beyond,
            (
                "{} is more than the bits of the channel hold; the largest number they hold is "
                "taken for the detector's top. Nothing to do."
            ),
        ),
    )
    return [
        Finding(code, Severity.NOTE, sentence.format(listed(names)))
        for code, names, sentence in kinds
        if names
    ]
