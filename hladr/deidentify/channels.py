"""What stays of a channel: its settings, and its labels where they are the field's words."""

import re
from collections.abc import Mapping

from hladr.channel_name import canonical, detector_name
from hladr.deidentify.pseudonym import PseudonymKey
from hladr.deidentify.vocabulary import is_technical, neutral_name
from hladr.fcs.channel import Channel, is_plain_range
from hladr.fcs.keywords import Keywords, number_in

REPLACED_MARKER = "removed"
"""Stands for a marker that is not the field's: the channel still counts as stained with something
else, so that none is taken for HLA-DR or CD14 by its dye because its label is gone."""

_NUMBER = r"[+-]?\d{1,9}(?:\.\d{0,9})?"

# $PnX whose values describe optics and shape of the pulse; a value of another form is left out.
_SHAPES = {
    "D": re.compile(rf"(?:Linear|Logarithmic),{_NUMBER},{_NUMBER}", re.IGNORECASE),
    "F": re.compile(r"[3-9]\d\d(?:/{1,2}\d{2,3})?(?: ?nm| ?[BLS]P)?", re.IGNORECASE),
    "L": re.compile(r"[2-9]\d\d(?:\.0*)?(?: ?nm)?(?:,[2-9]\d\d)*"),
    "O": re.compile(r"\d{1,4}(?:\.\d{0,6})?(?: ?mW)?", re.IGNORECASE),
    "P": re.compile(r"\d{1,3}(?:\.\d{0,6})?"),
    "TYPE": re.compile(
        r"(?:Forward|Side)_Scatter|Time|(?:Raw|Unmixed|Spectral)_Fluorescence|Mass|Index"
        r"|Electronic_Volume|Classification|State",
        re.IGNORECASE,
    ),
    "FEATURE": re.compile(r"Area|Height|Width", re.IGNORECASE),
    "DATATYPE": re.compile(r"[IFD]", re.IGNORECASE),
}


def channel_names(channels: tuple[Channel, ...], key: PseudonymKey) -> tuple[str, ...]:
    """Name of each channel in the output.

    One that is not the field's becomes a pseudonym of its detector, the same in every file of the
    key, wherever the channel stands: beads and blood of one detector still meet, and those of two
    are still told apart.
    """
    names = {c.name: c.name.strip() for c in channels if is_technical(c.name)}
    taken = {name.lower() for name in names.values()}
    for channel in channels:
        if channel.name in names:
            continue
        detector = detector_name(channel.name)
        word = canonical(detector) or detector.casefold()
        name = neutral_name(channel.name, key.pseudonym("channel", word))
        if name.lower() in taken:  # detectors that differ in signs alone
            name = neutral_name(channel.name, key.pseudonym("channel", channel.name))
        taken.add(name.lower())
        names[channel.name] = name
    return tuple(names[channel.name] for channel in channels)


def channel_markers(channels: tuple[Channel, ...]) -> tuple[str | None, ...]:
    """Marker of each channel in the output, None where it has none.

    Those of a detector's pulse features stay all or none: an area without its marker beside a
    height with it would let the panel choose the height.
    """
    named = {_detector(c) for c in channels if c.marker is not None and not is_technical(c.marker)}
    return tuple(
        c.marker if c.marker is None or _detector(c) not in named else REPLACED_MARKER
        for c in channels
    )


def _detector(channel: Channel) -> str:
    return canonical(detector_name(channel.name)) or channel.name


def channel_settings(channel: Channel, keywords: Keywords, prefix: str) -> Mapping[str, str]:
    """Keywords of a channel but for its labels, `prefix` being ``$Pn``."""
    found = {f"{prefix}E": "0,0"}
    for letter in "BRGV":
        text = keywords.text(prefix + letter)
        if text is not None and (number_in(text) is not None or (letter == "B" and text == "*")):
            found[prefix + letter] = text
    amplification = re.sub(r"\s", "", keywords.text(prefix + "E") or "")
    numbers = [number_in(part) for part in amplification.split(",")]
    if len(numbers) == 2 and None not in numbers:
        found[prefix + "E"] = amplification
    for letter, shape in _SHAPES.items():
        text = keywords.text(prefix + letter)
        if text is not None and shape.fullmatch(text) and _fits(letter, text, channel):
            found[prefix + letter] = text
    return found


def _fits(letter: str, text: str, channel: Channel) -> bool:
    """Whether the numbers of a display ($PnD) lie within the channel's range."""
    if letter != "D":
        return True
    numbers = [number_in(part) for part in text.split(",")[1:]]
    top = channel.range if is_plain_range(channel.range) else 0.0
    return all(number is not None and abs(number) <= top for number in numbers)
