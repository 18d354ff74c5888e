"""Causes and meanings as the page of a sample says them."""

from dataclasses import dataclass
from typing import Final

from service.analyses.release import Status
from service.store.analysis import Cause
from service.store.signatures import Meaning

CAUSES: Final = {
    Cause.ANALYSED: "measured",
    Cause.GATED: "gated",
    Cause.CONTEXT: "described anew",
    Cause.RECALCULATED: "recalculated",
    Cause.OUTCOME: "noted without a number",
}


@dataclass(frozen=True, slots=True)
class MeaningWords:
    """A signature in words: on its button, as a sentence, and where it leads."""

    button: str
    says: str
    leads: str


MEANINGS: Final = {
    Meaning.PERFORMED: MeaningWords(
        "Sign as performed",
        "I measured this, looked at it, and stand for it.",
        "Then it waits for another person, who reviews it.",
    ),
    Meaning.PERFORMED_ALONE: MeaningWords(
        "Sign as performed, one person",
        "I measured this, looked at it, and stand for it alone.",
        "Then it is released.",
    ),
    Meaning.PRELIMINARY: MeaningWords(
        "Sign as preliminary",
        "I stand for it alone for now; it may be used until it is reviewed.",
        "Then it is given out at once, marked preliminary. It is still to be signed as performed, "
        "and reviewed.",
    ),
    Meaning.REVIEWED: MeaningWords(
        "Sign as reviewed",
        "I looked at it as another person, and it may be used.",
        "Then it is released as final.",
    ),
    Meaning.REJECTED: MeaningWords(
        "Sign as rejected",
        "I looked at it, and no number is to be given.",
        "Then no number of it is given out.",
    ),
}


def leads_to(meaning: Meaning, replaces: int | None) -> str:
    """Return where a signature leads.

    Parameters
    ----------
    replaces
        The version that was given out before; None: nothing was.
    """
    if replaces is None:
        return MEANINGS[meaning].leads
    if meaning is Meaning.REJECTED:
        return f"Then no number is given out any more, and version {replaces} is withdrawn."
    if meaning in {Meaning.REVIEWED, Meaning.PERFORMED_ALONE}:
        return f"Then it is released in the place of version {replaces}."
    return MEANINGS[meaning].leads


def given_out(status: Status) -> str:
    """Return what became of a version that left the laboratory."""
    return {
        Status.PRELIMINARY: "given out as preliminary",
        Status.FINAL: "given out as final",
        Status.AMENDED: "given out as amended",
        Status.WITHDRAWN: "withdrawn",
    }[status]
