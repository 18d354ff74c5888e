"""The form of a lot: what it says, and what is asked for by it."""

from typing import Any

from service.lots.lot import Lot
from service.pages.form import Posted
from service.pages.managing.levels import Assigned, written

NAMES = {
    "number": "Lot number",
    "maker": "Maker",
    "product": "Product",
    "expires": "Expires",
    "assigned": "Assigned values",
}
"""Fields of a lot, as people call them."""
_TEXTS = ("number", "maker", "product", "expires")


def texts_of(lot: Lot) -> dict[str, str]:
    """Return a lot as texts."""
    return {
        "number": lot.number,
        "maker": lot.maker or "",
        "product": lot.product or "",
        "expires": "" if lot.expires is None else lot.expires.isoformat(),
        "assigned": written(lot.assigned),
    }


def typed_in(posted: Posted, assigned: Assigned | None) -> dict[str, str]:
    """Return what a form says, as texts; without values where nobody entered any."""
    texts = {name: posted.text(name) for name in _TEXTS}
    return texts if assigned is None else {**texts, "assigned": written(assigned)}


def content_of(posted: Posted, assigned: Assigned) -> dict[str, Any]:
    """Return what is asked for by a form."""
    return {**posted.said(*_TEXTS), "assigned": assigned}
