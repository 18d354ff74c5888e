"""Which channel of a file is HLA-DR, which is CD14, which are scatter and time.

Looked for by marker, then by dye, then by the detector names of the instruments; a channel whose
label names another antigen is never taken, and where two match, none is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hladr.assay.definition import AssayDefinition, ChannelRule
from hladr.channel_name import (
    canonical,
    detector_name,
    is_known_detector,
    label,
    names_antigen,
    names_other_antigen,
    pulse_feature,
    same_word,
)
from hladr.errors import HladrError
from hladr.fcs.table import Channel, EventTable
from hladr.spillover import bare_detector


class RoleNotFound(HladrError):
    """No channel of the file can be what the assay needs."""

    code: ClassVar[str] = "CHANNEL_NOT_FOUND"

    def __init__(
        self, *, role: str, file: str, rule: ChannelRule, channels: tuple[str, ...]
    ) -> None:
        self.role, self.file, self.channels = role, file, channels
        wanted = "; ".join(
            f"{kind} {', '.join(words)}"
            for kind, words in (
                ("marker", rule.markers),
                ("dye", rule.dyes),
                ("detector", rule.detectors),
            )
            if words
        )
        super().__init__(
            f"{file}: no {ROLE_NAMES[role]} channel: expected {wanted}; found "
            f"{', '.join(channels)}. Check the stain and the labels, or name the channel in an "
            "assay definition of your own (--assay)."
        )


class RoleAmbiguous(HladrError):
    """More than one channel matches; guessing would be a number from the wrong detector."""

    code: ClassVar[str] = "AMBIGUOUS_CHANNEL"

    def __init__(self, *, role: str, file: str, channels: tuple[str, ...]) -> None:
        self.role, self.file, self.channels = role, file, channels
        super().__init__(
            f"{file}: {len(channels)} channels could be {ROLE_NAMES[role]}: {', '.join(channels)}. "
            "Expected one; name it in an assay definition (--assay)."
        )


class MarkerOnOtherDye(HladrError):
    """The label says HLA-DR, the detector is not the one the beads calibrate."""

    code: ClassVar[str] = "MARKER_ON_OTHER_DYE"

    def __init__(self, *, role: str, file: str, channel: str, dyes: tuple[str, ...]) -> None:
        self.role, self.file, self.channel, self.dyes = role, file, channel, dyes
        super().__init__(
            f"{file}: the {ROLE_NAMES[role]} label stands on {channel}, the assay needs it on "
            f"{' or '.join(dyes)}. Check the panel, or use the assay definition of that conjugate."
        )


ROLE_NAMES = {
    "hla_dr": "HLA-DR (PE)",
    "cd14": "CD14 (monocyte)",
    "cd45": "CD45",
    "fsc": "forward scatter",
    "ssc": "side scatter",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """The channels of one file by role; None where an optional one is absent."""

    hla_dr: Channel
    cd14: Channel
    cd45: Channel | None
    fsc: Channel
    fsc_height: Channel | None
    ssc: Channel
    time: Channel | None

    @property
    def stains(self) -> dict[str, Channel]:
        """Channels of HLA-DR, CD14 and, where there is one, CD45, by role."""
        found = {"hla_dr": self.hla_dr, "cd14": self.cd14, "cd45": self.cd45}
        return {role: channel for role, channel in found.items() if channel is not None}

    def names(self) -> dict[str, str]:
        """`$PnN` of the channels that are there, by role."""
        return {role: channel.name for role, channel in self.channels().items()}

    def channels(self) -> dict[str, Channel]:
        """Channels that are there, by role."""
        roles = {
            "hla_dr": self.hla_dr,
            "cd14": self.cd14,
            "cd45": self.cd45,
            "fsc": self.fsc,
            "fsc_height": self.fsc_height,
            "ssc": self.ssc,
            "time": self.time,
        }
        return {role: channel for role, channel in roles.items() if channel is not None}

    def titles(self) -> dict[str, str]:
        """What to write on an axis, by role: ``CD14 (PerCP-Cy5-5-A)``, ``FSC-A``."""
        stains = {"cd14": "CD14", "cd45": "CD45", "hla_dr": "HLA-DR"}
        return {
            role: f"{stains[role]} ({name})" if role in stains else name
            for role, name in self.names().items()
        }


def find_panel(table: EventTable, assay: AssayDefinition) -> Panel:
    """Channels of a blood file by the rules of an assay.

    Raises
    ------
    RoleNotFound, RoleAmbiguous, MarkerOnOtherDye
        The file does not say, or says twice, or says otherwise.
    """
    rules = assay.channels
    hla_dr = stained_channel(table, "hla_dr", rules["hla_dr"])
    cd14 = stained_channel(table, "cd14", rules["cd14"], taken=(hla_dr,))
    fsc = scatter_channel(table, "fsc", rules["fsc"])
    return Panel(
        hla_dr=hla_dr,
        cd14=cd14,
        cd45=_optional_stain(table, rules, (hla_dr, cd14)),
        fsc=fsc,
        fsc_height=companion(table, fsc, "height"),
        ssc=scatter_channel(table, "ssc", rules["ssc"]),
        time=time_channel(table),
    )


def stained_channel(
    table: EventTable, role: str, rule: ChannelRule, *, taken: tuple[Channel, ...] = ()
) -> Channel:
    """The channel of one stain, by marker, dye or detector."""
    free = [c for c in table.channels if c not in taken and pulse_feature(c.name) != "width"]
    labelled = [c for c in free if names_antigen(label(c), rule.markers)]
    if labelled:
        found = _single(labelled, role, table.name)
        _require_dye(found, role, rule, table.name)
        return found
    unlabelled = [c for c in free if not names_other_antigen(c)]
    for words in (rule.dyes, rule.detectors):
        matching = [c for c in unlabelled if same_word(detector_name(c.name), words)]
        if matching:
            return _single(matching, role, table.name)
    names = tuple(f"{c.name} ({c.marker})" if c.marker else c.name for c in table.channels)
    raise RoleNotFound(role=role, file=table.name, rule=rule, channels=names)


def scatter_channel(table: EventTable, role: str, rule: ChannelRule) -> Channel:
    """Forward or side scatter, area before height."""
    matching = [
        c
        for c in table.channels
        if same_word(detector_name(c.name), rule.detectors) and pulse_feature(c.name) != "width"
    ]
    if not matching:
        names = tuple(c.name for c in table.channels)
        raise RoleNotFound(role=role, file=table.name, rule=rule, channels=names)
    return _single(matching, role, table.name)


def time_channel(table: EventTable) -> Channel | None:
    """The acquisition clock, if the file has one."""
    return next((c for c in table.channels if c.is_time), None)


def companion(table: EventTable, channel: Channel, feature: str) -> Channel | None:
    """The same detector's other pulse feature (``height``, ``width``), if it was recorded."""
    if pulse_feature(channel.name) != "area":
        return None
    detector = detector_name(channel.name)
    for other in table.channels:
        same = same_word(detector_name(other.name), (detector,))
        if same and pulse_feature(other.name) == feature:
            return other
    return None


