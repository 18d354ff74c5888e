"""Memory that was freed stays with the process for the next array.

The C library of Linux gives every freed block of 128 KiB or more back to the system, and asks for
the next one anew, page by page and cleared: half the time of a job whose arrays are larger than
that. It keeps blocks up to the largest that it has seen freed, 32 MiB at most (mallopt(3),
M_MMAP_THRESHOLD).
"""

from functools import cache

import numpy as np

_LARGEST = (1 << 25) - (1 << 16)  # bytes


@cache  # once in a process is enough
def keep_freed_blocks() -> None:
    """Let one large block be freed. Nothing is written into it, so it takes no memory."""
    np.empty(_LARGEST, np.uint8)
