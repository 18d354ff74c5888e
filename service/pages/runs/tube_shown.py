"""A tube of a run as its row shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from hladr.criterion.definition import Quantity
from hladr.report.badges import verdict_badge
from hladr.report.page import Badge
from hladr.report.printing import Released
from hladr.result import Verdict
from service.analyses import view
from service.definitions import criterion_kept
from service.laboratory import Laboratory
from service.pages.states import STATES
from service.pages.when import in_words
from service.principal import Principal
from service.store import analysis_lists
from service.store.analysis import Analysis, State

FIELDS = (
    "barcode", "subject", "drawn_at", "stained_at", "ferritin_ng_ml", "tube_type", "preparation",
)  # fmt: skip
"""What is typed in a row."""


@dataclass(frozen=True, slots=True)
class TubeShown:
    """A tube that was measured.

    Parameters
    ----------
    name
        Subject or barcode, whichever is known.
    said
        What is said of it, by the names of `FIELDS`; empty texts for what is not.
    badge
        None where an embargo hides the result.
    number, interval, class_name
        Empty where there is none to show; `instead` says why.
    """

    id: str
    version: int
    name: str
    file: str
    state: str
    said: Mapping[str, str]
    badge: Badge | None
    number: str
    interval: str
    class_name: str
    instead: str
    open_findings: int


def tubes_of_run(
    connection: Connection, laboratory: Laboratory, who: Principal, run_id: str
) -> tuple[TubeShown, ...]:
    """Return the tubes that were measured by a run, the oldest first."""
    found = analysis_lists.of_run(connection, run_id, who.site)
    return tuple(tube_shown(connection, laboratory, who, each) for each in found)


def tube_shown(
    connection: Connection, laboratory: Laboratory, who: Principal, analysis: Analysis
) -> TubeShown:
    """Return a tube as somebody may see it."""
    told = view.told(connection, analysis, laboratory, who)
    tube, file = told["tube"], told["file"]
    said = {name: str(tube.get(name) or "") for name in FIELDS}
    said |= {name: in_words(said[name]) for name in ("drawn_at", "stained_at")}
    verdict = told["verdict"]
    return TubeShown(
        id=told["id"],
        version=told["version"],
        name=said["subject"] or said["barcode"] or "nobody named",
        file="" if file is None else file["name"],
        state=STATES[State(told["state"])],
        said=said,
        badge=None if verdict is None else verdict_badge(Verdict(verdict)),
        open_findings=len(told["open_findings"]),
        **_numbers(connection, told["result"], str(analysis.outcome.criterion_sha256)),
    )


def _numbers(
    connection: Connection, result: Mapping[str, Any] | None, criterion_sha256: str
) -> dict[str, str]:
    shown = dict.fromkeys(("number", "interval", "class_name", "instead"), "")
    if result is None:
        return {**shown, "instead": "Hidden until the study is unblinded."}
    criterion = criterion_kept(connection, criterion_sha256)
    labels = {rule.name.value: rule.label for rule in criterion.rules}
    found = result["classification"]
    words = {True: ", decisive", False: ", not decisive", None: ""}[found["decisive"]]
    shown["class_name"] = labels.get(found["class"], found["class"]) + words
    measured = result["hla_dr"]
    if measured is None or measured["abc"] is None:
        return {**shown, "instead": "The number may not be used."}
    printer = Released(criterion.cutoffs(Quantity.ABC))
    low, high = measured["ci95"]
    return {
        **shown,
        "number": printer.bare(measured["abc"]),
        "interval": "" if low is None or high is None else printer.interval((low, high)),
    }
