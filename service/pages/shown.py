"""Refusals that no page made, as people read them.

A browser gets a page, where it asked for the address of one; a script of a page gets, beside what
programs get, the sentence for the bench.
"""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from service.http.authentication import CSRF_HEADER
from service.http.problem import MEDIA_TYPE, Refused
from service.pages.bench_words import bench_words
from service.pages.kept import label_of
from service.pages.page import onward, page
from service.pages.ways import way_back

_SAID = {
    404: ("There is no such page", "No page of this service has this address."),
    405: ("There is no such page", "This address takes a form and shows no page."),
}
_FAULT = 500
BENCH = "bench"
"""Field of a refusal that holds its sentence for the bench."""


def shown(scope: Scope, refused: Refused) -> Response | None:
    """Return a refusal as people read it; None for programs, which get it as it is."""
    request = Request(scope)
    if CSRF_HEADER in request.headers:
        return _worded(refused)
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


def _worded(refused: Refused) -> Response | None:
    """Return what programs get with the sentence for the bench; None where there is no other."""
    words = None if refused.cause is None else bench_words(refused.cause)
    if "errors" in refused.said:
        words = "; ".join(_field(each) for each in refused.said["errors"])
    if words is None:
        return None
    made = Response(
        json.dumps({**refused.said, BENCH: words}), refused.status_code, media_type=MEDIA_TYPE
    )
    for name, value in refused.headers.items():
        if name not in {"content-type", "content-length"}:
            made.headers[name] = value
    return made


def _field(error: Mapping[str, str]) -> str:
    name = error["field"].rpartition(".")[2]
    return f"{label_of(name)}: {error['problem'].removeprefix('Value error, ')}"
