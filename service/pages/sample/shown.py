"""What the page of a sample shows, from its head to its forms."""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import Markup

from hladr.report.badges import verdict_badge
from hladr.report.page import Fact
from hladr.result import Verdict
from service.analyses.looked_at import marks_of
from service.analyses.tube import Kind, Tube, tube_of
from service.doors.report.cards import findings_shown
from service.doors.report.facts import method_facts, specimen_facts
from service.doors.report.figures import Figures, NoFigures
from service.doors.report.page import FindingShown, NoticeShown
from service.doors.report.printed import of_service
from service.laboratory import Laboratory
from service.moment import now
from service.pages.patients.address import address_of
from service.pages.sample.beside import departed, draw_of, signature_rows, version_rows, waits
from service.pages.sample.card import all_findings, card_of
from service.pages.sample.moved import Moved
from service.pages.sample.offers import by_another, sign_off
from service.pages.sample.opened import Opened
from service.pages.sample.undrawn import why_undrawn
from service.pages.states import OLDER, state_badge
from service.pages.visitor import Visitor
from service.principal import Scope
from service.store.analysis import State
from service.told_time import believed

PANELS: Final = ("beads", "line", "gates", "hla_dr", "reasons")


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page that was refused: which, why, and what was typed; none, as it is made.

    Parameters
    ----------
    moved
        What changed since somebody looked; None where nothing did.
    came
        Codes of findings that came since.
    """

    form: str = ""
    sentence: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    moved: Moved | None = None
    came: frozenset[str] = frozenset()


def page_of(
    laboratory: Laboratory,
    visitor: Visitor,
    opened: Opened,
    figures: Figures | NoFigures,
    refused: Refused,
) -> dict[str, Any]:
    """Return all that the template of a sample asks for."""
    zone, two_person = laboratory.settings.zone, laboratory.settings.two_person
    told, verdict = opened.told, opened.told["verdict"]
    tube = tube_of(dict(told["tube"]))
    forms = _forms(laboratory, visitor, opened, why_undrawn(opened, figures))
    return {
        "told": told,
        "tube": tube,
        "subject": tube.subject or "Subject not said",
        "patient": _patient(tube),
        "report": told["id"].upper()[:8],
        "address": f"/samples/{told['id']}",
        "is_newest": opened.is_newest,
        "is_hidden": opened.is_hidden,
        "state": state_badge(State(told["state"])) if opened.is_newest else OLDER,
        "verdict": None if verdict is None else verdict_badge(Verdict(verdict)),
        "card": card_of(opened),
        "panels": _panels(figures),
        "no_figures": figures.why if isinstance(figures, NoFigures) else "",
        "specimen": specimen_facts(tube, _acquired(opened), zone),
        "method": method_facts(told["result"], opened.measured),
        "origin": _origin(opened),
        "versions": version_rows(opened, zone),
        "signatures": signature_rows(opened, zone),
        "notices": _notices(opened, zone),
        "draw": draw_of(opened),
        "departed": departed(opened, zone),
        "waits": waits(opened, two_person=two_person),
        "refused": refused,
        "refused_apart": bool(refused.form) and refused.form not in _names(forms),
        **forms,
    }


def _patient(tube: Tube) -> str:
    """Where the patient is seen over time; empty of control blood, and of nobody knows whom."""
    return address_of(tube.subject) if tube.subject and tube.kind is Kind.PATIENT else ""


def _forms(
    laboratory: Laboratory, visitor: Visitor, opened: Opened, undrawn: str
) -> dict[str, Any]:
    """What somebody can do here: nothing with an older version, or with what they do not see."""
    two_person, user = laboratory.settings.two_person, visitor.user
    works = opened.is_newest and visitor.may(Scope.ANALYSE)
    signs = works and not opened.is_hidden and opened.told["state"] != State.NO_RESULT
    zone, release = laboratory.settings.zone, opened.told["release"]
    return {
        "works": works,
        "gates": works and not opened.is_hidden and opened.told["file"] is not None,
        "sign": sign_off(opened, user, undrawn, two_person=two_person) if signs else None,
        "other": by_another(opened, user, undrawn, two_person=two_person) if signs else None,
        "open_findings": _open(opened) if works else (),
        "tells": works and not opened.is_hidden and release is not None,
        "local_now": f"{now().astimezone(zone):%Y-%m-%d %H:%M}",
        "seen": {
            "version": str(opened.analysis.version),
            "result_sha256": opened.result_sha256,
            "findings": " ".join(sorted(marks_of(opened.analysis.outcome.findings))),
            "once": secrets.token_hex(16),
        },
    }


def _names(forms: Mapping[str, Any]) -> Iterator[str]:
    """What the forms that are shown are called."""
    sign, other = forms["sign"], forms["other"]
    if sign is not None and sign.offers:
        yield "sign"
    if sign is not None and sign.rejection is not None:
        yield "reject"
    if other is not None and other.offers:
        yield "other"
    if forms["tells"]:
        yield "notice"
    yield from (f"answer-{each.code}" for each in forms["open_findings"])


def _panels(figures: Figures | NoFigures) -> dict[str, Markup] | None:
    if isinstance(figures, NoFigures):
        return None
    return {name: Markup(figures.html[name]) for name in PANELS}  # noqa: S704 - our own making


def _acquired(opened: Opened) -> str | None:
    result = opened.told["result"]
    return None if result is None else believed(result["sample"]["acquired_at"])


def _origin(opened: Opened) -> tuple[Fact, ...]:
    """By which page and report are known to be of the same result."""
    told = opened.told
    facts = [Fact("Analysis", told["id"]), Fact("Version", str(told["version"]))]
    if opened.result_sha256:
        facts.append(Fact("Result SHA-256", opened.result_sha256))
    if told["file"] is not None:
        facts.append(Fact("File", told["file"]["name"]))
        facts.append(Fact("Sample SHA-256", told["file"]["sha256"]))
    return tuple(facts)


def _notices(opened: Opened, zone: dt.tzinfo) -> tuple[NoticeShown, ...]:
    return tuple(
        NoticeShown(
            each["told"] or "hidden",
            of_service(each["told_at"], zone),
            "read back" if each["read_back"] else "not read back",
            str(each["version"]),
        )
        for each in opened.told["notices"]
    )


def _open(opened: Opened) -> tuple[FindingShown, ...]:
    """Findings that nobody has answered for, and that stand in the way."""
    codes = set(opened.told["open_findings"])
    waiting = {each["code"]: each for each in all_findings(opened) if each["code"] in codes}
    return findings_shown(waiting.values(), {})
