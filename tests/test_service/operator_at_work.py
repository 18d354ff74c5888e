"""Whoever operates the service: commands, with the database that a test is about."""

import contextlib
import hashlib
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

from process import PROGRAM
from typer.testing import CliRunner

from service.program import app
from service.settings import Settings

_numbers = itertools.count()


class Operator:
    """Commands of ``hladr`` on a database: of a folder, or of a server by its address."""

    def __init__(self, folder, url=None):
        self.folder, self.url = folder, url

    def environment(self, **settings):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HLADR_")}
        cache = {name: os.environ[name] for name in ("HLADR_CACHE_DIR",) if name in os.environ}
        made = {f"HLADR_{name.upper()}": str(value) for name, value in settings.items()}
        address = {} if self.url is None else {"HLADR_DATABASE_URL": self.url}
        return {**kept, **cache, **address, "HLADR_LEAST_FREE": "0", **made}

    def run(self, *arguments, program=PROGRAM, **settings):
        """Run a command as a process of its own."""
        return subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True,
            check=False, cwd=self.folder, env=self.environment(**settings), timeout=300,
        )  # fmt: skip

    def run_here(self, *arguments, **settings):
        """Run a command in this process."""
        with in_folder(self.folder):
            return CliRunner().invoke(
                app, [*map(str, arguments)], env={**cleared(), **self.environment(**settings)}
            )

    def call(self, *arguments, status=0, **settings):
        """Run a command in this process; how it ended, as it must."""
        ran = self.run_here(*arguments, **settings)
        assert ran.exit_code == status, (ran.exit_code, ran.output, ran.exception)
        return ran

    def backup(self, data, target, *more, status=0):
        """Back up; what was said, and the folder that was made."""
        said = self.call("backup", "--data", data, "-o", target, *more, status=status).stderr
        return said, max(Path(self.folder / target).glob("*Z"), default=None)


def cleared():
    """The settings that this process was started with, to be taken away."""
    return {name: None for name in os.environ if name.startswith("HLADR_")}


@contextlib.contextmanager
def in_folder(folder):
    """Work in a folder; commands narrow what others may read of new files."""
    back, mask = Path.cwd(), os.umask(0o022)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(back)
        os.umask(mask)


def empty_database(request, url):
    """Address of an empty database beside that of a test; None for SQLite."""
    if url is None:
        return None
    server = request.getfixturevalue("postgresql")
    name = f"empty_{next(_numbers)}"
    server.make(name)
    return server.url(name)


def service_settings(folder, url):
    """Of a service on what was restored."""
    return Settings(
        data_dir=folder, database_url=url, least_free=0, log_level="CRITICAL", time_zone="UTC"
    )


def whole(folder):
    """Whether every part of a backup is as its manifest says."""
    told = json.loads((folder / "manifest.json").read_text())
    return all(
        hashlib.sha256((folder / part["path"]).read_bytes()).hexdigest() == part["sha256"]
        for part in told["parts"]
    )
