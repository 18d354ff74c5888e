"""What is known of compiling before anything of the compiler is loaded.

In a process that is ours alone compiling is quicker: numba loads `scipy.linalg` before it compiles,
to have BLAS at hand for `np.dot`. No kernel here uses it, and it costs a quarter of a second. In a
process that also runs other people's kernels this must not be asked for: their `np.dot` would find
no BLAS.
"""

import sys
from collections.abc import Callable

_BLAS = "scipy.linalg.cython_blas"
_before: list[Callable[[], None]] = []


class KernelsNotKept(UserWarning):
    """Compiled kernels cannot be kept on disk, so that every process compiles them anew."""


def compile_without_blas() -> None:
    """Leave SciPy's linear algebra out, should a kernel have to be compiled in this process."""
    _before[:] = [_load_without_blas]


def before_compiling() -> None:
    """Do what was asked for, once; a process that finds all kernels compiled does without it."""
    while _before:
        _before.pop()()


def _load_without_blas() -> None:
    """Load what numba needs to compile, with its look for BLAS in vain."""
    if _BLAS in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules[_BLAS] = None  # type: ignore[assignment] # an import of it fails at once
    try:
        import numba.np.arraymath  # noqa: F401 - looks for BLAS once, when loaded
    finally:
        del sys.modules[_BLAS]
