"""How numbers are written in a sentence; below zero with a minus sign, not a hyphen."""

MINUS = "\N{MINUS SIGN}"
_FARTHEST = 1000


def scale_text(value: float) -> str:
    """Whole number from 100 on, three digits below: no exponent, no thousands separator."""
    size = f"{abs(value):.0f}" if abs(value) >= 100.0 else f"{abs(value):.3g}"
    return f"{MINUS}{size}" if value < 0.0 else size


def fixed_text(value: float, decimals: int) -> str:
    """Value with a fixed number of decimals: ``0.953``, ``−1.300``, ``0.000``."""
    size = f"{abs(value):.{decimals}f}"
    return f"{MINUS}{size}" if value < 0.0 and _is_some(size) else size


def grouped_text(value: float, decimals: int) -> str:
    """As `fixed_text`, with thousands apart: ``62,336``, ``1,012.50``."""
    size = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{size}" if value < 0.0 and _is_some(size) else size


def signed_text(value: float, decimals: int = 1) -> str:
    """Change with its sign: ``+3.4``, ``−3.4``; what is printed as zero has none."""
    size = f"{abs(value):.{decimals}f}"
    if not _is_some(size):
        return size
    return f"{MINUS if value < 0.0 else '+'}{size}"


def sd_text(distance: float) -> str:
    """Distance in SDs: ``+3.2 SD``, ``−3.2 SD``, ``more than 1,000 SD``."""
    if abs(distance) > _FARTHEST:
        return f"more than {_FARTHEST:,} SD"
    return f"{signed_text(distance)} SD"


def _is_some(size: str) -> bool:
    return any(digit not in "0." for digit in size)


def level_text(assigned: float | None) -> str:
    """Value of a lot's level, as it is on the flyer."""
    return "blank" if assigned is None else f"{assigned:.12g}"
