"""``hladr doctor``: whether everything is there that the service rests on."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, say
from hladr.cli.option import TextOrJson, TextOrJsonOption
from hladr.cli.table import table
from service.operating.environment import read_settings

if TYPE_CHECKING:
    from service.doctor.check import Check

NAME = "doctor"
EXAMPLES = """\b
Examples:
  hladr doctor --data /var/lib/hladr
  hladr doctor --data /var/lib/hladr --format json"""


def run(
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of the service. Default: hladr-data.")
    ] = None,
    output_format: TextOrJsonOption = TextOrJson.TEXT,
) -> None:
    """Look at versions, data folder, database, files, clock, kernels, port, settings and doors.

    Nothing is changed, and no secret is printed. Run it with the environment of the service, as
    its user.

    Exit status: 0 when nothing is wrong, 1 when something is; each line then says what to do.
    """
    from service.doctor.examination import examine, is_well, to_dict

    found = examine(read_settings({"data_dir": data}))
    if output_format is TextOrJson.JSON:
        typer.echo(json.dumps(to_dict(found), indent=1, ensure_ascii=False))
    else:
        for line in _lines(found):
            typer.echo(line)
    if not is_well(found):
        say("something is wrong: see the lines marked ✘")
        raise typer.Exit(REFUSED_OR_REJECTED)


def _lines(found: "tuple[Check, ...]") -> list[str]:
    """Rows of a table; what is to be done stands below what was found."""
    marks = {"ok": "✔", "note": "·", "wrong": "✘"}
    rows = []
    for each in found:
        rows.append((marks[each.state], each.part, each.name, each.found))
        if each.do:
            rows.append(("", "", "", f"→ {each.do}"))
    return table(rows)
