"""JSON as it is kept and hashed: one text for one value, whoever writes it."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:  # noqa: ANN401 - JSON is any of its kinds
    """Text of a JSON value: keys sorted, no blanks, ASCII.

    Raises
    ------
    ValueError
        A number that JSON does not know.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
