"""Hash of what a definition says: comments and layout of its file do not count."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def sha256_of(record: Mapping[str, Any]) -> str:
    """SHA-256 of a definition as plain data, hexadecimal."""
    content = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
