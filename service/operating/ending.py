"""What a command ends with when database, folder or port are not as it needs them: a sentence."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from hladr.cli.failure import WRONG_USAGE, say, say_refused
from service.errors import ServiceError

if TYPE_CHECKING:
    from service.settings import Settings

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: nobody needs to mend anything here


@contextlib.contextmanager
def in_a_sentence(settings: "Settings", *, unavailable: int = WRONG_USAGE) -> Iterator[None]:
    """End the command with 2 and a sentence, and the first line of what the system said of it.

    Parameters
    ----------
    unavailable
        What it ends with instead where the database does not answer.
    """
    from sqlalchemy.exc import DBAPIError

    from service.store.database import DatabaseUnavailable

    try:
        yield
    except DatabaseUnavailable as error:
        cause = _first_line(error.__cause__ or error, settings)
        say(f"error [{error.code}]: expected a database that answers; {cause}")
        raise typer.Exit(unavailable) from error
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
