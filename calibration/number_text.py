"""How a scale value is written in a sentence."""


def scale_text(value: float) -> str:
    """Whole number from 100 on, three digits below: no exponent, no thousands separator."""
    return f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def level_text(assigned: float | None) -> str:
    """Value of a lot's level, as it is on the flyer."""
    return "blank" if assigned is None else f"{assigned:.12g}"
