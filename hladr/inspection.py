"""What is in an FCS file, and whether it can be quantified, without quantifying it.

Keywords that may name a patient (``$SRC``, ``$OP`` …) are left out. Whether a file can be
quantified is found out by trying: the channels, then the gate; for beads singlets and peaks.
"""

from dataclasses import dataclass
from typing import Any

from calibration.errors import CalibrationError
from calibration.finding import Finding
from calibration.peaks import find_populations
from hladr.acquisition import acquired_at
from hladr.assay import AssayDefinition
from hladr.bead_gate import gate_beads
from hladr.errors import HladrError
from hladr.fcs.chain import read_chain
from hladr.fcs.keywords import integer_in
from hladr.fcs.table import Channel, EventTable
from hladr.gating import gate_monocytes
from hladr.panel import ROLE_NAMES, companion, find_panel, scatter_channel, stained_channel
from hladr.sample_columns import read_columns
from hladr.spillover import Spillover

SCHEMA = "hladr.inspection/1"

_SOFTWARE_KEYWORDS = ("CREATOR", "SOFTWARE", "#SOFTWARE", "APPLICATION", "$CREATOR")


@dataclass(frozen=True, slots=True)
class Usability:
    """Whether a file can serve a purpose, and the sentence that says why or why not."""

    possible: bool
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """Facts of one file; None where it does not record one.

    Parameters
    ----------
    data_sets
        Events of each data set of the file.
    roles
        Role of a channel (``HLA-DR (PE)``, ``CD14 (monocyte)`` …) by its column.
    spillover
        Matrix of the file; None when it has none.
    as_blood, as_beads
        Whether it can be quantified as a stained blood tube, or serve as the bead tube.
    """

    file: str
    sha256: str
    version: str
    cytometer: str | None
    serial: str | None
    software: str | None
    acquired_at: str | None
    events: int
    data_sets: tuple[int, ...]
    channels: tuple[Channel, ...]
    roles: dict[int, str]
    spillover: Spillover | None
    findings: tuple[Finding, ...]
    assay: str
    as_blood: Usability
    as_beads: Usability

    @property
    def usable(self) -> bool:
        """Whether the file can serve as blood or as beads."""
        return self.as_blood.possible or self.as_beads.possible

    @property
    def verdict(self) -> str:
        """One sentence: can this be quantified, and if not why."""
        if self.as_blood.possible and self.as_beads.possible:
            return (
                f"can be quantified with {self.assay}, but looks like beads, too; make sure that "
                f"it is blood: {self.as_blood.reason} As beads: {self.as_beads.reason}"
            )
        if self.as_blood.possible:
            return f"can be quantified with {self.assay}: {self.as_blood.reason}"
        if self.as_beads.possible:
            return (
                f"cannot be quantified with {self.assay}: {self.as_blood.reason} "
                f"It can serve as the bead file: {self.as_beads.reason}"
            )
        return f"cannot be quantified with {self.assay}: {self.as_blood.reason}"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready object of schema ``hladr.inspection/1``."""
        return {
            "schema": SCHEMA,
            "file": self.file,
            "sha256": self.sha256,
            "version": self.version,
            "cytometer": self.cytometer,
            "serial": self.serial,
            "software": self.software,
            "acquired_at": self.acquired_at,
            "events": self.events,
            "data_sets": [{"events": events} for events in self.data_sets],
            "channels": [_channel(each, self.roles.get(each.index)) for each in self.channels],
            "spillover": _matrix(self.spillover),
            "findings": [
                {"code": each.code, "severity": each.severity.value, "message": each.message}
                for each in self.findings
            ],
            "assay": self.assay,
            "as_blood": {"possible": self.as_blood.possible, "reason": self.as_blood.reason},
            "as_beads": {"possible": self.as_beads.possible, "reason": self.as_beads.reason},
            "verdict": self.verdict,
        }


def inspect_table(table: EventTable, assay: AssayDefinition) -> Inspection:
    """Facts of a file that was read, and what it can be used for under an assay."""
    moment = acquired_at(table)
    roles, as_blood = _as_blood(table, assay)
    bead_roles, as_beads = _as_beads(table, assay)
    return Inspection(
        file=table.name,
        sha256=table.sha256,
        version=table.version,
        cytometer=table.keyword("$CYT"),
        serial=table.keyword("$CYTSN"),
        software=next(filter(None, map(table.keyword, _SOFTWARE_KEYWORDS)), None),
        acquired_at=None if moment is None else moment.isoformat(),
        events=table.n_events,
        data_sets=_data_sets(table),
        channels=table.channels,
        roles=roles or bead_roles,
        spillover=_spillover(table),
        findings=table.findings,
        assay=assay.name,
        as_blood=as_blood,
        as_beads=as_beads,
    )


def _data_sets(table: EventTable) -> tuple[int, ...]:
    if not table.source.view:  # a table in memory
        return (table.n_events,)
    outlines = read_chain(table.source.view).outlines
    return tuple(integer_in(each.keywords.text("$TOT") or "") or 0 for each in outlines)


def _spillover(table: EventTable) -> Spillover | None:
    try:
        return Spillover.from_table(table)
    except HladrError:  # said where the stains are compensated
        return None


def _as_blood(table: EventTable, assay: AssayDefinition) -> tuple[dict[int, str], Usability]:
    roles: dict[int, str] = {}
    try:
        panel = find_panel(table, assay)
        found = {role: getattr(panel, role) for role in ROLE_NAMES}
        roles = {
            channel.index: ROLE_NAMES[role]
            for role, channel in found.items()
            if channel is not None
        }
        gate = gate_monocytes(read_columns(table, panel).cells, assay.purity)
    except HladrError as error:
        return roles, Usability(possible=False, reason=str(error))
    monocytes = int(gate.monocytes.sum())
    if monocytes < assay.events.monocytes_reject:
        reason = (
            f"{monocytes:,} monocytes, fewer than {assay.events.monocytes_reject}. Acquire more "
            "events of this tube."
        )
        return roles, Usability(possible=False, reason=reason)
    reason = f"{monocytes:,} monocytes; {_listed(table, roles)}"
    return roles, Usability(possible=True, reason=reason)


def _as_beads(table: EventTable, assay: AssayDefinition) -> tuple[dict[int, str], Usability]:
    roles: dict[int, str] = {}
    try:
        channel = stained_channel(table, "hla_dr", assay.channels["hla_dr"])
        fsc = scatter_channel(table, "fsc", assay.channels["fsc"])
        ssc = scatter_channel(table, "ssc", assay.channels["ssc"])
        roles = {
            channel.index: "PE",
            fsc.index: ROLE_NAMES["fsc"],
            ssc.index: ROLE_NAMES["ssc"],
        }
        height = companion(table, fsc, "height")
        singlets = gate_beads(
            table.column(fsc),
            table.column(ssc),
            None if height is None else table.column(height),
            file=table.name,
        )
        found = find_populations(table.column(channel)[singlets], saturation=table.top(channel))
    except (HladrError, CalibrationError) as error:
        return roles, Usability(possible=False, reason=str(error))
    reason = f"{len(found.beads)} bead peaks; {_listed(table, roles)}"
    return roles, Usability(possible=True, reason=reason)


def _listed(table: EventTable, roles: dict[int, str]) -> str:
    return ", ".join(f"{role} on {table.channels[at].name}" for at, role in roles.items()) + "."


def _channel(channel: Channel, role: str | None) -> dict[str, Any]:
    return {
        "name": channel.name,
        "marker": channel.marker,
        "role": role,
        "voltage": channel.voltage,
        "gain": channel.gain,
        "range": channel.range,
        "bits": channel.bits,
        "log_decades": channel.log_decades,
        "log_offset": channel.log_offset,
    }


def _matrix(spillover: Spillover | None) -> dict[str, Any] | None:
    if spillover is None:
        return None
    return {"detectors": list(spillover.detectors), "matrix": spillover.matrix.tolist()}
