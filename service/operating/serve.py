"""``hladr serve``: the service on this machine."""

import contextlib
import os
import socket
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hladr.cli.failure import say
from service.operating.ending import TRY_LATER, in_a_sentence
from service.operating.environment import read_settings
from service.operating.measures import shared_measures

if TYPE_CHECKING:
    from service.settings import Settings

NAME = "serve"
EXAMPLES = """\b
Examples:
  hladr serve
  hladr serve --data /var/lib/hladr --workers 2
  HLADR_DATABASE_URL=postgresql://hladr@db/hladr hladr serve --data /var/lib/hladr"""

_GRACE_SECONDS = 30
_OWNER_ALONE = 0o077  # of what is made, nothing for others


def run(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Default: 127.0.0.1, this machine only.")
    ] = None,
    port: Annotated[int | None, typer.Option(metavar="N", help="Default: 8000.")] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where files and database lie. Default: hladr-data."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes that answer. Default: 1.")
    ] = None,
) -> None:
    """Serve the HTTP interface, on SQLite in a data folder unless a database is set.

    On an empty database it prints the administrator's API key, once, and the address where the
    first user is made. Everything else is set by HLADR_... in the environment.

    Exit status: 75 when the database does not answer at the start, so that it is worth trying
    again; 2 when somebody has to mend something first.
    """
    settings = _settings(host, port, data, workers)
    os.umask(_OWNER_ALONE)
    sentence = in_a_sentence(settings, unavailable=TRY_LATER)
    with sentence, _bound(settings) as address, shared_measures(settings):
        for line in _first_lines(settings):
            typer.echo(line)
        say(f"hladr listens on {_address(settings)}. Research use only. Not for diagnosis.")
        _serve(settings, address)


@contextlib.contextmanager
def _bound(settings: "Settings") -> Iterator[socket.socket]:
    """Give a socket that has the address, before anything is made.

    Raises
    ------
    OSError
        Another one has it, or it is not of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, or asyncio takes it for something else and holds back the second part of each
    # answer until the first was acknowledged: 40 ms on a connection that is kept.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as address:
        address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            address.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host} port {settings.port}"
            raise OSError(error.errno, error.strerror or str(error), where) from error
        address.set_inheritable(True)
        yield address


def _serve(settings: "Settings", address: socket.socket) -> None:
    """Serve until the end, in this process or in several.

    Raises
    ------
    typer.Exit
        It could not begin.
    """
    from uvicorn import Config, Server
    from uvicorn.supervisors import Multiprocess

    from service.http.connection import OPTIONS

    config = Config(
        "service.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        lifespan="on",
        **OPTIONS,
        proxy_headers=settings.trusted_proxy is not None,
        forwarded_allow_ips=settings.trusted_proxy,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    if settings.workers > 1:
        several: Any = Multiprocess  # what it takes beside the sockets is another's in each version
        server = Server(config)
        more = {"target": server.run} if "target" in signature(Multiprocess).parameters else {}
        several(config, sockets=[address], **more).run()
        return
    server = Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[address])
    if not server.started:  # what somebody has to mend was found before
        raise typer.Exit(TRY_LATER)


def _settings(
    host: str | None, port: int | None, data: Path | None, workers: int | None
) -> "Settings":
    """Return the settings; what was given here goes to the processes by their environment."""
    given = {"host": host, "port": port, "data_dir": data, "workers": workers}
    settings = read_settings(given)
    os.environ |= {
        f"HLADR_{name.upper()}": str(value) for name, value in given.items() if value is not None
    }
    return settings


def _first_lines(settings: "Settings") -> list[str]:
    """Bring database and files up to date; what an empty database has to say."""
    from service.laboratory import Laboratory
    from service.operations.log import configure
    from service.start import first_key, is_open_to_others, prepare

    configure(settings.log_level)
    laboratory = Laboratory.of(settings)
    if is_open_to_others(settings.data_dir):
        say("warning: others on this machine can read the data folder; chmod 700 ends that.")
    try:
        prepare(laboratory)
        key = first_key(laboratory)
    finally:
        laboratory.database.close()
    if key is None:
        return []
    return [f"API key: {key}", f"First user: {_address(settings)}/setup"]


def _address(settings: "Settings") -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_origin or f"http://{host}:{settings.port}"
