"""The allow-list: which keywords stay, and what their values may look like.

What the numbers rest on stays as it is written; labels stay when they are the field's words; the
instrument's serial number becomes a pseudonym, so that two files can still be held against each
other (device serial numbers are identifiers by 45 CFR 164.514(b)(2)(i)(M)). Everything else goes.
"""

import re
from dataclasses import dataclass

from hladr.acquisition import DEIDENTIFIED
from hladr.channel_name import canonical
from hladr.deidentify.channels import channel_markers, channel_names, channel_settings
from hladr.deidentify.dates import ShiftedDates, dates_of
from hladr.deidentify.pseudonym import PseudonymKey
from hladr.deidentify.vocabulary import is_cytometer, is_technical
from hladr.fcs.channel import Channel
from hladr.fcs.dataset import DataSet, Outline
from hladr.fcs.keywords import Keywords, integer_in, number_in
from hladr.fcs.table import EventTable
from hladr.version import software_version

METHOD = "2"
"""Raised whenever the same file and key would give another output."""

UNUSABLE_MATRIX, UNREADABLE_PERCENT = "0", "unreadable"
"""Stand for a matrix, or a share of one, that could not be used and still cannot."""

_MATRICES = ("$SPILLOVER", "SPILLOVER", "$SPILL", "SPILL")
_PERCENT = re.compile(r"\$DFC[0-9]{1,2}TO[0-9]{1,2}", re.IGNORECASE)


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
    names = channel_names(dataset.channels, identity.key)
    markers = channel_markers(dataset.channels)
    dates = dates_of(table, identity.key, identity.subject)
    entries = {
        **_of_the_bytes(dataset, keywords),
        **_of_the_instrument(keywords, identity.key),
        **dates.entries,
        **_of_the_method(identity, dates),
    }
    replaced = []
    for channel, name, marker in zip(dataset.channels, names, markers, strict=True):
        prefix = f"$P{channel.index + 1}"
        entries |= {f"{prefix}N": name, **channel_settings(channel, keywords, prefix)}
        if marker is not None:
            entries[f"{prefix}S"] = marker
        if name != channel.name:
            replaced.append(f"{prefix}N")
        if marker != channel.marker:
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
        DEIDENTIFIED: words,
    }
    if identity.subject is not None:
        found["HLADR_SUBJECT"] = identity.key.pseudonym("subject", identity.subject)
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
        found["$COMP"] = ",".join(parts) if numeric else UNUSABLE_MATRIX
    for keyword, text in keywords.items():
        if _PERCENT.fullmatch(keyword):
            plain = text.strip(" \t\r\n\0")
            found[keyword.upper()] = plain if number_in(plain) is not None else UNREADABLE_PERCENT
    return found


def _matrix(text: str, renamed: dict[str, str]) -> str:
    """``n,name1,…,namen,s11,…,snn`` with the channels' new names."""
    parts = [part.strip() for part in text.split(",")]
    n = integer_in(parts[0])
    if n is None or n < 1 or len(parts) != 1 + n + n * n:
        return UNUSABLE_MATRIX
    labels = [renamed.get(part.lower()) or _other_label(part) for part in parts[1 : 1 + n]]
    numbers = parts[1 + n :]
    if None in labels or any(number_in(part) is None for part in numbers):
        return UNUSABLE_MATRIX
    return ",".join([str(n), *map(str, labels), *numbers])


def _other_label(part: str) -> str | None:
    """A channel by its number (Accuri) or its detector alone (LMD); None for anything else."""
    is_number = part.isascii() and part.isdigit() and len(part) <= 4
    return part if is_number or is_technical(part) else None
