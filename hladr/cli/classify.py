"""``hladr classify``: the criterion alone, from numbers that are already known."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import say
from hladr.cli.option import (
    RESEARCH_USE,
    CriterionOption,
    FerritinOption,
    TextOrJson,
    TextOrJsonOption,
)
from hladr.cli.printable import printable

if TYPE_CHECKING:
    from hladr.criterion import Classification, Criterion

DEFAULT_CRITERION = "immunosep-2025"
SCHEMA = "hladr.classification/1"

NAME = "classify"
EXAMPLES = """\b
Examples:
  hladr classify --abc 3394 --ferritin 812
  hladr classify --ferritin '>40000'
  hladr classify --abc 6200 --ferritin 900 --criterion provide-2022"""


def run(
    abc: Annotated[
        float | None,
        typer.Option("--abc", metavar="AB/C", help="Monocyte HLA-DR in antibodies per cell."),
    ] = None,
    ferritin: FerritinOption = None,
    criterion: CriterionOption = None,
    form: TextOrJsonOption = TextOrJson.TEXT,
) -> None:
    """Class of a patient from HLA-DR and ferritin.

    A number typed in has no interval, so a class that rests on HLA-DR has no probability.
    """
    from hladr.criterion import classify_numbers, load_criterion

    if abc is None and ferritin is None:
        raise typer.BadParameter("give --abc, --ferritin, or both.", param_hint="--abc, --ferritin")
    rule = load_criterion(criterion or DEFAULT_CRITERION)
    outcome = classify_numbers(rule, abc=abc, ferritin=ferritin)
    if form is TextOrJson.JSON:
        typer.echo(json.dumps({"schema": SCHEMA, "abc": abc, **outcome.to_dict()}))
        return
    for line in _lines(rule, outcome):
        typer.echo(line)
    say(RESEARCH_USE)


def _lines(rule: "Criterion", outcome: "Classification") -> list[str]:
    return [
        f"Class      {outcome.label}",
        f"Criterion  {printable(f'{rule.title} ({rule.name}, version {rule.version})')}",
        *(f"Because    {printable(reason)}" for reason in outcome.reasons),
    ]
