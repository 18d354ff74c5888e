"""``hladr compare``: two result tables of the same samples, and what changed between them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, require_file, say
from hladr.cli.option import RESEARCH_USE, TextOrJson, TextOrJsonOption
from hladr.cli.output import forbid_overwriting, write_whole

if TYPE_CHECKING:
    from hladr.recalculation import Comparison

LONGEST_REASON, MOST_LINES = 800, 8
"""Characters and lines; the letter has one page."""

NAME = "compare"
EXAMPLES = """\b
Examples:
  hladr compare 2023.csv 2024.csv
  hladr compare 2023.parquet 2024.parquet -o comparison.html
  hladr compare old.ndjson new.csv --format json
  hladr compare old.csv new.csv --letter letter.html --reason 'mistyped lot'"""


def run(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="Result table: CSV, JSON lines or Parquet.")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same samples, measured again.")],
    form: TextOrJsonOption = TextOrJson.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write an HTML report with plots."),
    ] = None,
    letter: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a letter of one page, to be signed; needs --reason."
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why it was measured again, for the letter."),
    ] = None,
) -> None:
    """Compare two result tables: agreement, and whose class changes, and why.

    Exit status: 0 when compared; 1 when the tables cannot be read or matched, or numbers differ
    although nothing that they depend on does; 2 for wrong usage.
    """
    _check_usage(output, letter, reason)
    for target in (output, letter):
        forbid_overwriting(target, (old, new))
    for path in (old, new):
        require_file(path, "result table")
    from hladr.recalculation import compare
    from hladr.result_table import read_results

    comparison = compare(read_results(old), read_results(new))
    _write_pages(comparison, output, letter, reason)
    if form is TextOrJson.JSON:
        from hladr.recalculation import comparison_to_dict

        typer.echo(json.dumps(comparison_to_dict(comparison), allow_nan=False))
    else:
        from hladr.cli.comparison_text import comparison_lines

        for line in comparison_lines(comparison):
            typer.echo(line)
        say(RESEARCH_USE)
    raise typer.Exit(_status(comparison))


def _check_usage(output: Path | None, letter: Path | None, reason: str | None) -> None:
    if letter is not None and not (reason and reason.strip()):
        raise typer.BadParameter(
            "a letter says why the samples were measured again.", param_hint="--reason"
        )
    if reason is not None and _too_long(reason):
        raise typer.BadParameter(
            f"a letter has one page; its reason has {LONGEST_REASON} characters in "
            f"{MOST_LINES} lines at most.",
            param_hint="--reason",
        )
    if reason is not None and letter is None:
        raise typer.BadParameter("a reason stands in a letter.", param_hint="--letter")
    if letter is not None and output is not None and letter.resolve() == output.resolve():
        raise typer.BadParameter("report and letter are two files.", param_hint="-o, --letter")


def _too_long(reason: str) -> bool:
    return len(reason) > LONGEST_REASON or len(reason.strip().splitlines()) > MOST_LINES


def _write_pages(
    comparison: "Comparison", output: Path | None, letter: Path | None, reason: str | None
) -> None:
    if output is not None:
        from hladr.recalculation_report import render_comparison

        write_whole(output, render_comparison(comparison))
    if letter is not None and reason is not None:
        from hladr.recalculation_report import render_letter

        write_whole(letter, render_letter(comparison, reason))


def _status(comparison: "Comparison") -> int:
    """1, with a word, where a number differs without a reason."""
    if not comparison.unexplained:
        return 0
    samples = len({id(each.pair) for each in comparison.unexplained})
    say(
        f"error: {len(comparison.unexplained):,} numbers of {samples:,} samples differ although "
        "nothing that they depend on does: a defect of the program, or a table changed by hand. "
        "Use neither table before it is found."
    )
    return REFUSED_OR_REJECTED
