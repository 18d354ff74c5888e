"""What is open about an analysis: what somebody still has to answer, sign or find out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.analyses.standing import Standing
from service.analyses.tube import Tube
from service.store.analysis import State

COLUMNS: Final = ("analysis", "subject", "site", "visit", "code", "query")
_UNANSWERED = "Nobody has answered for this finding."
_SENTENCES: Final = {
    "DRAW_TIME_UNKNOWN": "Nobody said when the blood was drawn.",
    "STAIN_TIME_UNKNOWN": "Nobody said when the blood was stained.",
    "TUBE_TYPE_UNKNOWN": "Nobody said what kind of tube it is.",
    "SUBJECT_DOUBTED": "The tube was described as another subject's, and nobody has signed that.",
    "NOT_SIGNED": "Nobody has signed the result.",
    "NOT_REVIEWED": "It was signed by one person and waits for a reviewer.",
    "NUMBER_REJECTED": "The number may not be used: measure again, or say why there is none.",
}


@dataclass(frozen=True, slots=True)
class OpenQuery:
    """One thing that is open: a code, and a sentence in which nobody is named."""

    code: str
    sentence: str


def open_queries(standing: Standing, tube: Tube, *, hidden: bool) -> Iterator[OpenQuery]:
    """Return what is open about the newest version of an analysis.

    Parameters
    ----------
    tube
        As it is described now.
    hidden
        Whether a study hides the result: what the software says of it is not told then.
    """
    for finding in standing.open_findings:
        yield OpenQuery(finding, _UNANSWERED)
    for code in _codes(standing, tube, hidden=hidden):
        yield OpenQuery(code, _SENTENCES[code])


def _codes(standing: Standing, tube: Tube, *, hidden: bool) -> Iterator[str]:
    state, measured = standing.analysis.state, standing.analysis.outcome.result is not None
    if tube.drawn_at is None:
        yield "DRAW_TIME_UNKNOWN"
    if measured and tube.stained_at is None:
        yield "STAIN_TIME_UNKNOWN"
    if measured and tube.tube_type is None:
        yield "TUBE_TYPE_UNKNOWN"
    left = standing.history.left_last
    if left is not None and standing.history.is_doubted(left):
        yield "SUBJECT_DOUBTED"
    if state is State.OPEN:
        yield "NOT_SIGNED"
    if state in {State.PERFORMED, State.PRELIMINARY}:
        yield "NOT_REVIEWED"
    if state is State.REJECTED or (standing.verdict == "reject" and not hidden):
        yield "NUMBER_REJECTED"
