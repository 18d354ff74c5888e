"""Refusals of files, beads, blood and gates in words for the bench."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from calibration.errors import BeadPeaksNotFound
from hladr.drawn.errors import PopulationEmpty
from hladr.fcs.errors import (
    ChannelNotFound,
    FcsError,
    KeywordError,
    NotFcs,
    SegmentError,
    TruncatedData,
    TruncatedText,
    UnsupportedFcs,
    UnsupportedMode,
)
from hladr.ferritin import FerritinUnit, InvalidFerritin
from hladr.gates.errors import InvalidGate
from hladr.gating.one_size import LooksLikeBeads
from hladr.panel import ROLE_NAMES, MarkerOnOtherDye, RoleAmbiguous, RoleNotFound
from service.analyses.gates_moved import GateNotMovable
from service.archive.archive import FileDamaged, FileLost
from service.definitions import DefinitionUnknown
from service.doors.report.figures import NumberNotReproduced
from service.measuring.apart import GateFileHarmful
from service.measuring.measuring import SampleLooksLikeBeads
from service.measuring.opened import TooManyEvents

_SHORT: Final = "The file was cut short. Copy it again from the cytometer, or export it again."
_DAMAGED: Final = "The file is damaged or incomplete. Export it again at the cytometer."
_BEADS: Final = (
    "This is a bead file, not blood. Look whether two files were exchanged, and drop the blood "
    "file of the tube."
)
_LOST: Final = (
    "A file of this tube is lost or damaged, so that nobody can see what was measured. The page "
    "of the sample says which one, and how it comes back; else tell whoever operates the service."
)


def _no_channel(error: RoleNotFound) -> str:
    return (
        f"The file has no channel for {ROLE_NAMES[error.role]}; it has {', '.join(error.channels)}."
        " Look whether it is the right file, and at the labels at the cytometer."
    )


def _several(error: RoleAmbiguous) -> str:
    return (
        f"Several channels of the file could be {ROLE_NAMES[error.role]}: "
        f"{', '.join(error.channels)}. Label one of them at the cytometer, and export again."
    )


def _other_dye(error: MarkerOnOtherDye) -> str:
    return (
        f"The file has {ROLE_NAMES[error.role]} on {error.channel}; it is measured on "
        f"{' or '.join(error.dyes)}. Look at the panel, and at the labels at the cytometer."
    )


def _no_peaks(error: BeadPeaksNotFound) -> str:
    found = "one peak" if error.peaks == 1 else f"{error.peaks} peaks"
    return (
        f"No bead peaks that stand apart: {found} among {error.events:,} events. Look whether this "
        "is the bead file, and whether PE was recorded; else run the beads again."
    )


def _empty(error: PopulationEmpty) -> str:
    return (
        f"The gate “{error.gate}” holds {error.found:,} of {error.of:,} events, too few for a "
        "number. Draw it so that it holds the monocytes."
    )


def _gate(error: InvalidGate) -> str:
    return (
        f"The gate cannot be used as drawn: it needs {error.expected}, and has {error.found}. Draw "
        "it otherwise."
    )


def _ferritin(error: InvalidFerritin) -> str:
    return (
        f"Ferritin “{error.text[:40]}” cannot be read: {error.reason}. Write the plain number in "
        "ng/mL such as 812, >40000 or <5, or leave it empty."
    )


def _unit(error: FerritinUnit) -> str:
    return f"Ferritin is in {error.unit[:20]}. Write it in ng/mL, which is the same as µg/L."


def _unknown(error: DefinitionUnknown) -> str:
    return f"There is no {error.kind} “{error.name[:80]}”. Write one of {', '.join(error.known)}."


FILES: Final[Mapping[type[Exception], Callable[[Any], str]]] = {
    NotFcs: lambda _: "This is no FCS file. Drop the file as the cytometer exported it.",
    TruncatedText: lambda _: _SHORT,
    TruncatedData: lambda _: _SHORT,
    UnsupportedMode: lambda _: (
        "The file holds a histogram and no single events. Export the tube in list mode."
    ),
    UnsupportedFcs: lambda _: (
        "This kind of FCS file is not read. Export it again at the cytometer, as FCS 3.1."
    ),
    KeywordError: lambda error: f"{_DAMAGED} What is wrong is the keyword {error.keyword}.",
    SegmentError: lambda _: _DAMAGED,
    FcsError: lambda _: _DAMAGED,
    ChannelNotFound: lambda error: (
        f"The file has no channel {error.wanted}; it has {', '.join(error.channels)}. Look whether "
        "it is of the same panel and cytometer."
    ),
    RoleNotFound: _no_channel,
    RoleAmbiguous: _several,
    MarkerOnOtherDye: _other_dye,
    BeadPeaksNotFound: _no_peaks,
    LooksLikeBeads: lambda _: _BEADS,
    SampleLooksLikeBeads: lambda _: _BEADS,
    TooManyEvents: lambda error: (
        f"The file holds {error.found:,} {error.what}, more than the {error.limit:,} that are "
        "measured. Acquire fewer."
    ),
    InvalidGate: _gate,
    GateNotMovable: lambda _: "The gate has another shape now. Load the page again, and draw it.",
    GateFileHarmful: lambda _: (
        "The gates took too much time or memory this time. Load the page anew, and try once more; "
        "if they do so again, export them again from the program that drew them, and send that."
    ),
    PopulationEmpty: _empty,
    InvalidFerritin: _ferritin,
    FerritinUnit: _unit,
    DefinitionUnknown: _unknown,
    FileLost: lambda _: _LOST,
    FileDamaged: lambda _: _LOST,
    NumberNotReproduced: lambda _: (
        "The software that is installed does not give this number again, so nobody can look at how "
        "it was measured. Change what is said of it, with the reason: that measures it again; sign "
        "the new version. Or sign it as rejected."
    ),
}
"""The words of a kind of refusal; a kind that has none of its own has those of the one above it."""
