"""What a file can serve for, found out by trying as far as one file goes.

Blood: channels, gate, and HLA-DR of the monocytes before calibration. Beads: singlets and peaks.
"""

import re
from dataclasses import dataclass

import numpy as np

from calibration.errors import CalibrationError
from calibration.finding import Finding, Severity
from calibration.peaks import find_populations
from hladr.assay import AssayDefinition
from hladr.bead_gate import gate_beads
from hladr.cd14_stain import require_cd14_stain
from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gating import gate_monocytes
from hladr.panel import (
    ROLE_NAMES,
    Panel,
    RoleNotFound,
    bottom,
    companion,
    find_panel,
    scatter_channel,
    stained_channel,
)
from hladr.quantification import Intensity, NoPositiveCentre, intensity, require_measurable
from hladr.sample_columns import read_columns
from hladr.sample_findings import count_findings, statistics_given
from hladr.spillover import SpilloverError

MOST_MONOCYTES = 0.5
"""Share of the leukocytes; in blood it is below 0.2, and with a monocytosis seldom above 0.3."""

STAIN_NOT_PROVED = "Measure it with its beads: without them nothing shows that HLA-DR was stained."
LABEL_THE_STAIN = (
    "Check the stain and the labels, or name the channel in an assay definition of your own "
    "(--assay)."
)


@dataclass(frozen=True, slots=True)
class Usability:
    """Whether a file can serve a purpose.

    Parameters
    ----------
    possible
        As far as this file tells.
    reason
        Why, or why not: part of a sentence, without a full stop.
    advice
        What to do; empty when nothing.
    roles
        Role of a channel (``HLA-DR (PE)``, ``CD14 (monocyte)`` …) by its column.
    findings
        What is doubtful about its use.
    """

    possible: bool
    reason: str
    advice: str
    roles: dict[int, str]
    findings: tuple[Finding, ...] = ()


def as_blood(table: EventTable, assay: AssayDefinition) -> Usability:
    """Whether a file can be quantified as a stained blood tube, but for what takes beads."""
    roles: dict[int, str] = {}
    try:
        panel = find_panel(table, assay)
        roles = _roles(panel)
        columns = read_columns(table, panel)
        gate = gate_monocytes(columns.cells, assay.purity)
        require_cd14_stain(columns.hla_dr[gate.monocytes], columns.cells.cd14[gate.monocytes])
    except HladrError as error:
        return _refused(error, table.name, roles)
    values, at_top = columns.hla_dr[gate.monocytes], columns.at_top[gate.monocytes]
    seen = intensity(values, bottom=bottom(panel.hla_dr), at_top=at_top)
    share = seen.events / max(int(np.count_nonzero(gate.leukocytes)), 1)
    counted = tuple(count_findings(seen.events, assay.events))
    doubts = (*columns.findings, *gate.findings, *counted, *_saturation(seen, assay))
    fault = _fault(seen, share, counted, assay)
    reason, advice = fault or (f"{seen.events:,} monocytes", STAIN_NOT_PROVED)
    return Usability(
        possible=fault is None,
        reason=reason,
        advice=advice,
        roles=roles,
        findings=tuple(each for each in doubts if each.severity is not Severity.REJECT),
    )


def as_beads(table: EventTable, assay: AssayDefinition) -> Usability:
    """Whether a file can serve as the bead tube."""
    roles: dict[int, str] = {}
    try:
        channel = stained_channel(table, "hla_dr", assay.channels["hla_dr"])
        fsc = scatter_channel(table, "fsc", assay.channels["fsc"])
        ssc = scatter_channel(table, "ssc", assay.channels["ssc"])
        roles = {channel.index: "PE", fsc.index: ROLE_NAMES["fsc"], ssc.index: ROLE_NAMES["ssc"]}
        height = companion(table, fsc, "height")
        singlets = gate_beads(
            table.column(fsc),
            table.column(ssc),
            None if height is None else table.column(height),
            file=table.name,
        )
        found = find_populations(table.column(channel)[singlets], saturation=table.top(channel))
    except (HladrError, CalibrationError) as error:
        return _refused(error, table.name, roles)
    reason = f"{len(found.beads)} bead peaks on {channel.name}"
    return Usability(possible=True, reason=reason, advice="", roles=roles)


def _roles(panel: Panel) -> dict[int, str]:
    channels = {role: getattr(panel, role) for role in ROLE_NAMES}
    return {c.index: ROLE_NAMES[role] for role, c in channels.items() if c is not None}


def _fault(
    seen: Intensity, share: float, counted: tuple[Finding, ...], assay: AssayDefinition
) -> tuple[str, str] | None:
    """Why a gated sample has no number that may be used, and what to do; None when nothing is."""
    for finding in counted:
        if finding.severity is Severity.REJECT:
            return f"{seen.events:,} monocytes", finding.message
    if share > MOST_MONOCYTES:
        advice = (
            f"In blood they are fewer than {100 * MOST_MONOCYTES:.0f} %. Check that this is "
            "stained blood, and that CD14 stands on the channel that it was stained with."
        )
        return f"{100 * share:.0f} % of the cells would be monocytes", advice
    try:
        require_measurable(seen)
    except NoPositiveCentre as error:
        return f"no HLA-DR above zero in {100 * seen.nonpositive:.0f} % of the monocytes", str(
            error
        )
    if not statistics_given(seen, assay.values):
        advice = (
            f"At most {100 * assay.values.nonpositive_reject:g} % may have none. Check stain and "
            "compensation."
        )
        return f"no HLA-DR above zero in {100 * seen.nonpositive:.1f} % of the monocytes", advice
    return None


def _saturation(seen: Intensity, assay: AssayDefinition) -> tuple[Finding, ...]:
    if seen.saturated <= assay.values.saturated_reject:
        return ()
    return (
        Finding(
            "MONOCYTES_SATURATED",
            Severity.WARN,
            f"{100 * seen.saturated:.1f} % of the monocytes are at the top of the HLA-DR detector "
            f"(limit {100 * assay.values.saturated_reject:g} %); unless that puts them beyond "
            "every cut-off the result will be rejected. Lower the voltage and run beads and sample "
            "again.",
        ),
    )


def _refused(error: HladrError | CalibrationError, file: str, roles: dict[int, str]) -> Usability:
    """Why nothing could be tried to the end: the head of the sentence, and its rest as advice."""
    sentence = str(error).removeprefix(f"{file}: ")
    head, _, rest = re.sub(r"(?<=\w)(: |; |\. )", "\n", sentence, count=1).partition("\n")
    reason, advice = head.rstrip("."), rest[:1].upper() + rest[1:]
    if isinstance(error, RoleNotFound):  # whose sentence lists all channels
        reason, advice = f"no {ROLE_NAMES[error.role]} channel", LABEL_THE_STAIN
    elif isinstance(error, SpilloverError):
        reason, advice = f"the spillover matrix ({error.keyword}) is unusable", sentence
    return Usability(possible=False, reason=reason, advice=advice, roles=roles)
