"""Values of the command line that need no one to understand them: texts, paths, choices, digits.

typer has every value checked by pydantic, which takes longer to load than a file to measure. What
is plain is taken here as typer takes it; whatever else there is goes to typer, and so does every
error, so that its words stay the same.
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

_MOST_DIGITS = 15
_PATH_AS_IT_IS = {
    "parser": None,
    "path_type": None,
    "exists": False,
    "file_okay": True,
    "dir_okay": True,
    "writable": False,
    "resolve_path": False,
    "allow_dash": False,
}


class NotPlain(Exception):
    """A value for typer to look at."""


class PlainCommand(TyperCommand):
    """Command whose plain values are taken without pydantic."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer's own
        """Return the parameters, each looking at its values itself before it asks typer."""
        return _plain_first(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The program itself, likewise."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer's own
        """As `PlainCommand.get_params`."""
        return _plain_first(super().get_params(ctx))


def _plain_first(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        # Only of a typer that asks pydantic is there something to be spared.
        if getattr(parameter, "_runtime_param", parameter) is None:
            parameter._runtime_param = PlainFirst(parameter)  # noqa: SLF001 - no other way in
    return parameters


class PlainFirst:
    """What typer calls to check a value of one parameter."""

    def __init__(self, parameter: Any) -> None:  # noqa: ANN401
        self._of = parameter.type_descriptor
        self._typer: Any = None

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401
        """Value as the command takes it; typer's error where it is none."""
        try:
            if self._typer is None:
                return self._plain(value, several=param.multiple or param.nargs == -1)
        except NotPlain:
            from typer._coercion import build_runtime_param

            self._typer = build_runtime_param(self._of)
        return self._typer.coerce(value, param=param, ctx=ctx)

    def _plain(self, value: object, *, several: bool) -> object:
        kind = self._of.annotation
        if value is None:
            return () if several else None
        if not several:
            return plain_value(value, kind, self._of.parameter_info)
        if get_origin(kind) is not list or not isinstance(value, tuple | list):
            raise NotPlain
        (each,) = get_args(kind)
        return [plain_value(one, each, self._of.parameter_info) for one in value]


def plain_value(value: object, kind: Any, info: Any) -> object:  # noqa: ANN401 - typer's own
    """Value of one type, as typer would have it.

    Raises
    ------
    NotPlain
        Ask typer.
    """
    if info.parser is None and isinstance(value, str):
        if kind is str:
            return str(value)
        if kind is Path and _goes_as_it_is(value, info):
            return Path(value)
        if kind is int and value.isascii() and value.isdigit() and len(value) < _MOST_DIGITS:
            return _within(int(value), info)
        if isinstance(kind, type) and issubclass(kind, StrEnum) and value in list(kind):
            return kind(value)
    raise NotPlain


def _goes_as_it_is(path: str, info: Any) -> bool:  # noqa: ANN401
    """Whether typer would have nothing to say about a path."""
    if any(getattr(info, name, wanted) != wanted for name, wanted in _PATH_AS_IT_IS.items()):
        return False
    try:
        os.stat(path)  # noqa: PTH116 - as typer does
    except OSError:
        return True
    except ValueError:  # a null character, or what no file name can hold
        return False
    return os.access(path, os.R_OK)


def _within(number: int, info: Any) -> int:  # noqa: ANN401
    low, high = info.min, info.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise NotPlain
    return number
