"""``/sign-in`` and ``/sign-out``."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import FastAPI, Query, Request
from starlette.responses import Response

from service.accounts.session import clear_cookie, set_cookie
from service.http.attempts import Attempts, TriedPasswords
from service.http.authentication import is_own_origin
from service.http.rate import TooMany
from service.laboratory import Lab, Laboratory
from service.pages.form import SECRET, Form, Posted, read_fields
from service.pages.kept import resumed
from service.pages.page import onward, page
from service.pages.refusal import sentence_of
from service.pages.route import page_router
from service.pages.visitor import Anybody
from service.pages.ways import HOME, is_shown
from service.people.signing_in import SignInRefused, csrf_of, made_by, sign_in
from service.people.who import RequestForged
from service.store import sessions, users

router = page_router()
_OWN = SECRET | {"name", "next"}  # fields of the form itself; others were sent before
_KEPT = "kept."


@router.get("/sign-in")
def form(laboratory: Lab, next: Annotated[str, Query()] = "/") -> Response:  # noqa: A002
    """Show the form; before there is anybody, where the first one is made."""
    with laboratory.database.reading() as connection:
        if not users.number(connection):
            return onward("/setup")
    return page(
        "sign_in.html", None,
        name="", next=_inside(next), back="/", kept=(), of="", problem="", over=False,
    )  # fmt: skip


@router.post("/sign-in")
async def begin(request: Request, laboratory: Lab, tried: TriedPasswords) -> Response:
    """Sign in, and go on where somebody was."""
    if not is_own_origin(request.headers, laboratory.settings):
        raise RequestForged
    posted = await read_fields(request)
    return await run_sync(_begun, request.app, laboratory, posted, tried)


def _begun(app: FastAPI, laboratory: Laboratory, posted: Posted, tried: Attempts) -> Response:
    name, to = posted.text("name").lower(), _inside(posted.text("next"))
    back = _inside(posted.text("back"))
    kept = tuple(
        (field.removeprefix(_KEPT), value)
        for field, value in posted.kept()
        if field.startswith(_KEPT)
    )
    try:
        tried.take(name)
        password = posted.fields.get("password", ("",))[-1]
        _, user, token, _ = sign_in(laboratory, name, password)
    except (SignInRefused, TooMany) as error:
        return page(
            "sign_in.html", None, error.status, name=name, next=to, back=back, kept=kept,
            problem=sentence_of(error), over=False, of=posted.text("of"),
        )  # fmt: skip
    tried.right(name)
    back = next((each for each in (back, to) if each != HOME and is_shown(app, each)), HOME)
    if kept and user.id != made_by(laboratory, posted.text("of")):
        kept, to = (), back  # nobody sees or sends what another person typed
    if kept and to != "/sign-out":
        answer = page(
            "resume.html", None, user=user, back=back, proof=csrf_of(token), outdated=False,
            **resumed(to, kept),
        )  # fmt: skip
    else:
        answer = onward(to if is_shown(app, to) else back)
    set_cookie(answer, laboratory.settings, token)
    return answer


@router.post("/sign-out")
def end(request: Request, visitor: Anybody, posted: Form, laboratory: Lab) -> Response:  # noqa: ARG001 - that it is ours
    """Sign out."""
    session = request.state.caller.session
    with laboratory.database.writing(visitor.who.name) as writing:
        sessions.end(writing, session)
    answer = onward("/sign-in")
    clear_cookie(answer, laboratory.settings)
    return answer


def _inside(address: str) -> str:
    """Return an address of this service; one of another place becomes that of the worklist."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else "/"
