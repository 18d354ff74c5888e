"""``hladr simulate``: FCS files with a known answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import say
from hladr.cli.output import refusing_output
from hladr.cli.printable import printable

if TYPE_CHECKING:
    from hladr.simulate import PairTruth

NAME = "simulate"
EXAMPLES = """\b
Examples:
  hladr simulate --list
  hladr simulate sepsis -o simulated
  hladr simulate immunoparalysis --seed 7 --events 30000 -o simulated"""


def run(
    case: Annotated[
        str | None, typer.Argument(metavar="CASE", help="Name of a case; --list shows them.")
    ] = None,
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write to.")
    ] = Path(),
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Another seed, another patient and tube.")
    ] = 1,
    events: Annotated[
        int | None,
        typer.Option(min=100, max=10_000_000, metavar="N", help="Events of the blood file."),
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the cases and stop.")] = False,
) -> None:
    """Write a bead file and a blood file whose true HLA-DR is known.

    The truth is the geometric mean of bound HLA-DR antibodies on the single monocytes in the
    file. It stands in truth.json beside the files.
    """
    from hladr.simulate import pair_names, simulate_pair

    if show_list:
        for name in pair_names():
            typer.echo(name)
        return
    if case is None:
        raise typer.BadParameter("name a case, or see them with --list.", param_hint="CASE")
    with refusing_output(folder):
        truth = simulate_pair(case, seed, folder, events=events)
    for line in _lines(truth):
        typer.echo(printable(line))
    say(
        f"Try: hladr quantify {truth.blood_path} --beads {truth.beads_path} --lot {truth.lot} "
        "--ferritin 900"
    )


def _lines(truth: "PairTruth") -> list[str]:
    answer = f"true HLA-DR {truth.blood.abc:,.1f} AB/c on {truth.blood.monocytes:,} monocytes"
    return [
        f"beads  {truth.beads_path}  lot {truth.lot}",
        f"blood  {truth.blood_path}  {answer}",
    ]
