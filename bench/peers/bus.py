"""The memory bus: a copy that reads and writes as many bytes as a step has to."""

from collections.abc import Callable
from functools import partial

import numpy as np
import step


def _copy(megabytes: float, _sample: str, _beads: str) -> Callable[[], object]:
    source = np.ones(int(megabytes * step.MEGA / 2.0), np.uint8)
    target = np.empty_like(source)
    return lambda: np.copyto(target, source)


STEPS = {name: partial(_copy, megabytes) for name, megabytes in step.MEGABYTES.items()}
