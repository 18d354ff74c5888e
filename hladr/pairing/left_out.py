"""Files that are in no pair, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a file is in no pair."""

    UNREADABLE = "unreadable"
    NEITHER = "neither_blood_nor_beads"
    NO_BEADS = "no_beads_of_this_instrument"
    NO_TIME = "no_acquisition_time"
    TOO_OLD = "beads_too_old"
    OTHER_SETTINGS = "beads_set_otherwise"
    AMBIGUOUS = "ambiguous"
    NO_LOT = "no_lot_of_that_day"
    SET_ASIDE = "set_aside_by_the_rules"
    COPY = "copy"
    UNUSED = "beads_without_blood"


HARMLESS = frozenset({Reason.SET_ASIDE, Reason.COPY, Reason.UNUSED})
"""Reasons for which no blood is missing in the manifest."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file in no pair.

    Parameters
    ----------
    path
        As it was given.
    reason
        In a word.
    detail
        In a sentence.
    code
        Of the error, where one is the reason; else empty.
    """

    path: str
    reason: Reason
    detail: str
    code: str = ""
