"""An analysis that is looked at again: other gates, another description of its tube."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from service.analyses import view
from service.analyses.analysing import (
    Gates,
    by_criterion,
    gates_of,
    measured_of,
    order_of,
    outcome_of,
    rules_of,
)
from service.analyses.belonging import settled
from service.analyses.embargo import Embargo, EmbargoWouldEnd, hidden_by
from service.analyses.looking import at_version, require_shown
from service.analyses.queueing import queue
from service.analyses.receiving import address, check_belonging, head_of, of_own_site
from service.analyses.tube import Tube, tube_of
from service.archive.incoming import Upload
from service.errors import ServiceError
from service.http.multipart import Form, FormInvalid, FormKind
from service.http.once import Act, Answer
from service.laboratory import Laboratory
from service.moment import now
from service.principal import Principal
from service.receiving import keep_files, receive_file
from service.receptions.drawn import check_drawn
from service.receptions.noting import awaited
from service.store import analyses, receptions
from service.store.analysis import Analysis, Cause, Outcome
from service.store.database import Writing
from service.store.reception import Reception
from service.texts import Sentence

_SHORT = 2000
_SENTENCE: TypeAdapter[str] = TypeAdapter(Sentence)
GATES_FORM = FormKind(
    files=frozenset({"gates"}), texts=dict.fromkeys(("population", "automatic", "reason"), _SHORT)
)


class NothingMeasured(ServiceError):
    """There is no file that gates could be drawn on."""

    code: ClassVar[str] = "NOTHING_MEASURED"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__("expected an analysis with a file, found an outcome without one.")


class TubeChange(BaseModel):
    """A tube as it is to be described from now on, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tube: Tube
    reason: Sentence


def gated(form: Form, laboratory: Laboratory, who: Principal, target: tuple[str, int]) -> Act:
    """Measure an analysis by other gates: those of a file, or the automatic gate again.

    Parameters
    ----------
    target
        Id of the analysis, and the version that was looked at.

    Raises
    ------
    FormInvalid, NotFound, VersionMoved, ResultHidden, NothingMeasured
    HladrError, CalibrationError
        These gates give no number.
    """
    before = gates_looked_at(laboratory, who, target)
    upload, reason = _gate_file(form), _reason(form)
    if before.tube.file is None:
        raise NothingMeasured
    rules = rules_of(laboratory, before)
    gates = None
    if upload is not None:
        population = form.texts.get("population")
        gates = Gates(upload.path, upload.sha256, upload.name, population)
    tube = tube_of(dict(before.outcome.tube))
    order = order_of(laboratory, before, tube, rules, gates)
    measured = measured_of(laboratory, order)
    if upload is not None:
        keep_files(laboratory, who, [upload])

    def act(writing: Writing) -> Answer:
        if upload is not None:
            receive_file(writing, laboratory, who, upload)
        outcome = outcome_of(writing, measured, Cause.GATED)
        now = settled(writing.connection, outcome, tube, before.tube.file, before)
        made = analyses.change(writing, before, before.tube, now, reason)
        told = view.told(writing.connection, made, laboratory, who)
        return Answer(told, 201, made.version, address(made))

    return act


def described(
    change: TubeChange, laboratory: Laboratory, who: Principal, target: tuple[str, int]
) -> Act:
    """Describe the tube of an analysis anew; class and findings follow.

    The number stays, unless the lot or the software has changed since it was measured.

    Raises
    ------
    FormInvalid, NotFound, VersionMoved, DrawnLater
    HladrError, CalibrationError
        There is no number by the newest values of the lot.
    """
    before = looked_at(laboratory, who, target)
    tube = of_own_site(change.tube.checked(), who)
    check_drawn(tube.drawn_at, tube.received_at, laboratory.settings.zone, now())
    check_belonging(tube, laboratory, who, before.id)
    if (tube.outcome is None) != (before.outcome.result is not None):
        raise FormInvalid(expected="an outcome if and only if nothing was measured", found="other")
    outcome = _by_description(laboratory, before, tube)

    def act(writing: Writing) -> Answer:
        head = head_of(tube, before.tube.file)
        zone = laboratory.settings.zone
        hider = hidden_by(writing.connection, before, zone, site=who.site)
        ends = _ended(writing, who, before, tube)
        now = settled(writing.connection, outcome(writing), tube, before.tube.file, before, ends)
        made = analyses.change(writing, before, head, now, change.reason)
        if ends is not None:
            receptions.go(writing, ends, made.id)
        queue(writing, laboratory, made.id)
        if hider is not None and hider.randomised:
            _require_hidden(hidden_by(writing.connection, made, zone, site=who.site))
        return Answer(view.told(writing.connection, made, laboratory, who), version=made.version)

    return act


def _ended(writing: Writing, who: Principal, before: Analysis, tube: Tube) -> Reception | None:
    """Return the tube that waits no more by what is said now, and was not said before."""
    said = tube.barcode, tube.site
    if said == (before.tube.barcode, before.tube.site):
        return None  # a label that is used again may wait
    return awaited(writing.connection, who, said)


def _by_description(
    laboratory: Laboratory, before: Analysis, tube: Tube
) -> Callable[[Writing], Outcome]:
    """Measure an analysis by another description; what gives the outcome when that is stored."""
    if before.outcome.result is None:
        words = replace(before.outcome, cause=Cause.CONTEXT, tube=tube.kept())
        return lambda _: words
    rules = by_criterion(laboratory, rules_of(laboratory, before), tube.criterion)
    order = order_of(laboratory, before, tube, rules, gates_of(laboratory, before))
    measured = measured_of(laboratory, order)
    return lambda writing: outcome_of(writing, measured, Cause.CONTEXT)


def _require_hidden(hider: Embargo | None) -> None:
    """See that a site does not lift the embargo that it is under."""
    if hider is None or not hider.randomised:  # of nobody, it could become anybody's next
        raise EmbargoWouldEnd


def looked_at(laboratory: Laboratory, who: Principal, target: tuple[str, int]) -> Analysis:
    """Return an analysis that somebody wants to change, at the version they looked at.

    Raises
    ------
    NotFound, VersionMoved
    """
    with laboratory.database.reading() as connection:
        return at_version(connection, who, target)


def gates_looked_at(laboratory: Laboratory, who: Principal, target: tuple[str, int]) -> Analysis:
    """Return an analysis whose gates somebody wants to change, at the version they looked at.

    Raises
    ------
    NotFound, VersionMoved, ResultHidden
    """
    with laboratory.database.reading() as connection:
        found = at_version(connection, who, target)
        require_shown(connection, laboratory, who, found)
    return found


def _reason(form: Form) -> str | None:
    if "reason" not in form.texts:
        return None
    try:
        return _SENTENCE.validate_python(form.texts["reason"])
    except ValidationError:
        raise FormInvalid(expected="reason in one line of signs", found="another text") from None


def _gate_file(form: Form) -> Upload | None:
    """Gates that were sent; None where the automatic gate is asked for."""
    upload, automatic = form.files.get("gates"), form.texts.get("automatic")
    said: dict[str, Any] = {"gates": upload, "automatic": automatic}
    if sum(value is not None for value in said.values()) != 1 or automatic not in {None, "true"}:
        raise FormInvalid(expected="a file as gates, or automatic=true", found="neither, or both")
    if upload is None and "population" in form.texts:
        raise FormInvalid(expected="population together with gates", found="it alone")
    return upload
