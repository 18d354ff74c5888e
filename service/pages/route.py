"""Errors of a page as a page: a sentence, and the way on."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.errors import ServiceError
from service.http.authentication import is_own_origin
from service.http.problem import REFUSED
from service.http.texts_first import texts_before_files
from service.pages.form import BESIDE_FILES, CSRF, Posted, read_fields
from service.pages.kept import kept_of, resumed
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS, Refusal, code_of, sentence_of, status_of
from service.pages.visitor import SignInNeeded, visitor_of
from service.pages.ways import way_back
from service.people.signing_in import made_by
from service.people.who import RequestForged

_FORM = "application/x-www-form-urlencoded"
_TITLES = {403: "Not for you", 404: "There is no such page", 412: "Changed in the meantime"}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route that answers errors as pages, and whoever is not signed in with the way there."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except SignInNeeded:
                return await _sign_in(request)
            except RequestForged as error:
                return await _outdated(request, error)
            except REFUSALS as error:
                return problem_page(request, error)
            except RequestValidationError:
                return _problem(request, 404, "NOT_FOUND", "expected the address of a page.")
            except HTTPException as error:
                return _problem(request, error.status_code, "NOT_FOUND", str(error.detail))

        return answered


def page_router() -> APIRouter:
    """Return a router for pages."""
    return APIRouter(include_in_schema=False, route_class=PageRoute)


def problem_page(request: Request, error: Refusal) -> Response:
    """Return an error as a page."""
    answer = _problem(request, status_of(error), code_of(error), sentence_of(error))
    if isinstance(error, ServiceError):
        answer.headers.update(error.headers)
    return answer


def _problem(request: Request, status: int, code: str, sentence: str) -> Response:
    setattr(request.state, REFUSED, code)
    title = _TITLES.get(status, "Not done")
    return page("problem.html", None, status, title=title, code=code, sentence=sentence)


async def _sign_in(request: Request) -> Response:
    """Send somebody to sign in, and keep what they sent until they have.

    A form of another site is not kept: it would be sent on in the name of whoever signs in.
    """
    if request.method == "GET":
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return onward(f"/sign-in?next={quote(asked)}")
    back, beside = way_back(request), await texts_before_files(request)
    posted = await _sent(request, beside)
    kept = kept_of(posted)
    return page(
        "sign_in.html", None, 401,
        name="", next=request.url.path if kept else back, back=back, kept=kept,
        of=posted.text(CSRF), problem="", over=True, file_lost=bool(kept and beside),
    )  # fmt: skip


async def _outdated(request: Request, error: RequestForged) -> Response:
    """Show a form of ours that is older than the session, to be sent once more or left.

    Whoever signed in again in another tab has the right cookie and an old form. One of another
    site, or of somebody else, is refused as it is.
    """
    laboratory = request.app.state.laboratory
    posted = await _sent(request, getattr(request.state, BESIDE_FILES, {}))
    kept = kept_of(posted)
    visitor = await run_sync(visitor_of, request, laboratory)
    if not kept or visitor.user.id != await run_sync(made_by, laboratory, posted.text(CSRF)):
        return problem_page(request, error)
    setattr(request.state, REFUSED, error.code)
    return page(
        "resume.html", None, error.status, user=visitor.user, back=way_back(request),
        proof=visitor.csrf, outdated=True, **resumed(request.url.path, kept),
    )  # fmt: skip


async def _sent(request: Request, beside: Mapping[str, str]) -> Posted:
    """Return the fields of a form of our own that is kept: not those of one that signs out.

    Parameters
    ----------
    beside
        The texts of a form with files; the files are not kept.
    """
    if not _is_own(request) or request.url.path == "/sign-out":
        return Posted({})
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _FORM:
        return await read_fields(request)
    return Posted({name: (text,) for name, text in beside.items()})


def _is_own(request: Request) -> bool:
    return is_own_origin(request.headers, request.app.state.laboratory.settings)
