"""What is in an FCS file, and whether it can be quantified, without quantifying it.

Only what the measurement rests on is looked at: settings and keywords that may name a patient
(``$SRC``, ``$OP`` …) are left out, and no column is read that no role needs.
"""

from dataclasses import dataclass
from typing import Any

from calibration.finding import Finding
from hladr.acquisition import acquired_at
from hladr.assay import AssayDefinition
from hladr.errors import HladrError
from hladr.fcs.chain import read_chain
from hladr.fcs.keywords import integer_in
from hladr.fcs.table import Channel, EventTable
from hladr.panel import ROLE_NAMES, find_panel, scatter_channel, stained_channel
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
    spillover, spillover_problem = _spillover(table)
    roles, as_blood = _as_blood(table, assay, spillover_problem)
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
        spillover=spillover,
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


def _spillover(table: EventTable) -> tuple[Spillover | None, str | None]:
    try:
        return Spillover.from_table(table), None
    except HladrError as error:
        return None, str(error)


def _as_blood(
    table: EventTable, assay: AssayDefinition, spillover_problem: str | None
) -> tuple[dict[int, str], Usability]:
    try:
        panel = find_panel(table, assay)
    except HladrError as error:
        return {}, Usability(possible=False, reason=str(error))
    found = {role: getattr(panel, role) for role in ROLE_NAMES}
    roles = {
        channel.index: ROLE_NAMES[role] for role, channel in found.items() if channel is not None
    }
    if spillover_problem is not None:
        return roles, Usability(possible=False, reason=spillover_problem)
    if table.n_events < assay.events.monocytes_reject:
        return roles, Usability(
            possible=False,
            reason=f"it holds {table.n_events} events, and {assay.events.monocytes_reject} "
            "monocytes are the least. Acquire more.",
        )
    return roles, Usability(possible=True, reason=_listed(table, roles))


def _as_beads(table: EventTable, assay: AssayDefinition) -> tuple[dict[int, str], Usability]:
    try:
        found = {
            "hla_dr": stained_channel(table, "hla_dr", assay.channels["hla_dr"]),
            "fsc": scatter_channel(table, "fsc", assay.channels["fsc"]),
            "ssc": scatter_channel(table, "ssc", assay.channels["ssc"]),
        }
    except HladrError as error:
        return {}, Usability(possible=False, reason=str(error))
    names = {"hla_dr": "PE", "fsc": ROLE_NAMES["fsc"], "ssc": ROLE_NAMES["ssc"]}
    roles = {channel.index: names[role] for role, channel in found.items()}
    return roles, Usability(possible=True, reason=_listed(table, roles))


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
