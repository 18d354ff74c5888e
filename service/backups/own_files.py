"""Files of the laboratory's own beside database and archive: its key, its definitions."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.doors.outside import KEY_FILE, key_file
from service.settings import Settings

KEY = f"data/{KEY_FILE}"
DEFINITIONS = "definitions"
_KINDS = ("assays", "criteria")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.toml")


def own_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Return what else a backup holds: its path there, and where it lies now."""
    if (key := key_file(settings)).exists():
        yield KEY, key
    if settings.definitions_dir is None:
        return
    for kind in _KINDS:
        for path in sorted((settings.definitions_dir / kind).glob("*.toml")):
            if _NAME.fullmatch(path.name):
                yield f"data/{DEFINITIONS}/{kind}/{path.name}", path
