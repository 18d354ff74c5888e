"""What somebody sent before their session ended, as it is shown to them again."""

import re
from collections.abc import Mapping
from typing import Any, Final

from service.pages.doing import doing
from service.pages.form import SECRET, Posted
from service.pages.kept_gates import gates_typed, is_of_gates

Fields = tuple[tuple[str, str], ...]
_NOT_TYPED: Final = frozenset({
    "csrf", "version", "form", "key", "gate", "known", "levels", "read", "once", "sure", "finding",
    "next", "number", "findings", "x", "y", "active", "confirmed", "meaning", "automatic",
})  # fmt: skip
"""Fields that a page fills in, or that say nothing without it."""
_SIGNED: Final = re.compile(r"/samples/[^/]+/(signatures|answers)|/patients/.+/eligibility")
"""Addresses of forms that somebody stands for by the password that they sign in with."""
_MADE: Final = re.compile(r"[0-9a-f]{32,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LABELS: Final = {
    "drawn_at": "Drawn", "received_at": "Received", "stained_at": "Stained",
    "measured_at": "Measured", "told_at": "Told at", "read_back": "Read back",
    "ferritin_ng_ml": "Ferritin, ng/mL", "lot_again": "Lot number, again",
    "full_name": "Full name", "outcome_reason": "Reason", "meaning": "Signed as",
    "in_spite": "In spite of the findings",
}  # fmt: skip


def kept_of(posted: Posted) -> Fields:
    """Return the fields of a form that are kept; of a password, that one was typed."""
    return (*posted.kept(), *((name, "") for name in posted.passwords()))


def resumed(to: str, kept: Fields) -> Mapping[str, Any]:
    """Return what the page says of a form that can be sent once more.

    A password is never kept. Where somebody stands for something by their own, they are asked for
    it: `asks` is the label. Another one is chosen on its page alone: `lost` says so, and the form
    is not sent from here.
    """
    asks = _asks(to, dict(kept))
    return {
        "to": to,
        "does": doing(to),
        "typed": typed_of(to, kept),
        "kept": tuple(each for each in kept if each[0] not in SECRET),
        "asks": asks,
        "lost": not asks and any(name in SECRET for name, _ in kept),
    }


def _asks(to: str, said: Mapping[str, str]) -> str:
    if not _SIGNED.fullmatch(to):
        return ""
    other = said.get("name", "").strip() if said.get("form") == "other" else ""
    return f"Password of {other}" if other else "Your password, again"


def typed_of(to: str, kept: Fields) -> Fields:
    """Return label and text of what a person filled in or chose, without ids and hashes."""
    if is_of_gates(to):
        return gates_typed(kept)
    hidden = _NOT_TYPED - {"finding", "meaning", "version"} if _SIGNED.fullmatch(to) else _NOT_TYPED
    return tuple(
        (label_of(name), value.replace("_", " ") if name == "meaning" else value)
        for name, value in kept
        if value.strip() and name not in hidden and not _MADE.fullmatch(value.strip())
    )


def label_of(name: str) -> str:
    """Return what a field is called on a page."""
    said = _LABELS.get(name, name.replace("_", " "))
    return said[:1].upper() + said[1:]
