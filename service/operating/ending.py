"""What a command ends with when database, folder or port are not as it needs them: a sentence."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from hladr.cli.failure import WRONG_USAGE, say, say_refused
from service.errors import ServiceError

if TYPE_CHECKING:
    from service.settings import Settings


@contextlib.contextmanager
def in_a_sentence(settings: "Settings") -> Iterator[None]:
    """End the command with 2 and a sentence, and the first line of what the system said of it."""
    from sqlalchemy.exc import DBAPIError

    from service.store.database import DatabaseUnavailable

    try:
        yield
    except DatabaseUnavailable as error:
        cause = _first_line(error.__cause__ or error, settings)
        say(f"error [{error.code}]: expected a database that answers; {cause}")
    except ServiceError as error:
        say_refused(error)
    except DBAPIError as error:
        cause = _first_line(error, settings)
        say(f"error [DATABASE_UNUSABLE]: expected a database that can be used; {cause}")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"error: {where}{error.strerror or error}")
    else:
        return
    raise typer.Exit(WRONG_USAGE)


def _first_line(error: BaseException, settings: "Settings") -> str:
    """What the driver says, without the address that was given, for a password is in it."""
    from sqlalchemy.engine import make_url

    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    secret = make_url(settings.url).password
    return said.replace(settings.url, "it").replace(secret or settings.url, "***")
