"""What somebody typed before their session ended, as it is shown to them again."""

import re
from typing import Final

_NOT_TYPED: Final = frozenset({
    "csrf", "version", "form", "key", "gate", "known", "levels", "read", "once", "sure", "finding",
    "next", "number", "findings", "x", "y", "active", "confirmed", "meaning", "automatic",
})  # fmt: skip
"""Fields that a page fills in, or that say nothing without it."""
_MADE: Final = re.compile(r"[0-9a-f]{32,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LABELS: Final = {
    "drawn_at": "Drawn", "received_at": "Received", "stained_at": "Stained",
    "measured_at": "Measured", "told_at": "Told at", "read_back": "Read back",
    "ferritin_ng_ml": "Ferritin, ng/mL", "lot_again": "Lot number, again",
    "full_name": "Full name", "outcome_reason": "Reason",
    "in_spite": "In spite of the findings",
}  # fmt: skip


def typed_of(kept: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return label and text of the fields that a person filled in, without ids and hashes."""
    return tuple(
        (label_of(name), value)
        for name, value in kept
        if value.strip() and name not in _NOT_TYPED and not _MADE.fullmatch(value.strip())
    )


def label_of(name: str) -> str:
    """Return what a field is called on a page."""
    said = _LABELS.get(name, name.replace("_", " "))
    return said[:1].upper() + said[1:]
