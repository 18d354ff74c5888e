"""What stands beside the panels: versions, tubes of the same draw, what left, who waits."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hladr.criterion.definition import Quantity
from hladr.number_format import format_percent
from hladr.report.badges import verdict_badge
from hladr.report.page import Badge, Fact
from hladr.report.printing import Released
from hladr.result import Verdict
from service.doors.report.printed import of_service
from service.pages.sample.opened import Opened
from service.pages.sample.words import CAUSES, given_out
from service.store.analysis import Cause, State
from service.store.signatures import Meaning


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version: who made it, when, why, and what came out; `this` is the one that is open."""

    number: int
    address: str
    this: bool
    what: str
    by: str
    at: str
    reason: str
    abc: str
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Who signed which version, what that says, when, and their comment."""

    name: str
    meaning: str
    version: int
    at: str
    comment: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Other tubes of the same draw, by address and name, and what they say together."""

    others: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Departed:
    """What has left the laboratory: a sentence, and whether its report can be read."""

    sentence: str
    has_report: bool


def version_rows(opened: Opened, zone: dt.tzinfo) -> tuple[VersionRow, ...]:
    """Return the versions, the newest first."""
    return tuple(_version_row(opened, each, zone) for each in opened.versions)


def address_of(told: Mapping[str, Any]) -> str:
    """Return where a version is looked at."""
    newest = told["version"] == told["newest_version"]
    return f"/samples/{told['id']}" + ("" if newest else f"/versions/{told['version']}")


def _version_row(opened: Opened, told: Mapping[str, Any], zone: dt.tzinfo) -> VersionRow:
    verdict = told["verdict"]
    return VersionRow(
        number=told["version"],
        address=address_of(told),
        this=told["version"] == opened.analysis.version,
        what=CAUSES[Cause(told["cause"])],
        by=told["made_by"],
        at=of_service(told["made_at"], zone),
        reason=told["reason"] or "",
        abc=abc_of(opened, told),
        badge=None if verdict is None else verdict_badge(Verdict(verdict)),
    )


def abc_of(opened: Opened, told: Mapping[str, Any]) -> str:
    """Return the number of a version with its unit; in words where there is none to be used."""
    result = told["result"]
    if result is None:
        return "hidden" if opened.is_hidden else "no result"
    number = result["hla_dr"]
    if number is None or number["abc"] is None:
        return "not to be used"
    cutoffs = () if opened.criterion is None else opened.criterion.cutoffs(Quantity.ABC)
    return Released(cutoffs).value(number["abc"])


def signature_rows(opened: Opened, zone: dt.tzinfo) -> tuple[SignatureRow, ...]:
    """Return all signatures, those of every version, the last first."""
    return tuple(
        SignatureRow(
            each["full_name"],
            str(each["meaning"]).replace("_", ", ").replace("alone", "one person"),
            each["version"],
            of_service(each["at"], zone),
            each["comment"] or "",
        )
        for each in reversed(opened.told["signatures"])
    )


def draw_of(opened: Opened) -> Draw | None:
    """Return the other tubes of the draw; None without one."""
    found = opened.told["replicates"]
    if found is None:
        return None
    ids = [each for each in found["analyses"] if each != opened.analysis.id]
    return Draw(
        tuple((f"/samples/{each}", each[:8].upper()) for each in ids),
        tuple(_together(opened, found)),
    )


def _together(opened: Opened, found: Mapping[str, Any]) -> Iterator[Fact]:
    if "mean" not in found:
        return
    cutoffs = () if opened.criterion is None else opened.criterion.cutoffs(Quantity.ABC)
    apart, limit = (format_percent(found[f"{name}_percent"]) for name in ("difference", "limit"))
    within = "within" if found["within"] else "beyond"
    yield Fact("Geometric mean", Released(cutoffs).value(found["mean"]))
    yield Fact("Apart", f"{apart}, {within} the limit of {limit}")


def departed(opened: Opened, zone: dt.tzinfo) -> Departed:
    """Return what has left the laboratory, in words."""
    found = opened.departure
    if found is None:
        return Departed("Nothing has been given out.", has_report=False)
    if opened.told["embargo"] is not None:
        return Departed("The study hides what was found; no report is given.", has_report=False)
    at = of_service(found.at, zone)
    if opened.told["release"] is None:
        return Departed(f"That there is no number was told on {at}.", has_report=True)
    said = f"Version {found.version} was {given_out(found.status)} on {at}."
    return Departed(said, has_report=True)


def waits(opened: Opened, *, two_person: bool) -> str:
    """Return who waits for whom with the newest version."""
    state = opened.analysis.state
    if state in {State.OPEN, State.PRELIMINARY} and opened.told["open_findings"]:
        return (
            "It waits for an answer to each open finding, or for what it speaks of to be put right."
        )
    if state in {State.OPEN, State.PRELIMINARY}:
        if opened.told["verdict"] == "reject":
            return "It waits for other gates or another measurement, or to be signed as rejected."
        return f"It waits for whoever measured it to {_due(two_person=two_person)}."
    if state is State.PERFORMED:
        signed = opened.standing.said.signed(opened.analysis.version).get(Meaning.PERFORMED)
        name = "who performed it" if signed is None else signed.full_name
        return f"It waits for a reviewer, another person than {name}."
    return "Nobody waits."


def _due(*, two_person: bool) -> str:
    return "sign it as performed" + ("" if two_person else ", one person")
