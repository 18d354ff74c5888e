"""``/runs/{id}``: the beads of a run, and the blood that is measured by them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.responses import Response

from service.analyses import view
from service.analyses.identity import NAMING, UNNAMED
from service.analyses.receiving import PATH, received
from service.doors.redcap.words import PREPARATIONS, TUBES
from service.http.heavy import Heavy
from service.http.multipart import Form, FormKind, is_multipart
from service.http.once import Asked, once
from service.http.openapi import form_body
from service.laboratory import Coming, Lab, Laboratory
from service.pages.form import CSRF, read_own_fields, receive_own_form
from service.pages.page import onward, page
from service.pages.quality.of_run import run_quality
from service.pages.refusal import REFUSALS, code_of, sentence_of, status_of
from service.pages.route import page_router
from service.pages.runs.run_shown import run_shown
from service.pages.runs.tube_shown import FIELDS, tube_shown, tubes_of_run
from service.pages.visitor import AtBench, Reading, Visitor
from service.pages.when import present, sent_times
from service.receptions.noting import awaited
from service.receptions.reception import BarcodeAmbiguous, tube_noted
from service.texts import Id

router = page_router()
_LONGEST = 4000
COMMON = ("antibody_lot", "stained_at")
"""What is said once for every tube of a run."""
_FORM = FormKind(
    files=frozenset({"file"}),
    texts=dict.fromkeys((CSRF, "key", "site", *FIELDS, *COMMON), _LONGEST),
)


@router.get("/runs/{id}")
def run(id: Id, visitor: Reading, laboratory: Lab) -> Response:
    """Show a run."""
    return _shown(laboratory, visitor, id, 200, {})


@router.post("/runs/{id}", openapi_extra=form_body(_FORM))
async def measure(  # what is measured, and where it is done
    id: Id,
    request: Request,
    visitor: AtBench,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
) -> Response:
    """Measure a blood file by the beads of a run; what comes without files is shown again."""
    if not is_multipart(request):
        typed = await read_own_fields(request, visitor, laboratory)
        return await run_sync(lambda: _shown(laboratory, visitor, id, 200, typed, again=True))
    sent = await receive_own_form(request, visitor, laboratory, _FORM, incoming)
    return await heavy.do(lambda: _measured(laboratory, visitor, id, sent))


@router.get("/runs/{id}/tubes/{analysis_id}")
def tube(id: Id, analysis_id: Id, visitor: Reading, laboratory: Lab) -> Response:  # noqa: ARG001
    """Show one row of a run, for the script of its page."""
    with laboratory.database.reading() as connection:
        found = view.visible(connection, analysis_id, visitor.who)
        shown = tube_shown(connection, laboratory, visitor.who, found)
    return page("tube.html", visitor, tube=shown)


@router.get("/runs/{id}/tubes")
def tubes(id: Id, visitor: Reading, laboratory: Lab) -> Response:
    """Show all rows of a run, for the script of its page."""
    as_of = present(laboratory.settings.zone)
    with laboratory.database.reading() as connection:
        shown = tubes_of_run(connection, laboratory, visitor.who, id)
    return page("tubes.html", visitor, tubes=shown, as_of=as_of)


def _measured(laboratory: Laboratory, visitor: Visitor, id: str, sent: Form) -> Response:
    who, said = visitor.who, sent.texts
    typed = sent_times({name: said[name] for name in ("site", *FIELDS, *COMMON) if name in said})
    asked = Asked(who, said.get("key"), f"POST {PATH}", sent.sha256)
    tell = view.teller(laboratory, who)
    try:
        tube = {**_noted(laboratory, visitor, said), **typed}
        blood = Form(sent.files, {"calibration_id": id, **tube}, sent.sha256)
        once(laboratory, asked, lambda: received(blood, laboratory, who), tell)
    except REFUSALS as error:
        problem = {"code": code_of(error), "sentence": sentence_of(error)}
        sites = error.sites if isinstance(error, BarcodeAmbiguous) else ()
        return _shown(laboratory, visitor, id, status_of(error), said, problem=problem, sites=sites)
    return onward(f"/runs/{id}#tubes")


def _noted(laboratory: Laboratory, visitor: Visitor, said: Mapping[str, str]) -> dict[str, str]:
    """Return what was noted of the tube that waits with a barcode, for what nobody has typed.

    Raises
    ------
    BarcodeAmbiguous
    """
    tube = said.get("barcode"), said.get("site") or visitor.who.site
    with laboratory.database.reading() as connection:
        found = awaited(connection, visitor.who, tube)
    return {} if found is None else tube_noted(found)


def _shown(
    laboratory: Laboratory,
    visitor: Visitor,
    id: str,
    status: int,
    said: Mapping[str, str],
    **more: Any,  # noqa: ANN401
) -> Response:
    found, as_of = run_shown(laboratory, id), present(laboratory.settings.zone)
    with laboratory.database.reading() as connection:
        tubes = tubes_of_run(connection, laboratory, visitor.who, id)
    given = {name: said.get(name, "") for name in (*FIELDS, *COMMON)}
    given["preparation"] = given["preparation"] or found.preparation
    shown = {
        "problem": None,
        "key": uuid4().hex,
        "given": given,
        "sites": (),
        "again": False,
        **more,
    }
    return page(
        "run.html", visitor, status, run=found, tubes=tubes, naming=NAMING,
        quality=run_quality(laboratory, id), unnamed=sorted(UNNAMED),
        tube_types=TUBES, preparations=PREPARATIONS, as_of=as_of, **shown,
    )  # fmt: skip
