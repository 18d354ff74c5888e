"""Where compiled kernels lie: a folder of the user, one folder in it for each build.

A build is everything that machine code depends on: the source of all kernels, the compiler and its
settings, Python, the processor. What one build has written no other reads.
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

VARIABLE = "HLADR_CACHE_DIR"
"""Environment variable with the folder for caches, instead of the user's own."""


def cache_folder() -> Path | None:
    """Folder for what can be made anew; None where the user has no home."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).absolute()
    try:
        return _of_the_system() / "hladr"
    except RuntimeError:  # a user without a home
        return None


def _of_the_system() -> Path:
    """Where programs of this user keep caches, by the custom of the operating system."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if Path(given).is_absolute() else Path.home() / ".cache"


def _source_digest() -> str | None:
    """Digest of the source of all kernels; None where it cannot be read (an archive)."""
    digest = hashlib.sha256()
    try:
        sources = sorted(Path(__file__).parent.glob("*.py"))
        for source in sources:
            content = source.read_bytes()
            digest.update(f"{source.name} {len(content)}\n".encode() + content)
    except OSError:
        return None
    return digest.hexdigest() if sources else None


_SOURCE = _source_digest()  # of the source as it is loaded, not as it is edited later


def build_name(compiler: Iterable[object]) -> str | None:
    """Name of the folder of this build; None where the source of the kernels cannot be read.

    Parameters
    ----------
    compiler
        What the machine code depends on besides the source: versions, settings, processor.
    """
    if _SOURCE is None:
        return None
    facts = (_SOURCE, sys.implementation.cache_tag, sys.platform, *compiler)
    digest = hashlib.sha256("\n".join(map(repr, facts)).encode())
    return f"kernels-{digest.hexdigest()[:24]}"
