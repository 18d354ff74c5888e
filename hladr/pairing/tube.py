"""What one FCS file is for pairing: beads or blood, of which instrument, when, and how set.

Only its keywords are read.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from calibration.provenance import Provenance
from hladr.acquisition import acquired_at
from hladr.assay import AssayDefinition
from hladr.channel_name import label, names_antigen
from hladr.errors import HladrError
from hladr.fcs import Channel, EventTable, read_fcs
from hladr.pairing.left_out import LeftOut, Reason
from hladr.pairing.rules import FILE_NAME, PATH, PairingRules
from hladr.panel import find_panel, stained_channel

_LONGEST_LOOKED_IN = 1000


class Role(StrEnum):
    """What a tube holds."""

    BEADS = "beads"
    BLOOD = "blood"


@dataclass(frozen=True, slots=True)
class Tube:
    """A bead tube or a blood tube.

    Parameters
    ----------
    path
        As it was given.
    role
        What it holds.
    size
        Bytes.
    keywords_sha256
        Of all keywords: files that differ in it are no copies of each other.
    cytometer, serial
        ``$CYT`` and ``$CYTSN``; None = not recorded.
    acquired_at
        Start of acquisition; None = not recorded, or not readable.
    channel
        In which HLA-DR or the beads are measured.
    """

    path: str
    role: Role
    size: int
    keywords_sha256: str
    cytometer: str | None
    serial: str | None
    acquired_at: dt.datetime | None
    channel: Channel

    @property
    def instrument(self) -> str:
        """Model and serial number as far as recorded."""
        return " ".join(filter(None, (self.cytometer, self.serial)))

    def settings(self) -> Provenance:
        """Settings of the channel, to hold those of another tube against."""
        return Provenance(
            detector=self.channel.name,
            voltage=self.channel.voltage,
            gain=self.channel.gain,
            log_decades=self.channel.log_decades,
        )


def examine(
    path: str | Path, rules: PairingRules, assay: AssayDefinition, *, below: str | Path = ""
) -> Tube | LeftOut:
    """Tell what a file is by its keywords, names of channels and its own name.

    Parameters
    ----------
    path
        FCS or LMD file.
    rules
        The words that tell.
    assay
        Says which channel is HLA-DR, and which CD14.
    below
        Folder that the rules' ``path`` begins under.
    """
    text = str(path)
    if not _can_be_written(text):
        return LeftOut(text, Reason.UNREADABLE, "its name is no Unicode; rename it")
    try:
        table = read_fcs(path)
    except HladrError as error:
        return LeftOut(text, Reason.UNREADABLE, str(error), error.code)
    try:
        told = _told(table, tuple(_texts(table, Path(path), Path(below), rules)), rules, assay)
    except HladrError as error:
        return LeftOut(text, Reason.NEITHER, str(error), error.code)
    if isinstance(told, LeftOut):
        return LeftOut(text, told.reason, told.detail, told.code)
    role, channel = told
    return Tube(
        path=text,
        role=role,
        size=len(table.source.view),
        keywords_sha256=_keywords_sha256(table),
        cytometer=table.keyword("$CYT"),
        serial=table.keyword("$CYTSN"),
        acquired_at=acquired_at(table),
        channel=channel,
    )


def _told(
    table: EventTable, texts: tuple[str, ...], rules: PairingRules, assay: AssayDefinition
) -> tuple[Role, Channel] | LeftOut:
    """Role and channel of a file; errors are those of a panel that is not found."""

    def say(pattern: str) -> bool:
        return any(getattr(rules, pattern).search(text) for text in texts)

    if say("other"):
        return LeftOut(table.name, Reason.SET_ASIDE, "the rules know it as another tube")
    labelled = _is_labelled(table, assay)
    if say("beads") or (not labelled and say("beads_unlabelled")):
        return Role.BEADS, stained_channel(table, "hla_dr", assay.channels["hla_dr"])
    if labelled or say("blood"):
        return Role.BLOOD, find_panel(table, assay).hla_dr
    detail = (
        "no channels labelled HLA-DR and CD14, and no word of beads or blood in its name or "
        "keywords; give rules that know it (--rules)"
    )
    return LeftOut(table.name, Reason.NEITHER, detail)


def _is_labelled(table: EventTable, assay: AssayDefinition) -> bool:
    """Whether channels carry the names of both stains."""
    labels = [label(channel) for channel in table.channels]
    return all(
        any(names_antigen(each, assay.channels[role].markers) for each in labels)
        for role in ("hla_dr", "cd14")
    )


def _texts(table: EventTable, path: Path, below: Path, rules: PairingRules) -> Iterator[str]:
    """Texts in which the rules look for words."""
    for place in rules.look_in:
        if place == FILE_NAME:
            yield path.name
        elif place == PATH:
            yield (path.relative_to(below) if path.is_relative_to(below) else path).as_posix()
        else:
            yield (table.keyword(place) or "")[:_LONGEST_LOOKED_IN]


def _can_be_written(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:  # bytes of another encoding
        return False
    return True


def _keywords_sha256(table: EventTable) -> str:
    digest = hashlib.sha256()
    for keywords in (table.keywords, table.companion):
        digest.update(repr(sorted(keywords.items())).encode())
    return digest.hexdigest()
