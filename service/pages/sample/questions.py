"""What who signs must give a reason for: each question has a field, and each is answered."""

from dataclasses import dataclass
from typing import Final

from service.analyses.refusals import CommentMissing
from service.pages.form import Posted
from service.pages.sample.opened import Opened
from service.store.signatures import Meaning

FIELDS: Final = ("comment", "in_spite")
"""Of the first question, and of a second one."""
_NAMED: Final = (
    "Why it replaces what was given out: {}; why it is signed in spite of the findings: {}"
)
_LONGEST: Final = 2000  # signs of a comment


@dataclass(frozen=True, slots=True)
class Question:
    """Something that must be said to sign.

    Parameters
    ----------
    field
        In which the answer is typed.
    asks
        What is asked.
    longest
        Signs of an answer.
    """

    field: str
    asks: str
    longest: int


def questions_of(opened: Opened) -> tuple[Question, ...]:
    """Return what must be said to sign; nothing where somebody may sign without a word."""
    asked = []
    if opened.replaces is not None:
        asked.append(f"Why it replaces version {opened.replaces}, which was given out")
    if opened.standing.is_doubtful:
        asked.append("Why it is signed in spite of the findings")
    longest = _LONGEST if len(asked) < len(FIELDS) else (_LONGEST - len(_NAMED)) // len(FIELDS)
    return tuple(Question(field, asks, longest) for field, asks in zip(FIELDS, asked, strict=False))


def comment_of(posted: Posted, opened: Opened) -> str | None:
    """Return the comment of a signature: what was answered, each answer named where there are two.

    The same form always makes the same comment, so that one that is sent twice signs once.

    Raises
    ------
    CommentMissing
    """
    said = tuple(posted.said(*FIELDS).values())
    if posted.text("meaning") != Meaning.REJECTED and len(said) < len(questions_of(opened)):
        raise CommentMissing
    return _NAMED.format(*said) if len(said) == len(FIELDS) else next(iter(said), None)
