"""Compiled kernels kept on disk, so that the next process need not compile them.

numba's own cache has an index for each function, which two processes that compile different
signatures at the same time overwrite for each other, and it loads all that numba needs to compile
before it looks. Here every signature has a file of its own, which appears whole or not at all, and
nothing is loaded but the machine code. Whatever is wrong with a file, the kernel is compiled anew.
"""

import contextlib
import hashlib
import io
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core import config, environment, serialize, sigutils
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.runtime import _nrt_python

from hladr.kernels.startup import KernelsNotKept, before_compiling
from hladr.kernels.store_folder import VARIABLE, build_name, cache_folder

Types = tuple[Any, ...]

_SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "USING_SVML")
_DIGEST_BYTES = hashlib.sha256().digest_size


class KernelStore(_Cache):  # type: ignore[misc] # numba has no types
    """Compiled signatures of one kernel, as numba's dispatcher asks for them.

    Parameters
    ----------
    kernel
        The Python function.
    """

    def __init__(self, kernel: Callable[..., Any]) -> None:
        self._name = f"{kernel.__module__.rpartition('.')[2]}.{kernel.__qualname__}"
        self._code = "\n".join(_instructions(kernel.__code__))
        self._enabled = True

    @property
    def cache_path(self) -> str | None:
        """Folder of this build."""
        folder = build_folder()
        return None if folder is None else str(folder)

    def enable(self) -> None:
        """Use the files from here on."""
        self._enabled = True

    def disable(self) -> None:
        """Leave the files alone."""
        self._enabled = False

    def flush(self) -> None:
        """Forget what is on disk of this kernel."""
        folder = build_folder()
        if folder is not None:
            for file in folder.glob(f"{self._name}-*"):
                file.unlink(missing_ok=True)

    def load_overload(self, sig: Any, target_context: Any) -> CompileResult | None:  # noqa: ANN401
        """Machine code of a signature, None where it must be compiled."""
        types = _argument_types(sig)
        file = self._file(types)
        found = None if file is None else _loaded(file, types, target_context)
        if found is None:
            before_compiling()
        return found

    def save_overload(self, sig: Any, data: CompileResult) -> None:  # noqa: ANN401
        """Keep what was just compiled."""
        file = self._file(_argument_types(sig))
        if file is None or data.library.has_dynamic_globals or data.lifted:
            return
        content = serialize.dumps(data._reduce())  # noqa: SLF001 - as numba's cache does
        try:
            _write_whole(file, _digest(file, content) + content)
        except OSError as error:
            if not file.exists():  # else another process was quicker
                _say_once(f"{file.parent} cannot be written ({error.strerror or error})")

    def _file(self, types: Types) -> Path | None:
        folder = build_folder() if self._enabled and types else None
        if folder is None:
            return None
        key = hashlib.sha256(f"{types}\n{self._code}".encode()).hexdigest()[:24]
        return folder / f"{self._name}-{key}"


@cache
def build_folder() -> Path | None:
    """Folder of the kernels of this build; None, with a word, where there can be none."""
    root = cache_folder()
    if root is None:
        _say_once("this user has no home folder")
        return None
    facts = (
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        cpu_target.target_context.codegen().magic_tuple(),  # system, processor and its features
        *(getattr(config, setting, None) for setting in _SETTINGS),
    )
    name = build_name(facts)
    if name is None:
        _say_once("the source of the kernels is not at hand")
        return None
    return root / name


def _argument_types(sig: Any) -> Types:  # noqa: ANN401
    """Types of the arguments; none where somebody asks for a type of the result, too."""
    types, result = sigutils.normalize_signature(sig)
    return tuple(types) if result is None else ()


def _instructions(code: CodeType) -> Iterator[str]:
    """What a function does, as text that is the same in every process."""
    yield f"{code.co_code.hex()} {code.co_names} {code.co_varnames}"
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)
        elif isinstance(constant, frozenset):
            yield repr(sorted(map(repr, constant)))
        else:
            yield repr(constant)


def _loaded(file: Path, types: Types, target_context: Any) -> CompileResult | None:  # noqa: ANN401
    """Machine code from a file; None where there is none that is whole and of these types."""
    try:
        held = file.read_bytes()
    except OSError:
        return None
    content = memoryview(held)[_DIGEST_BYTES:]
    if _digest(file, content) != held[:_DIGEST_BYTES]:
        return None
    try:
        _link_runtime()
        reduced = _Reader(io.BytesIO(content)).load()
        found = CompileResult._rebuild(target_context, *reduced)  # noqa: SLF001 - as above
    except Exception:  # noqa: BLE001 - whatever a file holds, the kernel can be compiled
        return None
    return found if tuple(found.signature.args) == types else None


def _digest(file: Path, content: bytes | memoryview) -> bytes:
    """What a file begins with: it is whole, and of this kernel and these types."""
    digest = hashlib.sha256(file.name.encode())
    digest.update(content)
    return digest.digest()


class _Reader(pickle.Unpickler):
    """Reads machine code, from the user's own folder, without what was loaded to compile it."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        """Return a class or function; for environments of compiled functions, our own."""
        if (module, name) == (environment.__name__, "_rebuild_env"):
            return _environment
        return super().find_class(module, name)


def _environment(module: str, constants: list[object], name: str) -> environment.Environment:
    """Objects that machine code may ask for.

    Its globals are for functions that numba could not compile wholly, which are not kept; so the
    module of a helper of numba, which may bring all of `scipy.linalg`, need not be loaded for it.
    """
    known = environment.lookup_environment(name)
    if known is not None:
        return known
    if not module.startswith("numba.") or module in sys.modules:
        return environment._rebuild_env(module, constants, name)  # noqa: SLF001 - as above
    made = environment.Environment({"__name__": module})
    made.consts[:] = constants
    made.env_name = name
    made._memo[name] = made  # noqa: SLF001 - as numba does
    return made


@cache
def _link_runtime() -> None:
    """Make known where numba's memory management lies, which the kernels call.

    numba does so when it gets ready to compile, which takes longer than all kernels together.
    """
    for name, address in _nrt_python.c_helpers.items():
        llvm.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def _write_whole(file: Path, content: bytes) -> None:
    """Write a file that is whole or not there, whoever else writes it at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.urandom(6).hex()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


@cache
def _say_once(why: str) -> None:
    message = (
        f"compiled kernels are not kept, so that every start compiles them anew: {why}. "
        f"Name a folder that can be written in {VARIABLE}."
    )
    warnings.warn(KernelsNotKept(message), stacklevel=2)
