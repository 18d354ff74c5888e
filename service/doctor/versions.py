"""Versions of all that numbers and records rest on."""

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from hladr.version import ALGORITHM, software_version
from service.doctor.check import Check, note, ok, wrong

PART = "versions"


def versions() -> Iterator[Check]:
    """Look at the versions."""
    yield ok(PART, "hladr", software_version())
    yield ok(PART, "algorithm", ALGORITHM)
    yield ok(PART, "Python", platform.python_version())
    for name in ("NumPy", "numba"):
        yield ok(PART, name, version(name))
    yield ok(PART, "SQLite", sqlite3.sqlite_version)
    yield _optional("psycopg", "for PostgreSQL: pip install 'hladr[postgres]'")
    yield _weasyprint()


def _optional(name: str, do: str) -> Check:
    try:
        return ok(PART, name, version(name))
    except PackageNotFoundError:
        return note(PART, name, "not installed", do)


def _weasyprint() -> Check:
    found = _optional("WeasyPrint", "for reports as PDF: pip install 'hladr[pdf]'")
    if found.do:
        return found
    try:
        import weasyprint  # noqa: F401 - it loads the libraries it needs
    except OSError:
        do = "install Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return wrong(PART, "WeasyPrint", "Pango is missing", do)
    return found
