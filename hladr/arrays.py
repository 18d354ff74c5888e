"""Names for the array types that travel through the package."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]
AnyFloatArray = NDArray[np.floating]
