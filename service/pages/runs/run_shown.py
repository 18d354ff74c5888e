"""A bead run as its page shows it: figures, traffic light, how far it lies from the last one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from calibration.finding import Severity
from hladr.bead_run import BeadRun
from hladr.number_format import format_count, format_signed_percent
from hladr.report.badges import severity_badge, verdict_badge
from hladr.report.page import Badge, Fact, FindingRow, PeakRow
from hladr.report.run_drawings import draw_bead_run, draw_standard_curve
from hladr.report.tables import curve_facts, peak_rows
from hladr.result import Verdict
from service.calibrations.compared import Compared, Moved, compared
from service.definitions import assay_of
from service.doors.report.printed import of_service
from service.laboratory import Laboratory
from service.store import calibrations, definitions
from service.store.calibration import Calibration
from service.store.signed_runs import last_signed
from service.store.versions import INSTRUMENTS, LOTS

_WEIGHT = {Severity.REJECT: 0, Severity.WARN: 1, Severity.NOTE: 2}
_SENTENCES: Final = {
    Verdict.PASS: "Blood can be measured by these beads.",
    Verdict.REVIEW: "Blood can be measured by these beads; read the findings first.",
    Verdict.REJECT: (
        "No blood is measured by these beads. Do what the findings say, then drop another bead "
        "file, or choose another lot."
    ),
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """The run that a new one is held against: where it is, and what moved since, in words."""

    id: str
    when: str
    sentence: str
    volts: str


@dataclass(frozen=True, slots=True)
class RunShown:
    """What the page of a run shows of its beads.

    Parameters
    ----------
    when, lot
        By which it is known: of when its beads are, and of which lot.
    bead_figure
        Empty where the software that is installed does not give the line again.
    earlier
        None for the first signed run of an instrument.
    """

    id: str
    accepted: bool
    light: Badge
    sentence: str
    findings: tuple[FindingRow, ...]
    facts: tuple[Fact, ...]
    bead_figure: Markup
    bead_note: str
    curve_figure: Markup
    curve_facts: tuple[Fact, ...]
    peaks: tuple[PeakRow, ...]
    earlier: Earlier | None
    instrument_id: str
    instrument: str
    when: str
    lot: str
    preparation: str


def run_shown(laboratory: Laboratory, id: str) -> RunShown:
    """Return what the page of a run shows.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        run = calibrations.current(connection, id)
        before = last_signed(connection, run)
        lot = LOTS.at(connection, *run.outcome.lot).content
        instrument = INSTRUMENTS.at(connection, *run.outcome.instrument).content
    beads = _beads(laboratory, run)
    ghost = None if before is None else _beads(laboratory, before)
    verdict = _verdict(run)
    return RunShown(
        id=run.id,
        accepted=run.curve.accepted,
        light=verdict_badge(verdict),
        sentence=_SENTENCES[verdict],
        findings=_findings(run),
        facts=_facts(run, lot, instrument, laboratory.settings.zone),
        bead_figure=_bead_figure(beads, ghost),
        bead_note=_bead_note(beads),
        curve_figure=draw_standard_curve(
            run.curve, earlier=None if before is None else before.curve
        ),
        curve_facts=curve_facts(run.curve)[1:4],
        peaks=peak_rows(run.curve),
        earlier=None if before is None else _earlier(run, before, laboratory.settings.zone),
        instrument_id=run.outcome.instrument[0],
        instrument=str(instrument["name"]),
        when=_when(run, laboratory.settings.zone),
        lot=_lot(lot),
        preparation=str(instrument.get("preparation") or ""),
    )


def _beads(laboratory: Laboratory, run: Calibration) -> BeadRun | None:
    """Beads of a run, measured once more; None where they do not give its line again."""
    with laboratory.database.reading() as connection:
        assay = assay_of(definitions.by_sha256(connection, run.outcome.assay_sha256))
    file = run.file_sha256, run.file_name
    found = laboratory.turns.take(lambda: laboratory.curves.of(file, run.curve, assay))
    return found if isinstance(found, BeadRun) else None


def _bead_figure(beads: BeadRun | None, ghost: BeadRun | None) -> Markup:
    if beads is None:
        return Markup()
    return draw_bead_run(beads.curve, beads.evidence, None if ghost is None else ghost.evidence)


def _bead_note(beads: BeadRun | None) -> str:
    if beads is None:
        return "Not drawn: the software that is installed does not give this line again."
    singlets, events = int(beads.evidence.singlets.sum()), beads.evidence.values.size
    return (
        f"{format_count(singlets)} singlets of {format_count(events)} bead events; above the peaks "
        "the assigned PE molecules, shaded the windows they were measured in."
    )


def _verdict(run: Calibration) -> Verdict:
    if not run.curve.accepted:
        return Verdict.REJECT
    weights = {each.severity for each in run.curve.findings}
    weights |= {Severity(each["severity"]) for each in run.outcome.findings}
    return Verdict.REVIEW if Severity.WARN in weights else Verdict.PASS


def _findings(run: Calibration) -> tuple[FindingRow, ...]:
    """Findings of the beads and of the service, gravest first."""
    own = [(each.severity, each.code, each.message) for each in run.curve.findings]
    own += [(Severity(f["severity"]), f["code"], f["message"]) for f in run.outcome.findings]
    own.sort(key=lambda each: _WEIGHT[each[0]])
    return tuple(FindingRow(severity_badge(s), code, message) for s, code, message in own)


def _facts(
    run: Calibration,
    lot: Mapping[str, Any],
    instrument: Mapping[str, Any],
    zone: dt.tzinfo,
) -> tuple[Fact, ...]:
    return (
        Fact("Instrument", str(instrument["name"])),
        Fact("Bead lot", f"{_lot(lot)}, version {run.outcome.lot[1]}"),
        Fact("Lot expires", str(lot.get("expires") or "not said")),
        Fact("Bead file", run.file_name),
        Fact("Measured", _when(run, zone)),
        Fact("Calibrated", f"{of_service(run.made.at, zone)[:16]}, {run.made.by}"),
    )


def _lot(lot: Mapping[str, Any]) -> str:
    return " ".join(str(lot[name]) for name in ("maker", "product", "number") if lot.get(name))


def _earlier(run: Calibration, before: Calibration, zone: dt.tzinfo) -> Earlier:
    found = compared(run, before)
    return Earlier(before.id, _when(before, zone), _moved(found), "".join(_volts(found)))


def _moved(found: Compared) -> str:
    """How far each peak, or the line, moved."""
    steps = "; ".join(
        f"{_name(each)} by {format_signed_percent(each.percent)}" for each in found.moved
    )
    if found.same_lot:
        return f"It is of the same lot. The peaks moved: {steps}."
    return (
        "It is of another lot, whose peaks lie elsewhere. The lines were compared; fluorescence "
        f"moved: at {steps}."
    )


def _volts(found: Compared) -> Iterator[str]:
    then, now = found.volts
    if then is not None and now is not None:
        yield f"The detector stood at {then:g} V then, and at {now:g} V now."


def _name(moved: Moved) -> str:
    return "blank" if moved.molecules is None else f"{moved.molecules:,.12g}"


def _when(run: Calibration, zone: dt.tzinfo) -> str:
    """When the beads were measured, as their file says; else when they came."""
    at = run.curve.provenance.acquired_at
    if at is None:
        return f"not said; came {of_service(run.created_at, zone)[:16]}"
    return at.isoformat(sep=" ", timespec="minutes")[:16]
