"""``hladr key new``: a key for whoever has the machine, when nobody has one that is valid."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from service.operating.environment import read_settings
from service.operating.existing import existing_database

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
