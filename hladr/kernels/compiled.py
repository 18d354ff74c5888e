"""Which kernels are compiled while something is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple

from numba.core import event

_HOME = f"{__package__}."


class Compiled(NamedTuple):
    """One kernel, compiled for arguments of one set of types."""

    kernel: str  # file and function: gating.in_polygon
    types: tuple[str, ...]
    seconds: float  # with the kernels that it calls, where they were not compiled before


@contextmanager
def compilations() -> Iterator[list[Compiled]]:
    """List to which every kernel is added when it has been compiled, none that was found kept."""
    listener = _Listener()
    with event.install_listener("numba:compile", listener):
        yield listener.done


class _Listener(event.Listener):  # type: ignore[misc] # numba has no types
    def __init__(self) -> None:
        self._begun: list[float] = []
        self.done: list[Compiled] = []

    def on_start(self, event: Any) -> None:  # noqa: ANN401, ARG002 - as numba calls it
        self._begun.append(perf_counter())

    def on_end(self, event: Any) -> None:  # noqa: ANN401
        seconds = perf_counter() - self._begun.pop()
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith(_HOME):
            name = f"{function.__module__.removeprefix(_HOME)}.{function.__qualname__}"
            types = tuple(str(each) for each in event.data["args"])
            self.done.append(Compiled(name, types, seconds))
