"""``/health``, ``/metrics``: whether the service can do its work."""

import contextlib
import os
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from hladr.version import ALGORITHM, software_version
from service.errors import ServiceError
from service.http.once import Answer, shown
from service.laboratory import Lab, Laboratory
from service.moment import now, read
from service.store import outgoing, schema

if TYPE_CHECKING:
    from service.operations.measures import Measures

router = APIRouter(tags=["operations"])

_NOTHING_FREE = 16 << 20  # bytes; with less a database cannot write, whatever is set


class Health(BaseModel):
    """Whether everything is as it must be; `status` is ``ok`` or ``degraded``."""

    status: str
    version: str
    algorithm: str
    database: dict[str, Any]
    disk: dict[str, Any]
    kernels: dict[str, Any]
    files: dict[str, Any]
    outgoing: dict[str, Any]


@router.head("/health", response_model=Health, responses={503: {"model": Health}})
@router.get("/health", response_model=Health, responses={503: {"model": Health}})
def health(request: Request, laboratory: Lab) -> Response:
    """Whether the service can do its work."""
    started: Started = request.app.state.started
    parts = {
        "database": _database(laboratory),
        "disk": _disk(laboratory),
        "kernels": {"ok": started.warm, "warm": started.warm},
        "files": {"ok": started.lost_files == 0, "lost": started.lost_files},
        "outgoing": _outgoing(laboratory),
    }
    fine = all(part["ok"] for part in parts.values())
    said = {
        "status": "ok" if fine else "degraded",
        "version": software_version(),
        "algorithm": ALGORITHM,
        **parts,
    }
    works = parts["database"]["ok"] and parts["disk"]["ok"]
    return shown(Answer(said, 200 if works else 503))


@router.get("/metrics", response_model=None, responses={200: {"content": {"text/plain": {}}}})
def metrics(request: Request, laboratory: Lab) -> Response:
    """Return measures for Prometheus."""
    measures: Measures = request.app.state.measures
    with contextlib.suppress(ServiceError), laboratory.database.reading() as connection:
        measures.oldest_message.set(_oldest_seconds(connection))
    return Response(measures.text(), media_type="text/plain; version=0.0.4")


class Started:
    """What is known of an application since it was started.

    Parameters
    ----------
    warm
        Whether the kernels are compiled.
    lost_files
        Files that rows speak of and that were not there.
    """

    def __init__(self, *, warm: bool, lost_files: int) -> None:
        self.warm, self.lost_files = warm, lost_files


def _database(laboratory: Laboratory) -> dict[str, Any]:
    kind = laboratory.database.url.get_backend_name()
    try:
        with laboratory.database.reading() as connection:
            found = schema.revision(connection)
    except ServiceError:
        return {"ok": False, "kind": kind}
    if not laboratory.database.can_write():
        return {"ok": False, "kind": kind, "revision": found, "writable": False}
    return {"ok": True, "kind": kind, "revision": found}


def _outgoing(laboratory: Laboratory) -> dict[str, Any]:
    try:
        with laboratory.database.reading() as connection:
            refused = outgoing.refused(connection)
            closed = outgoing.at_closed(connection, laboratory.settings.open_doors)
            seconds = _oldest_seconds(connection)
    except ServiceError:
        return {"ok": False}
    return {
        "ok": refused == 0 and not closed and seconds <= outgoing.LONGEST_WAIT.total_seconds(),
        "refused": refused,
        "closed": closed,
        "oldest_minutes": int(seconds / 60),
    }


def _oldest_seconds(connection: Connection) -> float:
    """How long the oldest message that is to be given, or lies untaken, has been there."""
    oldest = outgoing.oldest(connection)
    return 0.0 if oldest is None else max(0.0, (now() - read(oldest)).total_seconds())


def _disk(laboratory: Laboratory) -> dict[str, Any]:
    try:
        disk = os.statvfs(laboratory.archive.folder)
    except OSError:
        return {"ok": False, "free_bytes": 0}
    free = disk.f_bavail * disk.f_frsize
    needed = max(laboratory.settings.least_free, _NOTHING_FREE)
    return {"ok": free >= needed, "free_bytes": free}