def bottom(channel: Channel) -> float:
    """Scale value at which a detector saw nothing: 0, or channel 0 of a log amplifier."""
    return channel.log_offset if channel.log_decades > 0 else 0.0


def _optional_stain(
    table: EventTable, rules: Mapping[str, ChannelRule], taken: tuple[Channel, ...]
) -> Channel | None:
    rule = rules.get("cd45")
    if rule is None:
        return None
    try:
        return stained_channel(table, "cd45", rule, taken=taken)
    except RoleNotFound:
        if rule.optional:
            return None
        raise


def _require_dye(channel: Channel, role: str, rule: ChannelRule, file: str) -> None:
    """Refuse a label on a detector that is known to see another dye."""
    name = detector_name(channel.name)
    if not rule.dyes or same_word(name, (*rule.dyes, *rule.detectors)):
        return
    if names_antigen(name, rule.markers):  # `$PnN` is the marker itself: HLA-DR-PE
        return
    if role == "hla_dr" and is_known_detector(name):
        raise MarkerOnOtherDye(role=role, file=file, channel=channel.name, dyes=rule.dyes)


def _single(channels: list[Channel], role: str, file: str) -> Channel:
    """One channel: of one detector's pulse features the area, of raw and Comp- the latter.

    A log amplifier's channel comes before both: beside it the Calibur's area is linear, for DNA.
    """
    detectors = {canonical(detector_name(c.name)) for c in channels}
    if len(detectors) > 1:
        raise RoleAmbiguous(role=role, file=file, channels=tuple(c.name for c in channels))
    best = min(map(_rank, channels))
    ties = [c for c in channels if _rank(c) == best]
    if len(ties) > 1:
        raise RoleAmbiguous(role=role, file=file, channels=tuple(c.name for c in ties))
    return ties[0]


def _rank(channel: Channel) -> tuple[bool, int, bool]:
    feature = ("area", "unknown", "height", "width").index(pulse_feature(channel.name))
    return channel.log_decades <= 0, feature, bare_detector(channel.name) == channel.name
