"""Facts of one file, and the verdict on it."""

import math
from dataclasses import dataclass, replace
from typing import Any

from calibration.finding import Finding, Severity
from hladr.acquisition import acquired_at, acquired_with
from hladr.assay import AssayDefinition
from hladr.fcs.chain import read_chain
from hladr.fcs.keywords import integer_in
from hladr.fcs.scaling import time_step
from hladr.fcs.table import Channel, EventTable
from hladr.inspection.discretion import known_software, without_values
from hladr.inspection.usability import Usability, as_beads, as_blood
from hladr.spillover import Spillover, SpilloverError

SCHEMA = "hladr.inspection/1"


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """Facts of one file; None where it does not record one.

    Parameters
    ----------
    data_type, byte_order
        $DATATYPE, and ``little-endian`` or ``big-endian`` (None for numbers in ASCII).
    time_step
        $TIMESTEP, seconds.
    data_sets
        Events of each data set of the file.
    roles
        Role of a channel (``HLA-DR (PE)``, ``CD14 (monocyte)`` …) by its column.
    spillover
        Matrix of the file; None when it has none, or one that is unusable.
    spillover_unusable
        Why the file's matrix cannot be used; None when it can, or there is none.
    as_blood, as_beads
        Whether it can be quantified as a stained blood tube, or serve as the bead tube.
    """

    file: str
    sha256: str
    version: str
    data_type: str
    byte_order: str | None
    time_step: float | None
    cytometer: str | None
    serial: str | None
    software: str | None
    acquired_at: str | None
    events: int
    data_sets: tuple[int, ...]
    channels: tuple[Channel, ...]
    roles: dict[int, str]
    spillover: Spillover | None
    spillover_unusable: str | None
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
        """One line: can this be quantified, and if not why."""
        blood, beads = self.as_blood, self.as_beads
        if blood.possible and beads.possible:
            return f"can be quantified: {blood.reason}; but looks like beads, too: {beads.reason}"
        if blood.possible:
            return f"can be quantified: {blood.reason}; stain not proved without beads"
        if beads.possible:
            return f"bead file: {beads.reason}; cannot be quantified as blood"
        return f"cannot be quantified: {blood.reason}"

    @property
    def advice(self) -> str:
        """What to do; empty when nothing."""
        if self.as_blood.possible and self.as_beads.possible:
            return f"Make sure that it is blood. {self.as_blood.advice}"
        return "" if self.as_beads.possible else self.as_blood.advice

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready object of schema ``hladr.inspection/1``; numbers that are none are null."""
        return {
            "schema": SCHEMA,
            "file": self.file,
            "sha256": self.sha256,
            "version": self.version,
            "data_type": self.data_type,
            "byte_order": self.byte_order,
            "time_step": self.time_step,
            "cytometer": self.cytometer,
            "serial": self.serial,
            "software": self.software,
            "acquired_at": self.acquired_at,
            "events": self.events,
            "data_sets": [{"events": events} for events in self.data_sets],
            "channels": [_channel(each, self.roles.get(each.index)) for each in self.channels],
            "spillover": self._spillover(),
            "findings": [
                {"code": each.code, "severity": each.severity.value, "message": each.message}
                for each in self.findings
            ],
            "assay": self.assay,
            "as_blood": _purpose(self.as_blood),
            "as_beads": _purpose(self.as_beads),
            "verdict": self.verdict,
            "advice": self.advice,
        }

    def _spillover(self) -> dict[str, Any] | None:
        if self.spillover_unusable is not None:
            return {"unusable": self.spillover_unusable}
        if self.spillover is None:
            return None
        return {
            "keyword": self.spillover.keyword,
            "detectors": list(self.spillover.detectors),
            "matrix": self.spillover.matrix.tolist(),
        }


def inspect_table(table: EventTable, assay: AssayDefinition) -> Inspection:
    """Facts of a file that was read, and what it can be used for under an assay."""
    moment = acquired_at(table)
    labels = [label for c in table.channels for label in (c.name, c.marker) if label]
    spillover, unusable = _spillover(table, labels)
    blood, beads = (_discreet(each(table, assay), labels) for each in (as_blood, as_beads))
    doubts = () if beads.possible and not blood.possible else blood.findings
    findings = (*table.findings, *_matrix_findings(unusable), *doubts)
    return Inspection(
        file=table.name,
        sha256=table.sha256,
        version=table.version,
        data_type=table.keywords.required("$DATATYPE").upper(),
        byte_order=_byte_order(table),
        time_step=time_step(table.keywords),
        cytometer=table.keyword("$CYT"),
        serial=table.keyword("$CYTSN"),
        software=known_software(acquired_with(table)),
        acquired_at=None if moment is None else moment.isoformat(),
        events=table.n_events,
        data_sets=_data_sets(table),
        channels=table.channels,
        roles=blood.roles or beads.roles,
        spillover=spillover,
        spillover_unusable=unusable,
        findings=tuple(
            replace(each, message=without_values(each.message, labels)) for each in findings
        ),
        assay=assay.name,
        as_blood=blood,
        as_beads=beads,
    )


def _discreet(usability: Usability, labels: list[str]) -> Usability:
    reason, advice = (without_values(t, labels) for t in (usability.reason, usability.advice))
    return replace(usability, reason=reason, advice=advice)


def _byte_order(table: EventTable) -> str | None:
    order = table.keywords.text("$BYTEORD")
    if order is None or table.keywords.required("$DATATYPE").upper() == "A":
        return None
    return "little-endian" if order.strip().startswith("1") else "big-endian"


def _data_sets(table: EventTable) -> tuple[int, ...]:
    if not table.source.view:  # a table in memory
        return (table.n_events,)
    outlines = read_chain(table.source.view).outlines
    return tuple(integer_in(each.keywords.text("$TOT") or "") or 0 for each in outlines)


def _spillover(table: EventTable, labels: list[str]) -> tuple[Spillover | None, str | None]:
    """Matrix of the file, and why it cannot be used."""
    try:
        return Spillover.from_table(table), None
    except SpilloverError as error:
        return None, without_values(f"{error.keyword}: {error.found}", labels)


def _matrix_findings(unusable: str | None) -> tuple[Finding, ...]:
    if unusable is None:
        return ()
    return (
        Finding(
            "SPILLOVER_UNUSABLE",
            Severity.WARN,
            f"The file's spillover matrix cannot be used ({unusable}); stains that were not "
            "compensated at export cannot be quantified. Export the file with its compensation.",
        ),
    )


def _channel(channel: Channel, role: str | None) -> dict[str, Any]:
    return {
        "name": channel.name,
        "marker": channel.marker,
        "role": role,
        "voltage": channel.voltage,
        "gain": channel.gain,
        "range": None if math.isnan(channel.range) else channel.range,
        "bits": channel.bits,
        "log_decades": channel.log_decades,
        "log_offset": channel.log_offset,
    }


def _purpose(usability: Usability) -> dict[str, Any]:
    return {
        "possible": usability.possible,
        "reason": usability.reason,
        "advice": usability.advice,
    }
