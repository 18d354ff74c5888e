"""Pseudonyms by the laboratory's key: always the same for the same key, and no way back without it.

HMAC-SHA-256 (RFC 2104). The key stays in the laboratory; whoever has it and a list of identifiers
can tell who is who.
"""

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hladr.acquisition import LONGEST_SHIFT
from hladr.deidentify.errors import PseudonymKeyMissing, PseudonymKeyShort

KEY_VARIABLE = "HLADR_PSEUDONYM_KEY"
SHORTEST_KEY = 32
"""Bytes: the length of the hash (RFC 2104, section 3)."""

_FEWEST_DIFFERENT = 8
_LONGEST_PATTERN = 15  # bytes of what is repeated to make a long key
_LARGEST_KEY_FILE = 4_096
_DOMAIN = b"hladr.deidentify/1"


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """The laboratory's secret.

    Parameters
    ----------
    secret
        32 bytes or more, blanks and line ends around them not counted.

    Raises
    ------
    PseudonymKeyShort
        Fewer, or fewer than 8 different ones, or the same up to 15 again and again.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that can be guessed."""
        secret = self.secret.strip()
        few = len(set(secret)) < _FEWEST_DIFFERENT
        if len(secret) < SHORTEST_KEY or few or _is_repeated(secret):
            raise PseudonymKeyShort(found=len(secret), needed=SHORTEST_KEY)
        object.__setattr__(self, "secret", secret)

    def pseudonym(self, purpose: str, text: str) -> str:
        """Return 16 hexadecimal digits for a text; the same text has another for each purpose.

        Texts are compared without blanks around them and composed (NFC), else exactly: `P-17` and
        `p-17` are two.
        """
        return self._digest(purpose, text)[:8].hex()

    def days(self, subject: str) -> int:
        """Days by which the dates of a subject are moved into the past, 1 to 365."""
        return int.from_bytes(self._digest("days", subject)[:8], "big") % LONGEST_SHIFT.days + 1

    def _digest(self, purpose: str, text: str) -> bytes:
        plain = unicodedata.normalize("NFC", text.strip())
        message = b"\0".join((_DOMAIN, purpose.encode(), plain.encode("utf-8", "surrogatepass")))
        return hmac.digest(self.secret, message, hashlib.sha256)


def read_key(path: Path | None, environment: Mapping[str, str]) -> PseudonymKey:
    """Key from a file, or without one from `HLADR_PSEUDONYM_KEY` of the environment.

    Raises
    ------
    PseudonymKeyMissing
        Neither is there, or the file cannot be a key.
    PseudonymKeyShort
        It can be guessed.
    """
    if path is None:
        text = environment.get(KEY_VARIABLE, "")
        if not text.strip():
            place = f"a file (--key-file) or the environment variable {KEY_VARIABLE}"
            raise PseudonymKeyMissing(place=place, reason="found neither")
        return PseudonymKey(text.encode("utf-8", "surrogateescape"))
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_KEY_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PseudonymKeyMissing(place=f"the file {str(path)!r}", reason=reason) from error
    if reason := _no_key(content):
        raise PseudonymKeyMissing(place=f"the file {str(path)!r}", reason=reason)
    return PseudonymKey(content)


def readable_by_others(path: Path) -> bool:
    """Whether others than its owner may read a key file, as far as the system has such rights."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o044)


def _no_key(content: bytes) -> str:
    """Why a file cannot be a key; empty where it can."""
    if content[:3] == b"FCS":
        return "it is an FCS file, which others have too"
    if len(content) > _LARGEST_KEY_FILE:
        return f"it has more than {_LARGEST_KEY_FILE:,} bytes"
    return ""


def _is_repeated(secret: bytes) -> bool:
    return any(secret[n:] == secret[:-n] for n in range(1, _LONGEST_PATTERN + 1))
