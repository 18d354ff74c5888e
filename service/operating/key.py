"""``hladr key``: an API key when nobody has one, and the key that pseudonyms are made with."""

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from hladr.cli.failure import say
from service.operating.environment import read_settings
from service.operating.existing import existing_database

_OWNER_ALONE = 0o077

app = typer.Typer(help="Look after the keys of the service.", no_args_is_help=True)


@app.command()
def new(
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of the service. Default: hladr-data.")
    ] = None,
    label: Annotated[
        str, typer.Option(metavar="TEXT", help="What the key is called.")
    ] = "administrator",
) -> None:
    """Make an administrator's API key, with all scopes, and print it, once.

    Whoever can write to the database may do this; it stands in the audit as done by the system.
    """
    from service.accounts.keys import NewKey
    from service.people.who import SYSTEM
    from service.principal import Scope
    from service.start import add_key

    settings = read_settings({"data_dir": data})
    try:
        wanted = NewKey(label=label, scopes=frozenset(Scope))
    except ValidationError as error:
        said = error.errors(include_input=False)[0]["msg"]
        raise typer.BadParameter(f"{said}.", param_hint="--label") from None
    with existing_database(settings, current=True) as database, database.writing(SYSTEM) as writing:
        secret = add_key(writing, settings, wanted.label)
    typer.echo(f"API key: {secret}")


@app.command()
def pseudonyms(
    reason: Annotated[str, typer.Option(metavar="TEXT", help="It stands in the audit.")],
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of the service. Default: hladr-data.")
    ] = None,
) -> None:
    """Begin anew with another key of the pseudonyms, when the one before is lost for good.

    It is the one that is there, or one that is made. Every subject then has another pseudonym than
    before. Look for the key in a backup first.
    """
    from service.doors.outside import begin_anew
    from service.people.who import SYSTEM

    if not reason.strip():
        raise typer.BadParameter("say why.", param_hint="--reason")
    os.umask(_OWNER_ALONE)
    settings = read_settings({"data_dir": data})
    with existing_database(settings, current=True) as database, database.writing(SYSTEM) as writing:
        changed = begin_anew(writing, settings, reason.strip())
    say(
        "pseudonyms are made with another key from now on; make a backup."
        if changed
        else "nothing was changed: the key that is there is the one that is known."
    )
