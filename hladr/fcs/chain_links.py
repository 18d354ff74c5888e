"""From one data set of a file to the next: the $NEXTDATA chain."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.dataset import Outline, analysis_segment, read_outline
from hladr.fcs.errors import FcsError, LimitExceeded, NotFcs, shown
from hladr.fcs.header import HEADER_BYTES, is_header
from hladr.fcs.keywords import integer_in
from hladr.fcs.location import declared_segments
from hladr.fcs.text import Room
from hladr.fcs.tokens import KEYWORD_LIMIT

DATASET_LIMIT = 1024
# Of all data sets together: 384 wells of 250 keywords are read.
FILE_KEYWORD_LIMIT = 100_000
FILE_TEXT_LIMIT = 8 * 1024 * 1024
# A checksum and padding may stand between the last segment and what follows it.
_LOOKED_BEHIND = 4096
_SIGNATURE = re.compile(rb"FCS[23]\.[0-9] {4}[ 0-9]{8}")


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Outlines of the data sets of one file, and what was found on the way."""

    outlines: tuple[Outline, ...]
    findings: tuple[Finding, ...]
    damage: FcsError | None = None


def read_chain(view: memoryview, wanted: int | None = None) -> Chain:
    """HEADER and keywords of the data sets of a file.

    Each begins behind the TEXT of the one before, so that the chain ends, and no byte of TEXT is
    read twice.

    Parameters
    ----------
    view
        The file.
    wanted
        Number of the last data set that is needed, from 0; None for all.

    Raises
    ------
    FcsError
        The first data set cannot be read.
    LimitExceeded
        More than 1,024 data sets.
    """
    outlines = [read_outline(view, Room())]
    findings: list[Finding] = []
    begin = 0
    while wanted is None or len(outlines) <= wanted:
        following, notes = _following(view, outlines, begin)
        findings += notes
        if following is None:
            findings += _unannounced(view, outlines[-1], begin)
            break
        if len(outlines) == DATASET_LIMIT:
            raise LimitExceeded(
                what="the number of data sets", found=DATASET_LIMIT + 1, limit=DATASET_LIMIT
            )
        begin = following
        try:
            outline, notes = _outline_at(view, begin, _room_beside(outlines), len(outlines))
        except FcsError as error:
            reason = f"leads to a damaged data set ({error.code})"
            findings.append(_broken(len(outlines), reason, Severity.WARN))
            return Chain(tuple(outlines), tuple(findings), error)
        outlines.append(outline)
        findings += notes
    return Chain(tuple(outlines), tuple(findings))


def _following(
    view: memoryview, outlines: Sequence[Outline], begin: int
) -> tuple[int | None, list[Finding]]:
    """First byte of the data set behind the last one, which begins at `begin`.

    $NEXTDATA counts from the data set that names it; some writers count from the file's start.
    """
    last, number = outlines[-1], len(outlines)
    text = last.keywords.text("$NEXTDATA")
    step = integer_in(text or "")
    least = last.header.text.end
    if text is None or step == 0:
        return None, []
    if step is not None and step >= least and is_header(view, begin + step):
        return begin + step, []
    if step is not None and step >= begin + least and is_header(view, step):
        return step, [_absolute(number - 1, "$NEXTDATA")]
    reason, severity = _why_not(last, step, begin, len(view))
    return None, [_broken(number, f"({shown(text)}) {reason}", severity)]


def _why_not(last: Outline, step: int | None, begin: int, size: int) -> tuple[str, Severity]:
    """Why $NEXTDATA leads nowhere; a warning where bytes are left that no segment accounts for."""
    is_left = size - begin - _end_of(last, size - begin) >= HEADER_BYTES
    severity = Severity.WARN if is_left else Severity.NOTE
    if step is None or step < 0:
        return "is no offset", severity
    if step < last.header.text.end:
        return "points into its own data set", severity
    if begin + step == size:
        return "points to the end of the file", Severity.NOTE
    if begin + step + HEADER_BYTES > size:
        return "points past the end of the file", Severity.WARN
    return "leads to no data set", severity


def _outline_at(
    view: memoryview, begin: int, room: Room, number: int
) -> tuple[Outline, list[Finding]]:
    """Outline of a further data set, whose offsets may count from the start of the file."""
    stated: Outline | None = None
    error: FcsError | None = None
    try:
        stated = read_outline(view[begin:], room)
    except FcsError as cause:
        error = cause
    if stated is not None and stated.keywords.text("$PAR") is not None:
        return stated, []
    with suppress(FcsError):
        absolute = read_outline(view[begin:], room, begin)
        if absolute.keywords.text("$PAR") is not None:
            return absolute, [_absolute(number, "the offsets")]
    if stated is None:
        raise error or NotFcs(size=len(view), start=b"")
    return stated, []


def _room_beside(outlines: Sequence[Outline]) -> Room:
    """Return the room that these data sets leave; a supplement may be shared, so each counts."""
    length = FILE_TEXT_LIMIT - sum(outline.text_bytes for outline in outlines)
    keywords = FILE_KEYWORD_LIMIT - sum(len(outline.keywords) for outline in outlines)
    return Room(max(length, 0), min(max(keywords, 0), KEYWORD_LIMIT))


def _end_of(outline: Outline, size: int) -> int:
    """First byte behind the declared segments of a data set of at most `size` bytes."""
    stated = declared_segments(outline.header, outline.keywords)[0]
    named = [analysis_segment(outline), outline.supplement, *(each for _source, each in stated)]
    ends = [segment.end for segment in named if segment is not None and segment.end <= size]
    return max([outline.header.text.end, *ends])


def _unannounced(view: memoryview, last: Outline, begin: int) -> list[Finding]:
    """Report a data set behind the last one: two files that were joined end to end."""
    behind = begin + _end_of(last, len(view) - begin)
    found = _SIGNATURE.search(bytes(view[max(behind - 1, 0) : behind + _LOOKED_BEHIND]))
    if found is None:
        return []
    return [
        Finding(
            "DATASET_UNANNOUNCED",
            Severity.WARN,
            f"near byte {behind}, behind the last data set, another begins that $NEXTDATA does not "
            "announce, as in files joined end to end; it was not read. Give each tube a file of "
            "its own.",
        )
    ]


def _broken(number: int, reason: str, severity: Severity) -> Finding:
    return Finding(
        "NEXT_DATASET_UNREADABLE",
        severity,
        f"$NEXTDATA of data set {number - 1} {reason}; the file was read up to there. "
        "Copy or export it again if a further data set is missed.",
    )


def _absolute(number: int, what: str) -> Finding:
    return Finding(
        "OFFSETS_ABSOLUTE",
        Severity.NOTE,
        f"{what} of data set {number} count from the start of the file, not of the data set; read "
        "so. Nothing to do.",
    )
