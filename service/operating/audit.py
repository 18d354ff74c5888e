"""``hladr audit verify``: whether the audit is as it was written."""

from pathlib import Path
from typing import Annotated

import typer

from service.operating.environment import read_settings
from service.operating.existing import existing_database

app = typer.Typer(help="Look after the audit of the service.", no_args_is_help=True)


@app.command()
def verify(
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of the service. Default: hladr-data.")
    ] = None,
) -> None:
    """Follow the audit from its first row to its last; exit status 1 at the first break.

    Without a database, or one that does not answer, the exit status is 2.

    It prints the number and the hash of the last row. Hold them against those on a report: a
    chain that was cut off at its end, or written anew, is whole in itself.
    """
    from service.store import audit

    settings = read_settings({"data_dir": data})
    with existing_database(settings, current=False) as database, database.reading() as connection:
        found = audit.verify(connection)
    if isinstance(found, audit.Break):
        typer.echo(f"broken at row {found.seq}: {found.problem}")
        raise typer.Exit(1)
    typer.echo(f"intact: {found.seq} rows, the last one {found.hash}")
