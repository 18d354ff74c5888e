"""Stored bytes to numbers where no machine type fits: integers of 3 or 5 to 7 bytes, digits."""

import numpy as np
from numpy.typing import NDArray

from hladr.kernels.jit import kernel


@kernel
def whole_numbers(
    raw: NDArray[np.uint8], shifts: NDArray[np.uint64], stride: int, count: int
) -> NDArray[np.uint64]:
    """Unsigned integers of ``shifts.size`` bytes, one every `stride` bytes, `count` of them.

    Byte ``j`` of a number counts ``2 ** shifts[j]``. `raw` begins with the first number and must
    hold at least ``(count - 1) * stride + shifts.size`` bytes.
    """
    numbers = np.empty(count, dtype=np.uint64)
    for i in range(count):
        number = np.uint64(0)
        for j in range(shifts.size):
            number |= np.uint64(raw[i * stride + j]) << shifts[j]
        numbers[i] = number
    return numbers


@kernel
def wrong_fields(raw: NDArray[np.uint8], widths: NDArray[np.int64]) -> int:
    """Count fields that hold no number, in rows of fields of these widths filling `raw`.

    A number is 1 to 19 digits, with blanks before and after them.
    """
    wrong = 0
    at = 0
    while at < raw.size:
        for width in widths:
            digits = 0
            ended = False
            good = True
            for character in raw[at : at + width]:
                if 48 <= character <= 57:
                    digits += 1
                    good = good and not ended
                elif character in (0, 32):
                    ended = digits > 0
                else:
                    good = False
            at += width
            if not good or digits == 0 or digits > 19:
                wrong += 1
    return wrong


@kernel
def digits_fixed(
    raw: NDArray[np.uint8], offset: int, width: int, stride: int, count: int
) -> tuple[NDArray[np.uint64], int]:
    """Numbers of `width` characters, one every `stride`; and how many fields hold none.

    What a number is, `wrong_fields` says.
    """
    numbers = np.zeros(count, dtype=np.uint64)
    wrong = 0
    for i in range(count):
        digits = 0
        ended = False
        good = True
        for character in raw[offset + i * stride : offset + i * stride + width]:
            if 48 <= character <= 57:
                numbers[i] = numbers[i] * np.uint64(10) + np.uint64(character - 48)
                digits += 1
                good = good and not ended
            elif character in (0, 32):
                ended = digits > 0
            else:
                good = False
        if not good or digits == 0 or digits > 19:
            wrong += 1
    return numbers, wrong


@kernel
def count_delimited(raw: NDArray[np.uint8]) -> tuple[int, int]:
    """How many numbers stand between blanks, commas and line ends; and how many bytes are neither.

    A number of more than 19 digits counts as one wrong byte.
    """
    numbers = 0
    wrong = 0
    digits = 0
    for character in raw:
        if 48 <= character <= 57:
            if digits == 0:
                numbers += 1
            digits += 1
            if digits == 20:
                wrong += 1
        else:
            digits = 0
            if not (9 <= character <= 13 or character in (0, 32, 44)):
                wrong += 1
    return numbers, wrong


@kernel
def digits_delimited(raw: NDArray[np.uint8], count: int) -> NDArray[np.uint64]:
    """Return the first `count` numbers between delimiters."""
    numbers = np.zeros(count, dtype=np.uint64)
    seen = -1
    inside = False
    for character in raw:
        if 48 <= character <= 57:
            if not inside:
                seen += 1
                inside = True
            if seen < count:
                numbers[seen] = numbers[seen] * np.uint64(10) + np.uint64(character - 48)
        else:
            inside = False
    return numbers
