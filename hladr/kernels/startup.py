"""A quicker first kernel, for a process that is ours alone.

numba loads `scipy.linalg` with its first kernel, to have BLAS at hand for `np.dot`. No kernel here
uses it, and it costs a quarter of a second. In a process that also runs other people's kernels
this must not be called: their `np.dot` would find no BLAS.
"""

import sys

_BLAS = "scipy.linalg.cython_blas"


def load_without_blas() -> None:
    """Load what numba needs for its first kernel, without SciPy's linear algebra."""
    if _BLAS in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules[_BLAS] = None  # type: ignore[assignment] # an import of it fails at once
    try:
        import numba.np.arraymath  # noqa: F401 - looks for BLAS once, when loaded
    finally:
        del sys.modules[_BLAS]
