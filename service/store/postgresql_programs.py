"""The client programs of PostgreSQL that write a database to an archive, and an archive back."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sqlalchemy.engine import URL

from service.errors import ServiceError

_OF_DEBIAN = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) ([0-9]+)")
_MAJOR = 10_000  # of the number that a server tells
_SHOWN = 300


class ProgramMissing(ServiceError):
    """A client program of PostgreSQL is not installed, or too old for the server."""

    code: ClassVar[str] = "PROGRAM_MISSING"
    status: ClassVar[int] = 500

    def __init__(self, *, program: str, needed: int, found: tuple[int, ...]) -> None:
        self.program, self.needed, self.found = program, needed, found
        those = ", ".join(map(str, found)) or "none"
        super().__init__(
            f"expected {program} of PostgreSQL {needed} or newer, found {those}. Install the "
            f"package postgresql-client-{needed} (Debian, Ubuntu) or postgresql{needed} (Red Hat)."
        )


class ProgramFailed(ServiceError):
    """A client program of PostgreSQL ended with an error."""

    code: ClassVar[str] = "PROGRAM_FAILED"
    status: ClassVar[int] = 500

    def __init__(self, *, program: str, said: str) -> None:
        self.program, self.said = program, said
        super().__init__(f"expected {program} to end well, found: {said or 'no word of it'}.")


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of a database of a server.

    Parameters
    ----------
    url
        Of the database.
    server
        Version of the server, as it tells it.
    path
        Of the archive.
    """

    url: URL
    server: int
    path: Path

    def dump(self, snapshot: str) -> None:
        """Write what a transaction sees that shares its snapshot.

        Raises
        ------
        ProgramMissing, ProgramFailed
        """
        more = ("--format=custom", f"--snapshot={snapshot}", f"--file={self.path}")
        self._run("pg_dump", more)

    def restore(self) -> None:
        """Fill the database, all of it or nothing.

        Raises
        ------
        ProgramMissing, ProgramFailed
        """
        self._run("pg_restore", ("--single-transaction", "--exit-on-error", str(self.path)))

    def _run(self, program: str, more: tuple[str, ...]) -> None:
        name = f"--dbname={_without_password(self.url)}"
        path = fitting(program, self.server // _MAJOR)
        done = subprocess.run(  # noqa: S603 - a program of the system, no shell
            [path, "--no-password", "--no-owner", "--no-privileges", name, *more],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", **_password(self.url)},
        )
        if done.returncode != 0:
            said = " ".join(done.stderr.decode(errors="replace").split())
            raise ProgramFailed(program=program, said=said[:_SHOWN])


def _without_password(url: URL) -> str:
    """Address as libpq reads it, with all that the driver is told."""
    from psycopg.conninfo import make_conninfo

    _, told = url.get_dialect()().create_connect_args(url)
    return make_conninfo("", **{name: told[name] for name in told if name != "password"})


def _password(url: URL) -> dict[str, str]:
    """Secrets go by the environment: arguments can be read by everybody on the machine."""
    return {} if url.password is None else {"PGPASSWORD": str(url.password)}


def fitting(program: str, needed: int) -> Path:
    """Return the installed program that fits a server of a version.

    Raises
    ------
    ProgramMissing
    """
    found = {_major(path): path for path in _installed(program)}
    fit = [version for version in found if version >= needed]
    if not fit:
        raise ProgramMissing(program=program, needed=needed, found=tuple(sorted(found)))
    return found[min(fit)]  # an archive of a later version could not be read by the server's own


def _installed(program: str) -> Iterator[Path]:
    on_path = shutil.which(program)
    if on_path is not None:
        yield Path(on_path)
    yield from _OF_DEBIAN.glob(f"*/bin/{program}")


def _major(path: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - a program of the system, no shell
            [path, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = _VERSION.search(said)
    return 0 if found is None else int(found[1])
