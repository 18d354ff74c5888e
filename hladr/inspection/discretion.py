"""What of a file's free text an inspection shows.

A person looks at instrument, settings and labels, so $CYT, $CYTSN, date, and the channels' names
and markers are shown as they are. Nothing else that is free text is: of the software only names
and versions that are known, and of a keyword that could not be read its name, not its value.
"""

import re
from collections.abc import Collection
from typing import TypeVar

from hladr.errors import HladrError

_Error = TypeVar("_Error", bound=Exception)

# Text that a sentence of the reader quotes, cut short or not.
_QUOTED = re.compile(r"(?<!\w)b?(['\"])(?P<text>(?:\\.|(?!\1).)*?)(?:\1|…)")
_HIDDEN = "'…'"
_STANDARD = re.compile(
    r"\$(?:P\d+(?:[A-Z]|TYPE|FEATURE|DATATYPE|CALIBRATION|ANALYTE|TAG|DET)|PAR|TOT|MODE|DATATYPE"
    r"|BYTEORD|NEXTDATA|(?:BEGIN|END)(?:DATA|STEXT|ANALYSIS|DATETIME)|SPILLOVER|SPILL|COMP"
    r"|DFC\d+TO\d+|TIMESTEP|CYT|CYTSN|DATE|BTIM|ETIM|FIL|SRC|SMNO|OP|INST|EXP|PROJ|COM|CELLS|SYS"
    r"|ABRT|LOST|TR|VOL|UNICODE|ORIGINALITY|LAST_MODIFIED|LAST_MODIFIER|PLATE(?:ID|NAME)|WELLID"
    r"|CARRIER(?:ID|TYPE)|LOCATIONID|FLOWRATE|UNSTAINEDINFO|UNSTAINEDCENTERS|CSMODE|CSVBITS|GATE)"
)
_PROGRAMS = (
    "bd facsdiva facsuite facschorus facscanto facslyric clinical cellquest lysys accuri csampler "
    "cxp expo32 kaluza cytexpert summit navios system ii attune nxt macsquantify spectroflo flowjo "
    "flowjocollectorsedition fcs express novoexpress guava guavasoft incyte muse flomax cyview "
    "stratedigm fcm flowcore hladr sony id7000 everest prosort icyt cytek"
)
_BESIDE_PROGRAMS = "software version v pro plus beta build release edition for mac windows x64"
_KNOWN = frozenset(f"{_PROGRAMS} {_BESIDE_PROGRAMS}".split())
_VERSION = re.compile(r"v?\d+(?:\.\d+)*[a-z]?")


def known_software(text: str | None) -> str | None:
    """Return what made a file where it is known to be software; None where it may say anything."""
    words = [word for word in re.split(r"[\s,:()®™_-]+", (text or "").lower()) if word]
    if any(word in _PROGRAMS.split() for word in words) and all(
        word in _KNOWN or (_VERSION.fullmatch(word) and len(word) <= 20) for word in words
    ):
        return text
    return None


def without_values(message: str, labels: Collection[str] = ()) -> str:
    """Return a sentence without the values of keywords that it quotes.

    Names of the standard's keywords and the `labels` of channels stay.
    """
    shown = {label.lower() for label in labels}

    def hidden(found: re.Match[str]) -> str:
        text = found["text"]
        return found[0] if _STANDARD.fullmatch(text) or text.lower() in shown else _HIDDEN

    return _QUOTED.sub(hidden, message)


def discreet(error: _Error) -> _Error:
    """Return the same error, its sentence without values."""
    if not isinstance(error, HladrError):
        return error
    hidden = type(error).__new__(type(error), without_values(str(error)))
    hidden.__dict__.update(error.__dict__)
    return hidden
