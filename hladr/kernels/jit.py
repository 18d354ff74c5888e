"""The one place that knows how kernels are compiled.

Serial (a parallel kernel called from several threads may abort the process), without the GIL,
kept on disk, IEEE arithmetic kept (fast-math would put NaN inside gates). Kernels that every run
needs fill `np.empty` in a loop: `np.zeros` and `np.full` take longer to compile.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_OURS = "hladr.kernels."

# No wrapper for callers from C, of which there are none: every kernel would be compiled with one.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def kernel(function: Function) -> Function:
    """Decorate a function so that it is compiled when called with arrays of types new to it."""
    dispatcher: Any = numba.njit(**_OPTIONS)(function)
    if function.__module__.startswith(_OURS) and hasattr(dispatcher, "enable_caching"):
        _keep(dispatcher, function)
    return dispatcher  # type: ignore[no-any-return] # it is called as the function is


def _keep(dispatcher: Any, function: Callable[..., Any]) -> None:  # noqa: ANN401
    """Keep on disk what the dispatcher compiles: in our store, else in numba's own cache."""
    if hasattr(dispatcher, "_cache"):
        with suppress(ImportError):  # a numba that is another inside
            from hladr.kernels.store import KernelStore

            dispatcher._cache = KernelStore(function)  # noqa: SLF001 - numba has no other way in
            return
    with suppress(RuntimeError):  # no folder that can be written: compiled anew in every process
        dispatcher.enable_caching()
