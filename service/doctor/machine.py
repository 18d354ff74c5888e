"""The machine: its clock, the compiled kernels, and who has the port."""

import ctypes
import http.client
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.doctor.check import Check, note, ok, wrong
from service.moment import now
from service.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

_TIMEX_BYTES = 512  # of the kernel's structure, with room
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_PATIENCE_SECONDS = 3.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be asked, not listened on


def machine(settings: Settings) -> Iterator[Check]:
    """Look at the machine."""
    there = now().astimezone(settings.zone)
    how = "HLADR_TIME_ZONE" if settings.time_zone is not None else "of the machine"
    zone = settings.time_zone or there.tzname()
    yield ok("clock", "zone", f"{zone} ({how}), now {there.isoformat(timespec='seconds')}")
    yield _synchronised()
    yield _kernels()
    yield _port(settings)


def _synchronised() -> Check:
    """Whether the kernel says that something keeps its clock."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return note("clock", "NTP", "cannot be told here")
    if state == _UNSYNCHRONISED:
        do = "have chrony or systemd-timesyncd keep it, unless the host of this machine does"
        return note("clock", "NTP", "the system does not know its clock to be kept", do)
    if state < 0:
        return note("clock", "NTP", "cannot be told here")
    return ok("clock", "NTP", "the clock is kept")


def _kernels() -> Check:
    from hladr.kernels.store import build_folder

    folder: Path | None = build_folder()
    do = "hladr warm-up compiles them; without it each process does so when it is started"
    if folder is None:
        return note("kernels", "compiled", "nowhere to keep them: set HLADR_CACHE_DIR", do)
    kept = sum(1 for each in folder.iterdir() if each.is_file()) if folder.is_dir() else 0
    if kept == 0:
        return note("kernels", "compiled", f"none in {folder}", do)
    return ok("kernels", "compiled", f"{kept} in {folder}")


def _port(settings: Settings) -> Check:
    """Whether this service, another program or nobody has the port."""
    name, host = f"{settings.host}:{settings.port}", settings.host
    asked = http.client.HTTPConnection(
        _EVERYWHERE.get(host, host), settings.port, timeout=_PATIENCE_SECONDS
    )
    try:
        asked.request("GET", "/health")
        told = json.loads(asked.getresponse().read())
        return _answer(name, told)
    except ConnectionRefusedError:
        return note("port", name, "nobody listens: hladr serve is not running")
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        do = "end the other program, or give another HLADR_PORT"
        return wrong("port", name, "another program listens, or does not answer", do)
    finally:
        asked.close()


def _answer(name: str, told: dict[str, str]) -> Check:
    said = f"hladr {told['version']} answers: {told['status']}"
    if told["status"] == "ok":
        return ok("port", name, said)
    return wrong("port", name, said, "GET /health names the part that is not well")
