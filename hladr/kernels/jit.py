"""The one place that knows how kernels are compiled.

Serial (a parallel kernel called from several threads may abort the process), without the GIL,
cached on disk, IEEE arithmetic kept (fast-math would put NaN inside gates).
"""

import numba

kernel = numba.njit(cache=True, nogil=True, error_model="numpy")
