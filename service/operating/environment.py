"""Settings as whoever operates the service gave them: by options and by the environment."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer
from pydantic import ValidationError

if TYPE_CHECKING:
    from service.settings import Settings


def read_settings(given: Mapping[str, Any]) -> "Settings":
    """Return the settings.

    Parameters
    ----------
    given
        By options, which come before the environment; None is not given.

    Raises
    ------
    typer.BadParameter
        One of them is none: wrong usage, said by the name of the variable.
    """
    from service.settings import Settings

    known = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**known)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = "HLADR_" + "_".join(map(str, first["loc"][:1])).upper()
        raise typer.BadParameter(f"{first['msg']}.", param_hint=name) from None
