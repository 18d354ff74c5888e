"""The allow-list: which keywords stay, and what their values may look like.

What the numbers rest on stays as it is written; labels stay when they are the field's words; the
instrument's serial number becomes a pseudonym, so that two files can still be held against each
other (device serial numbers are identifiers by 45 CFR 164.514(b)(2)(i)(M)). Everything else goes.
"""

import re
from dataclasses import dataclass

from hladr.channel_name import canonical
from hladr.deidentify.dates import ShiftedDates, dates_of
from hladr.deidentify.pseudonym import PseudonymKey
from hladr.deidentify.vocabulary import is_cytometer, is_technical, neutral_name
from hladr.fcs.channel import Channel
from hladr.fcs.dataset import DataSet, Outline
from hladr.fcs.keywords import Keywords, integer_in, number_in
from hladr.fcs.table import EventTable
from hladr.version import software_version

METHOD = "1"
"""Raised whenever the same file and key would give another output."""

REPLACED_MARKER = "removed"
"""Stands for a marker that is not the field's: the channel still counts as stained with something
else, so that none is taken for HLA-DR or CD14 by its dye because its label is gone."""

_MATRICES = ("$SPILLOVER", "SPILLOVER", "$SPILL", "SPILL")
_UNUSABLE = "0"
_PERCENT = re.compile(r"\$DFC[0-9]{1,2}TO[0-9]{1,2}", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose file it is, by pseudonyms: what is the same for every data set of one file.

    Parameters
    ----------
    key
        The laboratory's key.
    subject
        As the laboratory calls the patient; None when not said.
    name
        Of the output file.
    """

    key: PseudonymKey
    subject: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Keywords of one data set that go into the output.

    Parameters
    ----------
    entries
        Name and value; those that give the places of the segments are the writer's.
    replaced
        Keywords whose label is no longer what it was.
    dates
        What became of the date.
    """

    entries: dict[str, str]
    replaced: tuple[str, ...]
    dates: ShiftedDates


def allowed_keywords(table: EventTable, outline: Outline, identity: Identity) -> Allowed:
    """Keywords of a data set that may be passed on.

    Parameters
    ----------
    table
        The data set, without a companion.
    outline
        Where it was read from.
    identity
        Of the file.
    """
    dataset, keywords = table.dataset, outline.keywords
    names = _channel_names(dataset.channels)
    dates = dates_of(table, identity.key, identity.subject)
    entries = {
        **_of_the_bytes(dataset, keywords),
        **_of_the_instrument(keywords, identity.key),
        **dates.entries,
        **_of_the_method(identity, dates),
    }
    replaced = []
    for channel, name in zip(dataset.channels, names, strict=True):
        prefix = f"$P{channel.index + 1}"
        entries |= {f"{prefix}N": name} | _of_the_channel(channel, keywords, prefix)
        if name != channel.name:
            replaced.append(f"{prefix}N")
        if entries.get(f"{prefix}S", channel.marker) != channel.marker:
            replaced.append(f"{prefix}S")
    entries |= _of_the_spillover(keywords, dataset.channels, names)
    return Allowed(entries, tuple(replaced), dates)


def _of_the_bytes(dataset: DataSet, keywords: Keywords) -> dict[str, str]:
    order = [str(integer_in(part)) for part in (keywords.text("$BYTEORD") or "").split(",")]
    found = {
        "$DATATYPE": keywords.required("$DATATYPE").upper(),
        "$MODE": "L",
        "$PAR": str(len(dataset.channels)),
        "$TOT": str(dataset.columns.n_events),
    }
    if order != ["None"]:
        found["$BYTEORD"] = ",".join(order)
    step = keywords.text("$TIMESTEP")
    if step is not None and number_in(step) is not None:
        found["$TIMESTEP"] = step
    return found


def _of_the_instrument(keywords: Keywords, key: PseudonymKey) -> dict[str, str]:
    found = {}
    if model := keywords.text("$CYT"):
        hidden = f"cytometer {key.pseudonym('cytometer', canonical(model))}"
        found["$CYT"] = model if is_cytometer(model) else hidden
    if serial := keywords.text("$CYTSN"):
        found["$CYTSN"] = key.pseudonym("instrument", serial.upper())
    return found


def _of_the_method(identity: Identity, dates: ShiftedDates) -> dict[str, str]:
    software = f"hladr {software_version()}"
    words = f"{software}, method {METHOD}, allow-list, HMAC-SHA-256, dates {dates.treatment}"
    found = {
        "$FIL": identity.name,
        "$LAST_MODIFIER": software,
        "$ORIGINALITY": "NonDataModified",
        "HLADR_DEIDENTIFIED": words,
    }
    if identity.subject is not None:
        found["HLADR_SUBJECT"] = identity.key.pseudonym("subject", identity.subject)
    return found


def _channel_names(channels: tuple[Channel, ...]) -> tuple[str, ...]:
    """Name of each channel in the output; new ones are unlike all others."""
    taken = {channel.name.lower() for channel in channels if is_technical(channel.name)}
    names = []
    for channel in channels:
        name, number = channel.name.strip(), channel.index + 1
        if not is_technical(name):
            name = neutral_name(channel.name, number)
            while name.lower() in taken:
                number += len(channels)
                name = neutral_name(channel.name, number)
            taken.add(name.lower())
        names.append(name)
    return tuple(names)


def _of_the_channel(channel: Channel, keywords: Keywords, prefix: str) -> dict[str, str]:
    found = {f"{prefix}E": "0,0"}
    for letter in "BRGV":
        text = keywords.text(prefix + letter)
        if text is not None and (number_in(text) is not None or (letter == "B" and text == "*")):
            found[prefix + letter] = text
    amplification = re.sub(r"\s", "", keywords.text(prefix + "E") or "")
    numbers = [number_in(part) for part in amplification.split(",")]
    if len(numbers) == 2 and None not in numbers:
        found[prefix + "E"] = amplification
    if channel.marker is not None:
        known = is_technical(channel.marker)
        found[prefix + "S"] = channel.marker if known else REPLACED_MARKER
    for letter, shape in _SHAPES.items():
        text = keywords.text(prefix + letter)
        if text is not None and shape.fullmatch(text):
            found[prefix + letter] = text
    return found


def _of_the_spillover(
    keywords: Keywords, channels: tuple[Channel, ...], names: tuple[str, ...]
) -> dict[str, str]:
    """Matrices and percentages; one that cannot be used stays one that cannot be used."""
    renamed = {c.name.lower(): name for c, name in zip(channels, names, strict=True)}
    found = {}
    for keyword in _MATRICES:
        if text := keywords.text(keyword):
            found[keyword] = _matrix(text, renamed)
    if text := keywords.text("$COMP"):
        parts = [part.strip() for part in text.split(",")]
        numeric = all(number_in(part) is not None for part in parts)
        found["$COMP"] = ",".join(parts) if numeric else _UNUSABLE
    for keyword, text in keywords.items():
        if _PERCENT.fullmatch(keyword):
            plain = text.strip(" \t\r\n\0")
            found[keyword.upper()] = plain if number_in(plain) is not None else "unreadable"
    return found


def _matrix(text: str, renamed: dict[str, str]) -> str:
    """``n,name1,…,namen,s11,…,snn`` with the channels' new names."""
    parts = [part.strip() for part in text.split(",")]
    n = integer_in(parts[0])
    if n is None or n < 1 or len(parts) != 1 + n + n * n:
        return _UNUSABLE
    labels = [renamed.get(part.lower()) or _other_label(part) for part in parts[1 : 1 + n]]
    numbers = parts[1 + n :]
    if None in labels or any(number_in(part) is None for part in numbers):
        return _UNUSABLE
    return ",".join([str(n), *map(str, labels), *numbers])


def _other_label(part: str) -> str | None:
    """A channel by its number (Accuri) or its detector alone (LMD); None for anything else."""
    is_number = part.isascii() and part.isdigit() and len(part) <= 4
    return part if is_number or is_technical(part) else None
