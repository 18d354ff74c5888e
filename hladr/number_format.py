"""How numbers are printed for people: one rule each, whatever the page.

A number is compared unrounded; it is rounded only here, at the moment it is printed. The other
rule of this kind, AB/c that never crosses a cut-off by rounding, lives with the criterion.
"""

import math

NOT_A_NUMBER = "not determined"
MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"

SMALLEST_PERCENT = 0.01
"""A share below this prints as ``< 0.01 %``: it is small, and it is not zero."""


def format_count(count: int) -> str:
    """Whole number with thousands separators: ``61,800``."""
    return f"{count:,}"


def format_significant(value: float, digits: int = 4) -> str:
    """Value rounded to `digits` significant digits, written out without an exponent.

    Digits before the decimal point are never replaced by zeros: ``62,336`` stays whole with four
    digits asked for. Values of 1e15 and above, or under 1e-6, take an exponent.
    """
    if not math.isfinite(value):
        return NOT_A_NUMBER
    if value == 0:
        return "0"
    size = abs(value)
    if not 1e-6 <= size < 1e15:
        return f"{value:.{digits - 1}e}".replace("-", MINUS)
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    rounded = round(size, decimals)
    if rounded >= 10 ** (math.floor(math.log10(size)) + 1):  # 9.9996 became 10.000
        decimals = max(0, decimals - 1)
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def format_percent(percent: float) -> str:
    """Share in percent, 0 to 100: ``7.9 %``, ``0.35 %``, ``< 0.01 %``, ``0 %``.

    One decimal from 1 % up, two below; a share that is neither none nor all is never printed
    as 0 % or 100 %.
    """
    if not math.isfinite(percent):
        return NOT_A_NUMBER
    if percent in {0.0, 100.0}:
        number = f"{percent:.0f}"
    elif 0 < percent < SMALLEST_PERCENT:
        number = f"< {SMALLEST_PERCENT}"
    elif 99.9 < percent < 100:
        number = f"{math.floor(percent * 100) / 100:.2f}"
    else:
        number = f"{percent:.1f}" if percent >= 1 else f"{percent:.2f}"
    return f"{number}{NARROW_SPACE}%"


def format_signed(value: float, decimals: int = 1) -> str:
    """Change with its sign: ``+0.4``, ``−1.3``; what is printed as zero has none."""
    if not math.isfinite(value):
        return NOT_A_NUMBER
    size = f"{abs(value):.{decimals}f}"
    if not any(digit not in "0." for digit in size):
        return size
    return f"{MINUS if value < 0 else '+'}{size}"


def format_signed_percent(percent: float) -> str:
    """Deviation in percent with its sign and one decimal: ``+0.4 %``, ``−1.3 %``, ``0.0 %``."""
    if not math.isfinite(percent):
        return NOT_A_NUMBER
    return f"{format_signed(percent)}{NARROW_SPACE}%"


def format_fixed(value: float, decimals: int) -> str:
    """Value with a fixed number of decimals, for columns of one table and coefficients."""
    if not math.isfinite(value):
        return NOT_A_NUMBER
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit not in "0.," for digit in text)
    return f"{MINUS}{text}" if negative else text


def format_degrees_of_freedom(dof: float) -> str:
    """Degrees of freedom: whole below 100 where they are whole, one decimal else, ``∞``."""
    if math.isnan(dof):
        return NOT_A_NUMBER
    if math.isinf(dof):
        return "∞"
    if dof >= 100:
        return f"{dof:,.0f}"
    return f"{dof:.0f}" if dof == round(dof) else f"{dof:.1f}"


def format_r_squared(r_squared: float) -> str:
    """Four decimals, cut rather than rounded, so that only a perfect line prints 1.0000."""
    if not math.isfinite(r_squared):
        return NOT_A_NUMBER
    if r_squared >= 1:
        return "1.0000"
    return format_fixed(math.floor(r_squared * 1e4) / 1e4, 4)
