"""Versions that travel with every result."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

ALGORITHM = "2"
"""Raised whenever the same files and settings would give another number."""


@cache
def software_version() -> str:
    """Version of the installed distribution, ``0+unknown`` when run from a bare folder."""
    try:
        return version("hladr")
    except PackageNotFoundError:
        return "0+unknown"
