"""``hladr validate``: what a laboratory's replicates say of its assay."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import (
    INTERRUPTED,
    REFUSED_OR_REJECTED,
    as_refusal,
    exit_status,
    require_file,
    say,
    say_refused,
)
from hladr.cli.option import RESEARCH_USE, TextOrJson, TextOrJsonOption
from hladr.cli.output import forbid_overwriting, write_whole
from hladr.cli.rate import counted

if TYPE_CHECKING:
    from hladr.validation import Validation

NAME = "validate"
EXAMPLES = """\b
Examples:
  hladr validate replicates -o report.html
  hladr validate results.csv -o report.html
  hladr validate results.parquet --format json"""


def run(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="Folder with manifest.csv or .parquet and its FCS files, or with a result table; "
            "or that table itself.",
        ),
    ],
    form: TextOrJsonOption = TextOrJson.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write an HTML report with plots."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes. Default: one for each processor."),
    ] = None,
) -> None:
    """Evaluate replicate measurements: imprecision, linearity, carry-over, lots side by side.

    Columns of the manifest say what each tube is: specimen, run, day, operator, instrument,
    expected, sequence, reagent_lot. A study without its columns is named with what it needs. The
    report has the headings of CLSI H62 and fields to fill in by hand; it judges nothing.

    Exit status: 0 when the report is written and every sample was measured; 1 when one was
    refused or rejected; 2 for wrong usage.
    """
    if not place.exists():
        raise typer.BadParameter(f"{place} is not there.", param_hint="DIR")
    try:
        found = _evaluated(place, output, workers)
    except KeyboardInterrupt:
        say("stopped; nothing was written.")
        raise typer.Exit(INTERRUPTED) from None
    except typer.BadParameter:
        raise
    except Exception as error:
        refusal = as_refusal(error)
        say_refused(refusal)
        raise typer.Exit(exit_status(refusal)) from error
    if output is not None:
        from hladr.validation.rendering import render_validation

        write_whole(output, render_validation(found, place.resolve().name))
    _tell(found, form)
    raise typer.Exit(_status(found))


def _evaluated(place: Path, output: Path | None, workers: int | None) -> "Validation":
    from hladr.batch.run import engine_of
    from hladr.validation import find_source, limits_beside, results_of, validate

    source = find_source(place)
    limits = limits_beside(source.parent)
    forbid_overwriting(output, (source, source.parent / (limits.file or source.name)))
    require_file(source, "manifest or result table")
    table = results_of(source, engine_of(workers, None), _measured)
    forbid_overwriting(output, (source.parent / row.sample for row in table.rows))
    return validate(table, limits)


def _measured(places: Iterable[int], total: int) -> Iterator[int]:
    return counted(places, total, "measured")


def _tell(found: "Validation", form: TextOrJson) -> None:
    if form is TextOrJson.JSON:
        from hladr.validation import validation_to_dict

        typer.echo(json.dumps(validation_to_dict(found), allow_nan=False))
        return
    from hladr.cli.validation_text import validation_lines

    for line in validation_lines(found):
        typer.echo(line)
    say(RESEARCH_USE)


def _status(found: "Validation") -> int:
    """1, with a word, where a sample has no number that may be used."""
    missing = found.found.no_number
    if not missing:
        return 0
    codes = Counter(row.error or row.verdict for row in missing)
    told = ", ".join(f"{code} {times:,}" for code, times in sorted(codes.items()))
    say(f"{len(missing):,} of {len(found.table.rows):,} samples have no number: {told}")
    return REFUSED_OR_REJECTED
