"""What the doors out are given: a folder for messages, files with secrets."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from service.doctor.check import Check, ok, wrong
from service.doors.redcap.token import TOKEN
from service.settings import Settings

PART = "doors"
_SUPER_TOKEN = re.compile(r"[0-9A-Fa-f]{64}")
_MOST_READ = 1 << 10
_OTHERS = stat.S_IRWXO


def places(settings: Settings) -> Iterator[Check]:
    """Look at the folder of the messages, and at the files with secrets that settings name."""
    if settings.hl7_folder is not None:
        yield _folder(settings.hl7_folder)
    if settings.redcap_token_file is not None:
        yield from _token(settings.redcap_token_file)
    if settings.pseudonym_key_file is not None and settings.pseudonym_key_file.is_file():
        yield _private("HLADR_PSEUDONYM_KEY_FILE", settings.pseudonym_key_file)


def _folder(path: Path) -> Check:
    name = "HLADR_HL7_FOLDER"
    if not path.is_dir():
        do = "make it, for the service and who takes the messages, see docs/operations.md"
        return wrong(PART, name, f"{path} is no folder that this account can see", do)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        do = "let the account of the service write there; in the unit by ReadWritePaths="
        return wrong(PART, name, f"nothing can be written to {path}", do)
    return ok(PART, name, "it can be written to")


def _token(path: Path) -> Iterator[Check]:
    name = "HLADR_REDCAP_TOKEN_FILE"
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_READ).decode("ascii", "replace").strip()
    except OSError as error:
        do = "put the token of the project there, readable by the service alone"
        yield wrong(PART, name, f"{path}: {error.strerror}", do)
        return
    private = _private(name, path)
    if private.do:
        yield private
    if _SUPER_TOKEN.fullmatch(text):
        do = "put the token of the project there, of 32 digits"
        yield wrong(PART, name, "64 digits: a token that makes projects", do)
    elif not TOKEN.fullmatch(text):
        do = "put the token there as REDCap shows it: 32 hexadecimal digits, and nothing else"
        yield wrong(PART, name, f"{path} holds no token", do)
    elif not private.do:
        yield private


def _private(name: str, path: Path) -> Check:
    """Whether only the service can read a file: its account, or its group, which has no other."""
    found = path.stat()
    mode, own_group = stat.S_IMODE(found.st_mode), found.st_gid == os.getegid()
    if mode & (_OTHERS if own_group else _OTHERS | stat.S_IRWXG):
        do = f"chmod {'o' if own_group else 'go'}-rwx {path}; then have a new one made"
        return wrong(PART, name, f"others can read {path} ({mode:o})", do)
    return ok(PART, name, "there, and the service's alone")
