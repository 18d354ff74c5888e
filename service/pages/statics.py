"""``/static/``: stylesheets and scripts of the pages."""

import hashlib

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.pages.page import content_of
from service.store.heads import NotFound

router = APIRouter(include_in_schema=False)
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@router.get("/static/{name}")
def static_file(name: str, request: Request) -> Response:
    """Return a stylesheet or a script; a browser that has it asks whether it is still the same."""
    try:
        content = content_of(name)
    except KeyError:
        raise NotFound(kind="file", id=name) from None
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    media_type = _KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(content, media_type=media_type, headers=headers)
