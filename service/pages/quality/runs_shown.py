"""Runs of an instrument as rows: what the rules say of each, and how it lies against the last."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from calibration.control import Compared, Outcome
from calibration.finding import Finding, Severity
from calibration.number_text import signed_text
from hladr.report.badges import severity_badge
from hladr.report.page import Badge, FindingRow
from service.pages.quality.words import ALONE, NO_BASELINE, is_alone, outcome_badge
from service.quality.looking import Seen
from service.quality.runs import MadeRun
from service.store.bead_copies import Copy
from service.store.quality_log import Entry

SHOWN: Final = 50
"""Runs on a page, where nobody asks for more."""
_WEIGHT = {Severity.REJECT: 0, Severity.WARN: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the table.

    Parameters
    ----------
    place
        Its number on the charts.
    findings
        Rules that are violated, and what is no number; the gravest first.
    notes
        What is said quietly: a value beyond 2 SD alone, and what was not judged.
    near
        How it lies against the last five.
    use
        Who lets it be used, and why; None where nobody has said so.
    copies
        Runs of the same file, which are no points.
    earlier
        Who let it be used before it violated what it violates now; None where nobody did.
    is_open
        Whether it is rejected and nobody lets it be used.
    """

    place: int
    id: str
    when: str
    lot_id: str
    lot: str
    outcome: Badge
    findings: tuple[FindingRow, ...]
    notes: tuple[str, ...]
    near: str
    near_findings: tuple[FindingRow, ...]
    use: Entry | None
    earlier: Entry | None
    is_open: bool
    copies: tuple[Copy, ...]


def lot_names(seen: Seen) -> dict[str, str]:
    """What to call each lot, by `Epoch.beads`: its number, with its version where there are two."""
    versions: dict[str, tuple[str, int]] = {}
    for made, _ in seen.runs:
        number = made.calibration.curve.lot.number or "without a number"
        versions[made.run.epoch.beads] = (number, made.calibration.outcome.lot[1])
    numbers = [number for number, _ in versions.values()]
    return {
        words: number if numbers.count(number) == 1 else f"{number}, version {version}"
        for words, (number, version) in versions.items()
    }


def shown_moment(moment: object) -> str:
    """Moment by the clock of the instrument, to the minute."""
    return str(moment)[:16].replace("T", " ")


def run_rows(seen: Seen) -> tuple[RunRow, ...]:
    """Return the runs of an instrument, the newest first."""
    names = lot_names(seen)
    rows = [_row(seen, place, made, near, names) for place, (made, near) in enumerate(seen.runs, 1)]
    return tuple(reversed(rows))


def badge_of(seen: Seen, made: MadeRun) -> Badge:
    """Badge of a run of an instrument."""
    if not seen.book.baselines:
        return NO_BASELINE
    verdict = seen.judged.verdict(made.run.id)
    return outcome_badge(verdict, is_used=seen.book.use_of(verdict, made.ids) is not None)


def is_open(seen: Seen, made: MadeRun) -> bool:
    """Whether a run is rejected, and nobody lets it be used."""
    verdict = seen.judged.verdict(made.run.id)
    rejected = verdict.outcome is Outcome.REJECT
    return rejected and bool(seen.book.baselines) and seen.book.use_of(verdict, made.ids) is None


def finding_rows(findings: tuple[Finding, ...]) -> tuple[FindingRow, ...]:
    """Findings that are more than notes, the gravest first; who is beyond 3 SD is beyond 2."""
    said = [each for each in findings if each.severity is not Severity.NOTE]
    others = {_quantity(each) for each in said if each.code != ALONE}
    grave = [each for each in said if each.code != ALONE or _quantity(each) not in others]
    grave.sort(key=lambda each: _WEIGHT[each.severity])
    return tuple(FindingRow(severity_badge(f.severity), f.code, f.message) for f in grave)


def _quantity(finding: Finding) -> str:
    """Which quantity a finding begins with; a name may have a colon of its own."""
    return finding.message.partition("; rule ")[0].rpartition(": ")[0]


def _row(seen: Seen, place: int, made: MadeRun, near: Compared, names: Mapping[str, str]) -> RunRow:
    verdict = seen.judged.verdict(made.run.id)
    findings = verdict.findings if seen.book.baselines else ()
    alone, use = is_alone(findings), seen.book.use_of(verdict, made.ids)
    return RunRow(
        place=place,
        id=made.run.id,
        when=shown_moment(made.run.moment),
        lot_id=made.calibration.outcome.lot[0],
        lot=names[made.run.epoch.beads],
        outcome=badge_of(seen, made),
        findings=() if alone else finding_rows(findings),
        notes=tuple(_notes(findings, alone=alone)),
        near=_near(near),
        near_findings=finding_rows(near.findings),
        use=use,
        earlier=None if use else seen.book.last_use(made.ids),
        is_open=is_open(seen, made),
        copies=made.copies,
    )


def _notes(findings: tuple[Finding, ...], *, alone: bool) -> Iterator[str]:
    """What is said quietly; what is missing in a run of the window is missing for good."""
    in_window = any(each.code == "CONTROL_BEFORE_BASELINE" for each in findings)
    for each in findings:
        is_missing = each.code == "CONTROL_VALUE_MISSING" and not in_window
        if is_missing or (alone and each.severity is not Severity.NOTE):
            yield each.message


def _near(near: Compared) -> str:
    """How far the farthest of intercept and peaks lies from the last ones."""
    if not near.shifts:
        return "too few before it at these settings"
    worst = max(near.shifts, key=lambda each: abs(each.change))
    percent = f"{signed_text(worst.percent)} %" if math.isfinite(worst.percent) else "beyond all"
    where = "intercept" if worst.molecules is None else f"{worst.molecules:,.6g} PE molecules"
    return f"at most {percent} ({where}), against the {len(near.recent)} before it"
