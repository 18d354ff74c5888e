"""Refusals that no page made, as pages: for browsers, and for the addresses of pages alone."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from service.http.problem import Refused
from service.pages.page import onward, page
from service.pages.ways import way_back

_SAID = {
    404: ("There is no such page", "No page of this service has this address."),
    405: ("There is no such page", "This address takes a form and shows no page."),
}
_FAULT = 500


def shown(scope: Scope, refused: Refused) -> Response | None:
    """Return a refusal as a page; None for programs, which get it as it is."""
    request = Request(scope)
    if scope["path"].startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return None
    if refused.status_code == 405 and scope["method"] == "GET":
        return onward(way_back(request))
    title, sentence = _SAID.get(refused.status_code, ("Not done", refused.said["detail"]))
    if refused.status_code == _FAULT:
        title = "A fault of the service"
    made = page(
        "problem.html", None, refused.status_code,
        title=title, code=refused.said["code"], sentence=sentence,
    )  # fmt: skip
    for name, value in refused.headers.items():
        if name not in {"content-type", "content-length"}:
            made.headers[name] = value
    return made
