"""``hladr serve``: the service on this machine."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import WRONG_USAGE, say, say_refused
from service.operating.environment import read_settings

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
    """
    import uvicorn

    from service.http.connection import OPTIONS
    from service.operations.belonging import ForeignDatabase

    settings = _settings(host, port, data, workers)
    os.umask(_OWNER_ALONE)
    _share_measures(settings)
    try:
        lines = _first_lines(settings)
    except ForeignDatabase as error:
        say_refused(error)
        raise typer.Exit(WRONG_USAGE) from error
    for line in lines:
        typer.echo(line)
    say(f"hladr listens on {_address(settings)}. Research use only. Not for diagnosis.")
    uvicorn.run(
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


def _share_measures(settings: "Settings") -> None:
    """Give several processes a folder in which each keeps its measures."""
    if settings.workers == 1:
        return
    folder = settings.data_dir / "measures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _address(settings: "Settings") -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_origin or f"http://{host}:{settings.port}"
