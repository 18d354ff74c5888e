"""Values of any shape as the kernels take them."""

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray


def flat(values: AnyFloatArray) -> FloatArray:
    """Contiguous and read-only, so that one compiled version serves every caller."""
    found = np.ascontiguousarray(values, np.float64).ravel().view()
    found.flags.writeable = False
    return found
