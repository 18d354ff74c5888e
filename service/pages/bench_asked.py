"""Refusals of what is asked for, typed or sent in words for the bench."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from service.analyses.moving import ChangeNotConfirmed
from service.analyses.refusals import CommentMissing, ToldLater
from service.analyses.tube import FIELDS
from service.archive.incoming import DiskFull
from service.http.body import BodyTooLarge, BodyTooSlow, ClientLeft
from service.http.heavy import TooBusy
from service.http.multipart import FormInvalid
from service.http.rate import TooMany
from service.pages.kept import label_of
from service.quantify.calibrating import SampleMissing
from service.receiving import QuotaUsed
from service.receptions.drawn import DrawnLater
from service.receptions.reception import BarcodeAmbiguous, ReceptionEnded
from service.store.database import DatabaseUnavailable
from service.store.heads import AlreadyThere, VersionMoved
from service.store.idempotency import StillRunning

_MEGABYTE: Final = 1_000_000
_AGAIN: Final = "The service has much to do. Nothing was stored; try again in a moment."
_FORM: Final = {
    "the password of whoever signs": "Type your password: nothing is signed without it.",
    "the version that was looked at": "The page is incomplete. Load it again.",
    "two numbers for each vertex": "A vertex needs two numbers. Type both, or take both away.",
    "related_to together with relation": (
        "Say both, the related tube and what this tube is to it, or neither."
    ),
    "an outcome_reason why it was not done": "Say in words why it was not done.",
}


def _form(error: FormInvalid) -> str:
    if error.expected in _FORM:
        return _FORM[error.expected]
    name, found, why = error.expected.partition(": ")
    if found and name in FIELDS:
        return f"{label_of(name)}: {why.removeprefix('Value error, ')}."
    return f"Expected {error.expected}, found {error.found}."


def _drawn_later(error: DrawnLater) -> str:
    than = "the tube came on" if error.came else "now, which is"
    return (
        f"The blood is said to be drawn on {error.drawn:%Y-%m-%d %H:%M}, later than {than} "
        f"{error.limit:%Y-%m-%d %H:%M}. Look at the time of the draw, the year as well."
    )


def _already(error: AlreadyThere) -> str:
    if error.kind == "barcode of a tube that waits":
        return f"A tube with the barcode “{error.label}” waits already. Scan it on the worklist."
    article = "an" if error.kind[0] in "aeio" else "a"
    return f"There is already {article} {error.kind} “{error.label}”. Use that one, or change it."


ASKED: Final[Mapping[type[Exception], Callable[[Any], str]]] = {
    FormInvalid: _form,
    DrawnLater: _drawn_later,
    AlreadyThere: _already,
    BarcodeAmbiguous: lambda error: (
        f"Tubes of several sites wait with this barcode: {', '.join(error.sites)}. Look at the "
        "tube, and say of which site it is."
    ),
    ReceptionEnded: lambda error: (
        f"This tube waits no more: it is {error.state}. Describe its sample, or note the tube "
        "again."
    ),
    VersionMoved: lambda _: (
        "Somebody else changed it in the meantime. Nothing of theirs was overwritten; look at what "
        "it is now, and change that."
    ),
    ChangeNotConfirmed: lambda _: (
        "This version was signed, perhaps in the meantime. Look at it, and change the gates all "
        "the same only if it must be."
    ),
    CommentMissing: lambda _: "Something is doubtful here. Say why you sign.",
    ToldLater: lambda _: (
        "The call is said to be later than now. Correct the time: it is when they were told."
    ),
    SampleMissing: lambda _: "No file came. Drop it, and send it again.",
    BodyTooLarge: lambda error: (
        f"The file is larger than the {error.limit / _MEGABYTE:,.0f} MB that are taken. Acquire "
        "fewer events."
    ),
    BodyTooSlow: lambda _: "The file came too slowly, and nothing was stored. Send it again.",
    ClientLeft: lambda _: "The line broke before the file had come. Send it again.",
    TooBusy: lambda _: _AGAIN,
    TooMany: lambda _: "Too much was asked for within a minute. Wait a little, then try again.",
    StillRunning: lambda _: "It is still being done. Ask again in a moment.",
    DatabaseUnavailable: lambda _: f"{_AGAIN} If it lasts, tell whoever operates the service.",
    DiskFull: lambda _: (
        "The disk of the service is full, so nothing was stored. Tell whoever operates it."
    ),
    QuotaUsed: lambda error: (
        f"You have sent the {error.limit / _MEGABYTE:,.0f} MB that you may send in a day. Go on "
        "tomorrow, or ask an administrator for more."
    ),
}
