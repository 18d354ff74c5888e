"""Files of the laboratory's own beside database and archive: its key, its definitions."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.doors.outside import KEY_FILE
from service.settings import Settings

DEFINITIONS = "definitions"
_KINDS = ("assays", "criteria")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.toml")


def own_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Return what else a backup holds: its path there, and where it lies now."""
    key = settings.pseudonym_key_file or settings.data_dir / KEY_FILE
    if settings.pseudonym_key_file is not None or key.exists():
        yield f"data/{KEY_FILE}", key
    if settings.definitions_dir is None:
        return
    for kind in _KINDS:
        for path in sorted((settings.definitions_dir / kind).glob("*.toml")):
            if _NAME.fullmatch(path.name):
                yield f"data/{DEFINITIONS}/{kind}/{path.name}", path
