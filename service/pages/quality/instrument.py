"""``/quality/{id}``: charts of an instrument, its runs, its log, and what is written into it."""

import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

from fastapi import Query
from starlette.responses import Response

from calibration.control import LEAST_RUNS, Action, Rule
from service.errors import ServiceError
from service.instruments.instrument import instrument_of
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.managing.answered import clock
from service.pages.managing.filled import Filled
from service.pages.page import onward, page
from service.pages.quality.all import baseline_words
from service.pages.quality.charts_shown import KEY, charts_shown, rule_rows
from service.pages.quality.log_shown import log_rows
from service.pages.quality.runs_shown import SHOWN, badge_of, lot_names, run_rows
from service.pages.quality.words import ACTIONS, KINDS, NO_RUN
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Managing, Reading, Visitor
from service.pages.when import sent_time
from service.quality import routes as calls
from service.quality.entry import NewBaseline, NewService, RuleSwitch, RunUse, SetByHand, Withdrawal
from service.quality.keeping import MOST_RUNS
from service.quality.looking import Seen, seen
from service.store.heads import NotFound
from service.texts import Id

router = page_router()
_FORMS = ("services", "by-hand", "rules", "uses", "withdrawals")
_EMPTY: Mapping[str, Filled] = dict.fromkeys(_FORMS, Filled())


class NotConfirmed(ServiceError):
    """A run is to be used in spite of its rules, and nobody says that they mean it."""

    code: ClassVar[str] = "USE_NOT_CONFIRMED"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__(
            "expected a tick at the sentence that numbers of patients will rest on this run, found "
            "none. Read what the rules say, and tick it if you mean it."
        )


@router.get("/quality/{id}")
def instrument(
    id: Id,
    visitor: Reading,
    laboratory: Lab,
    most: Annotated[int, Query(ge=1, le=MOST_RUNS)] = SHOWN,
) -> Response:
    """Show how steady an instrument is."""
    return _shown(id, visitor, laboratory, _EMPTY, most=most)


@router.post("/quality/{id}/services")
def note_service(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Note that the instrument was serviced."""

    def act(log: calls.Log) -> None:
        said = NewService.model_validate(
            {**posted.said("reason"), "at": sent_time(posted.text("at"))}
        )
        calls.service(said, log)

    return _done(id, visitor, laboratory, posted, "services", act)


@router.post("/quality/{id}/by-hand")
def set_by_hand(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Set mean and SD of a quantity by hand."""

    def act(log: calls.Log) -> None:
        numbers = SetByHand.model_validate(posted.said("mean", "sd"))
        of = {posted.text("quantity"): numbers}
        said = NewBaseline.model_validate({**posted.said("run", "reason"), "by_hand": of})
        calls.baseline(said, log)

    return _done(id, visitor, laboratory, posted, "by-hand", act)


@router.post("/quality/{id}/rules")
def switch_rule(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Say what a rule does from now on."""

    def act(log: calls.Log) -> None:
        said = RuleSwitch.model_validate(posted.said("of", "rule", "action", "reason"))
        calls.rule(said, log)

    return _done(id, visitor, laboratory, posted, "rules", act)


@router.post("/quality/{id}/uses")
def use_run(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Let a run be used for patients in spite of the rules that it violates."""

    def act(log: calls.Log) -> None:
        if posted.text("sure") != "yes":
            raise NotConfirmed
        said = RunUse.model_validate(posted.said("calibration_id", "reason"))
        calls.use(said, log)

    return _done(id, visitor, laboratory, posted, "uses", act)


@router.post("/quality/{id}/withdrawals")
def take_back(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Take an entry of the log back."""

    def act(log: calls.Log) -> None:
        said = Withdrawal.model_validate(posted.said("entry_id", "reason"))
        calls.withdrawal(said, log)

    return _done(id, visitor, laboratory, posted, "withdrawals", act)


def once_of(posted: Posted) -> str | None:
    """Return by what a form is known that is sent twice."""
    return posted.text("once")[:200] or None


def _done(
    id: str,
    visitor: Visitor,
    laboratory: Laboratory,
    posted: Posted,
    form: str,
    act: Callable[[calls.Log], None],
) -> Response:
    """Do what a form asks for; if it is refused, show the page again with what was typed."""
    try:
        act(calls.Log(id, visitor.who, laboratory, once_of(posted)))
    except NotFound:
        raise
    except REFUSALS as error:
        refused = Filled.of(posted).refused(error)
        forms = {**_EMPTY, form: refused}
        return _shown(id, visitor, laboratory, forms, refused.status, _most(posted))
    return onward(f"/quality/{id}#log")


def _most(posted: Posted) -> int:
    """How many runs the page showed that a form stood on."""
    said = posted.text("most")
    if not (said.isascii() and said.isdigit()):
        return SHOWN
    return min(max(int(said[:9]), 1), MOST_RUNS)


def _shown(
    id: str,
    visitor: Visitor,
    laboratory: Laboratory,
    forms: Mapping[str, Filled],
    status: int = 200,
    most: int = SHOWN,
) -> Response:
    with laboratory.database.reading() as connection:
        found = seen(connection, id, most)
    rows = run_rows(found)
    return page(
        "quality_instrument.html", visitor, status,
        id=id, name=instrument_of(found.instrument).name, rows=rows, forms=forms,
        open_runs=[each for each in rows if each.is_open],
        newest=badge_of(found, found.runs[-1][0]) if rows else NO_RUN,
        baseline=baseline_words(found) if rows else "none",
        charts=charts_shown(found), key=KEY, empty=Filled(),
        rules=list(Rule), rule_rows=rule_rows(found),
        log=log_rows(found), at=clock(laboratory), once=secrets.token_hex(16),
        least=LEAST_RUNS, may_be_more=len(rows) == most, most=most, **_choices(found),
    )  # fmt: skip


def _choices(found: Seen) -> dict[str, Any]:
    """What the forms let somebody choose from."""
    names = lot_names(found)
    epochs = {made.run.epoch: made.run.id for made, _ in found.runs}  # the last run of each
    quantities = [(each.quantity.key, each.quantity.words) for each in found.judged.charts]
    kinds = [(each.value, words) for each, words in KINDS.items()]
    return {
        "quantities": quantities,
        "charted": [*quantities, *kinds],
        "epochs": [
            (run, f"lot {names[epoch.beads]}, {_service(epoch.service)}")
            for epoch, run in reversed(epochs.items())
        ],
        "rule_choices": [(each.value, each.value) for each in Rule],
        "actions": [(each.value, ACTIONS[each]) for each in Action],
    }


def _service(at: str) -> str:
    return f"from the service of {at[:10]}" if at else "no service noted"
