"""A PostgreSQL server of the tests' own."""

import contextlib
import itertools
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from service.store import schema
from service.store.database import Database

_IN_MEMORY = "-c fsync=off -c full_page_writes=off -c max_wal_size=64MB"
"""It need not outlive the machine: nobody kills that."""
_MEMORY, _ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 - where there is that much of it


def binaries():
    """Folder of the programs of a PostgreSQL server; None where there is none."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent  # some machines have links to some of them
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


class Server:
    """A PostgreSQL server of the tests' own, reached by a socket in its folder."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.numbers = itertools.count()
        # It refuses to be root; whoever owns the folder runs it.
        self.user = folder.owner()

    def run(self, *command):
        subprocess.run(
            [str(self.programs / command[0]), *command[1:]], cwd=self.folder, user=self.user,
            check=True, capture_output=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    def start(self):
        data = self.folder / "data"
        self.run("initdb", "-D", str(data), "-U", "hladr", "--no-sync", "-E", "UTF8", "-A", "trust")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' {_IN_MEMORY}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(data), "-w", "-l", log, "-o", settings, "start")
        self.make("template")
        database = Database(self.url("template"))
        schema.upgrade(database)
        database.close()

    def stop(self):
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def make(self, name, template="template1"):
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, url):
        """Take a database away, whoever is still connected to it."""
        self.ask(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def ask(self, text):
        """Ask the server for something that concerns whole databases."""
        address = f"host={self.folder} user=hladr dbname=postgres"
        with contextlib.closing(psycopg.connect(address, autocommit=True)) as connection:
            connection.execute(text)

    def url(self, name):
        return f"postgresql://hladr@/{name}?host={self.folder}"

    def fresh(self):
        """Address of a new database, as the service needs it."""
        return self.url(self.fresh_name())

    def fresh_name(self):
        """Name of a new database, as the service needs it."""
        name = f"test{next(self.numbers)}"
        self.make(name, "template")
        return name


def quickest():
    """Folder of memory, where a new database costs a tenth; None, as usual, where there is none."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return None


@contextlib.contextmanager
def running():
    """Run a server; None where none is installed."""
    programs = binaries()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="hladr-pg-", dir=quickest()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if folder.owner() == "root":
            shutil.chown(folder, "nobody")
        server = Server(folder, programs)
        server.start()
        try:
            yield server
        finally:
            server.stop()
