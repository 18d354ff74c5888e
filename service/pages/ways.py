"""Ways back: an address that only takes a form is never opened; its page is."""

from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.routing import Match

HOME = "/"


def is_shown(app: FastAPI, address: str) -> bool:
    """Whether an address is one of a page of ours that can be opened."""
    if address.startswith(("//", "/\\")):  # to a browser what follows is a host
        return False
    path = urlsplit(address).path
    if path in {"/sign-in", "/sign-out"} or path.startswith("/api/"):
        return False
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(asked)[0] is Match.FULL for route in app.router.routes)


def way_back(request: Request) -> str:
    """Return the page that a form stood on, or that has its address; else the worklist."""
    for address in (_referer(request), request.url.path):
        if address and is_shown(request.app, address):
            return address
    return HOME


def _referer(request: Request) -> str:
    """Return path and query of the page of ours that somebody comes from, or nothing."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.headers.get("host") or parts.path == request.url.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
