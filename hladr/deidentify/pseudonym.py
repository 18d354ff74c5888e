"""Pseudonyms by the laboratory's key: always the same for the same key, and no way back without it.

HMAC-SHA-256 (RFC 2104). The key stays in the laboratory; whoever has it and a list of identifiers
can tell who is who.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hladr.deidentify.errors import PseudonymKeyMissing, PseudonymKeyShort

KEY_VARIABLE = "HLADR_PSEUDONYM_KEY"
SHORTEST_KEY = 32
"""Bytes: the length of the hash (RFC 2104, section 3)."""

_FEWEST_DIFFERENT = 8
_LARGEST_KEY_FILE = 65_536
_LONGEST_SHIFT = 365
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
        Fewer, or fewer than 8 different ones.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that can be guessed."""
        secret = self.secret.strip()
        if len(secret) < SHORTEST_KEY or len(set(secret)) < _FEWEST_DIFFERENT:
            raise PseudonymKeyShort(found=len(secret), needed=SHORTEST_KEY)
        object.__setattr__(self, "secret", secret)

    def pseudonym(self, purpose: str, text: str) -> str:
        """Return 16 hexadecimal digits for a text; the same text has another for each purpose."""
        return self._digest(purpose, text)[:8].hex()

    def days(self, subject: str) -> int:
        """Days by which the dates of a subject are moved into the past, 1 to 365."""
        return int.from_bytes(self._digest("days", subject)[:8], "big") % _LONGEST_SHIFT + 1

    def _digest(self, purpose: str, text: str) -> bytes:
        plain = unicodedata.normalize("NFC", text.strip())
        message = b"\0".join((_DOMAIN, purpose.encode(), plain.encode("utf-8", "surrogatepass")))
        return hmac.digest(self.secret, message, hashlib.sha256)


def read_key(path: Path | None, environment: Mapping[str, str]) -> PseudonymKey:
    """Key from a file, or without one from `HLADR_PSEUDONYM_KEY` of the environment.

    Raises
    ------
    PseudonymKeyMissing
        Neither is there.
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
            content = stream.read(_LARGEST_KEY_FILE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PseudonymKeyMissing(place=f"the file {str(path)!r}", reason=reason) from error
    return PseudonymKey(content)
