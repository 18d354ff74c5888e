"""What the names of a channel say: detector, pulse feature, antigen, dye."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps

from hladr.fcs.table import Channel
from hladr.spillover import bare_detector

_PULSE = re.compile(
    r"[-_ ](A|H|W|INT|PEAK|TOF|AREA|HEIGHT|WIDTH)(?:[-_ ](LIN|LOG))?$", re.IGNORECASE
)
_FEATURE = {
    "A": "area", "INT": "area", "AREA": "area",
    "H": "height", "PEAK": "height", "HEIGHT": "height",
    "W": "width", "TOF": "width", "WIDTH": "width",
}  # fmt: skip
# What may stand beside the antigen in a label without making it another antigen.
_CLUTTER = re.compile(
    r"^(ANTI|A|H|W|M|INT|LIN|LOG|AREA|PE|RPE|PHYCOERYTHRIN|PERCP(CY55|CYANINE55)?|PCP55|FITC|"
    r"QUANTIBRITE(ANTI|PE)?(BEADS)?|APC(H7|CY7|R700|A700|A750|FIRE750)?|V450|V500C?|KRO?|KROR|KROMEORANGE|KO|PC5|PC55|PC7|ECD|"
    r"PECY5|PECY55|PECY7|PB|PACBLU?E?|BV\d{3}|BUV\d{3}|BB\d{3}|AF\d{3}|AX\d{3}|L243|MPHIP9|MOP9)$"
)
# Detectors that instruments number: FL1 (Calibur, Beckman), BL1 (Attune), V3 (MACSQuant, Aurora).
_NUMBERED = re.compile(r"^(FL|BL|GL|RL|VL|YL|UV|YG|B|G|R|V|Y)\d{1,2}$")
_KEPT, _SHORT = 2048, 64  # answers; characters of a name that is asked about again and again


def _of_names(function: Callable[[str], str]) -> Callable[[str], str]:
    """Keep what a function says of short names; long ones would fill the memory."""
    known = lru_cache(maxsize=_KEPT)(function)

    @wraps(function)
    def said(name: str) -> str:
        return known(name) if len(name) <= _SHORT else function(name)

    return said


@_of_names
def detector_name(name: str) -> str:
    """``PE`` of ``PE-A``, ``FL2`` of ``FL2 INT LOG``, ``PE`` of ``Comp-PE-A``."""
    return _PULSE.sub("", bare_detector(name).strip())


def pulse_tail(name: str) -> str:
    """What of a name says the pulse feature: ``-A`` of ``PE-A``, ``-H`` of ``Comp-PE-H``."""
    found = _PULSE.search(bare_detector(name).strip())
    return found[0] if found else ""


@_of_names
def pulse_feature(name: str) -> str:
    """``area``, ``height``, ``width``, or ``unknown`` where the name does not say."""
    found = _PULSE.search(bare_detector(name).strip())
    return _FEATURE[found.group(1).upper()] if found else "unknown"


@_of_names
def canonical(text: str) -> str:
    """Letters and digits only, upper case: ``PerCP-Cy5.5`` and ``PerCP-Cy5-5`` are one word."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def same_word(text: str, words: Iterable[str]) -> bool:
    """Whether a name is one of the words, spelling aside."""
    return canonical(text) in {canonical(word) for word in words}


def label(channel: Channel) -> str:
    """What the file says is stained: `$PnS`, or `$PnN` where that carries the marker."""
    return channel.marker or _PULSE.sub("", channel.name)


def names_antigen(text: str, markers: Iterable[str]) -> bool:
    """Whether a label names one of the markers, with nothing beside it but dye or pulse.

    ``CD14 PerCP-Cy5.5`` and ``HLA-DR-PE`` do; ``VIVID / CD14`` (a dump channel), ``CD142`` do not.
    """
    word = canonical(text)
    for marker in markers:
        name = canonical(marker)
        before, found, after = word.partition(name)
        if found and all(not part or is_clutter(part) for part in (before, after)):
            return True
    return False


def names_other_antigen(channel: Channel) -> bool:
    """Whether `$PnS` names something that is neither a dye nor the detector itself.

    A pulse feature behind it, as in a marker ``PE-A``, makes no difference.
    """
    if channel.marker is None:
        return False
    word = canonical(detector_name(channel.marker))
    detector = canonical(detector_name(channel.name))
    own = {canonical(channel.name), detector, canonical(bare_detector(channel.name))}
    return word not in own and not is_clutter(word)


def is_clutter(word: str) -> bool:
    """Whether a canonical word is a dye, a clone or a pulse, which say no antigen."""
    return _CLUTTER.match(word) is not None


def is_known_detector(name: str) -> bool:
    """Whether a detector's name tells its dye or its number, to be held against the assay's."""
    word = canonical(name)
    return is_clutter(word) or _NUMBERED.match(word) is not None
