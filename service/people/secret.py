"""Secrets that the service makes: shown once, kept as hashes."""

import hashlib
import secrets

KEY_START = "hladr_"
_BYTES = 32  # 256 random bits
PREFIX = len(KEY_START) + 6
"""Characters of a key by which people know it again."""


def new_key() -> str:
    """Return a new API key."""
    return KEY_START + secrets.token_urlsafe(_BYTES)


def new_token() -> str:
    """Return a new token of a session or of a form."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret; with so many random bits no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
