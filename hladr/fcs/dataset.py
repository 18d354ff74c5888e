"""One data set of a file: HEADER, keywords, channels and the place of its events."""

from collections.abc import Mapping
from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel, count_channels, read_channels
from hladr.fcs.columns import Columns
from hladr.fcs.errors import SegmentOverlap, UnsupportedMode, shown
from hladr.fcs.event_data import read_events
from hladr.fcs.header import Header, Segment, read_header
from hladr.fcs.keywords import Keywords
from hladr.fcs.layout import data_types
from hladr.fcs.location import stated_segment
from hladr.fcs.scaling import time_step
from hladr.fcs.text import Room, read_analysis, read_text
from hladr.fcs.tokens import KEYWORD_LIMIT


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """HEADER and keywords of a data set, its events not yet looked for.

    Parameters
    ----------
    view
        The file from the start of the data set on.
    header, keywords, findings
        What was read of it.
    text_bytes
        Length of TEXT and its supplement.
    supplement
        Place of the supplemental TEXT that was read, None where there is none.
    """

    view: memoryview
    header: Header
    keywords: Keywords
    findings: tuple[Finding, ...]
    text_bytes: int
    supplement: Segment | None


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """One data set, ready to give columns.

    Parameters
    ----------
    version
        As in the HEADER.
    keywords, analysis
        Keywords of TEXT (with its supplement) and of the ANALYSIS segment.
    channels
        Its channels.
    masks
        Bits of a stored integer that count, for each channel; None when all do.
    largest
        Largest number each channel can store; None for floats.
    columns
        Its stored numbers.
    findings
        Everything that was tolerated.
    """

    version: str
    keywords: Keywords
    analysis: Mapping[str, str]
    channels: tuple[Channel, ...]
    masks: tuple[int | None, ...]
    largest: tuple[int | None, ...]
    columns: Columns
    findings: tuple[Finding, ...]


def read_outline(view: memoryview, room: Room, origin: int = 0) -> Outline:
    """HEADER and keywords of the data set that begins where `view` does.

    Parameters
    ----------
    view
        The file from there on.
    room
        How much TEXT may be read.
    origin
        Taken from the offsets of the data set: its own place in a file whose offsets all count
        from the start of the file.

    Raises
    ------
    FcsError
        Of `header` and `text`.
    """
    header = read_header(view, origin)
    text = read_text(view, header, room)
    findings = header.findings + text.findings
    return Outline(view, header, text.keywords, findings, text.length, text.supplement)


def read_dataset(outline: Outline) -> DataSet:
    """Channels and events of a data set.

    Raises
    ------
    FcsError
        The keywords do not describe the bytes.
    """
    header, keywords = outline.header, outline.keywords
    findings = list(outline.findings)
    findings += _check_mode(keywords, header.version) + _check_time_step(keywords)
    types = data_types(keywords, count_channels(keywords))
    channels, notes = read_channels(keywords, types, header.version)
    findings += notes
    events = read_events(outline.view, header, keywords, channels, types)
    supplement = outline.supplement
    if supplement is not None and events.data.length and supplement.overlaps(events.data):
        begin, end = supplement
        raise SegmentOverlap(first="supplemental TEXT", second="DATA", begin=begin, end=end - 1)
    room = max(KEYWORD_LIMIT - len(keywords), 0)
    place = analysis_segment(outline)
    analysis, notes = read_analysis(outline.view, header, place, events.data, room)
    findings += notes
    return DataSet(
        version=header.version,
        keywords=keywords,
        analysis=analysis,
        channels=channels,
        masks=events.masks,
        largest=events.largest,
        columns=events.columns,
        findings=(*findings, *events.findings),
    )


def analysis_segment(outline: Outline) -> Segment | None:
    """Place of the ANALYSIS segment: the HEADER's, else that of TEXT."""
    if outline.header.analysis is not None:
        return outline.header.analysis
    return stated_segment(outline.header, outline.keywords, "ANALYSIS")


def _check_mode(keywords: Keywords, version: str) -> list[Finding]:
    mode = keywords.text("$MODE")
    if mode is None and version == "FCS3.2":  # where $MODE is deprecated
        return []
    if mode is None:
        return [
            Finding(
                "MODE_MISSING",
                Severity.NOTE,
                "$MODE is missing; the file was read as list mode, which its size bears out. "
                "Nothing to do.",
            )
        ]
    if mode.upper() != "L":
        raise UnsupportedMode(mode=mode)
    return []


def _check_time_step(keywords: Keywords) -> list[Finding]:
    text = keywords.text("$TIMESTEP")
    if text is None or time_step(keywords) is not None:
        return []
    return [
        Finding(
            "TIME_STEP_UNREADABLE",
            Severity.NOTE,
            f"$TIMESTEP is {shown(text)}, not a number above 0; Time is left in its own steps. "
            "Nothing to do.",
        )
    ]
