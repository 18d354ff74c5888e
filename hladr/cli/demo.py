"""``hladr demo``: the main job on the samples inside the package."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, say
from hladr.cli.first_run import compiling_beside
from hladr.cli.option import DEFAULT_ASSAY, RESEARCH_USE
from hladr.cli.output import refusing_output
from hladr.cli.printable import printable

if TYPE_CHECKING:
    from hladr.bead_run import BeadRun
    from hladr.cli.sample_files import SampleCase
    from hladr.result import AbcResult

NAME = "demo"
EXAMPLES = """\b
Examples:
  hladr demo
  hladr demo -o ~/hladr-demo"""

CLOSE_ENOUGH = 0.05
"""Relative distance from the true value within which a sample has come out as expected."""


def run(
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the HTML reports.")
    ] = Path("hladr-demo"),
) -> None:
    """Measure the samples inside the package, and write their reports.

    Beads to a curve, five simulated patients to antibodies per cell and a class, each compared
    with the known truth. The exit status is 0 when all of them came out as they should.
    """
    from hladr.cli.sample_files import sample_cases, sample_folder
    from hladr.report import write

    with refusing_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
    cases = sample_cases(sample_folder())
    with compiling_beside():
        runs = _bead_runs(cases)
        results = [_measured(case, runs[case.beads]) for case in cases]
    for line in _result_lines(cases, results):
        typer.echo(line)
    typer.echo("\nReports")
    for result in results:
        with refusing_output(folder):
            page = write(result, folder)
        typer.echo(f"  {printable(str(page))}")
    say(f"Simulated samples. {RESEARCH_USE}")
    wrong = [case for case, result in zip(cases, results, strict=True) if _wrong(case, result)]
    for case in wrong:
        say(f"{case.sample.name} did not come out as expected")
    if wrong:
        raise typer.Exit(REFUSED_OR_REJECTED)


def _bead_runs(cases: "Sequence[SampleCase]") -> "dict[Path, BeadRun]":
    """Calibrate each bead tube once, and show its curve."""
    from hladr.assay import load_assay
    from hladr.bead_run import calibrate_beads
    from hladr.cli.calibrate import curve_lines

    assay = load_assay(DEFAULT_ASSAY)
    runs = {
        beads: calibrate_beads(beads, lot, assay=assay)
        for beads, lot in {case.beads: case.lot for case in cases}.items()
    }
    for each in runs.values():
        for line in curve_lines(each.curve):
            typer.echo(line)
        typer.echo()
    return runs


def _measured(case: "SampleCase", beads: "BeadRun") -> "AbcResult":
    from hladr.analysis import quantify
    from hladr.context import Context

    return quantify(
        case.sample,
        curve=beads,
        assay=DEFAULT_ASSAY,
        ferritin_ng_ml=case.ferritin_ng_ml,
        context=Context(**case.context),
    )


def _result_lines(cases: "Sequence[SampleCase]", results: "Sequence[AbcResult]") -> Iterator[str]:
    from hladr.cli.table import table

    rows = [
        ("sample", "HLA-DR AB/c", "95 % interval", "true", "ferritin", "class", "verdict", ""),
        *(_row(case, result) for case, result in zip(cases, results, strict=True)),
    ]
    yield from table(rows, right=frozenset({1, 2, 3, 4}))


def _row(case: "SampleCase", result: "AbcResult") -> tuple[str, ...]:
    from hladr.cli.card import SIGNS
    from hladr.criterion import Quantity, format_abc, load_criterion

    cutoffs = load_criterion(result.classification.criterion.name).cutoffs(Quantity.ABC)
    number, interval = "none", ""
    if result.hla_dr is not None:
        low, high = (format_abc(bound, cutoffs) for bound in result.hla_dr.ci95)
        number, interval = format_abc(result.hla_dr.abc, cutoffs), f"{low} to {high}"
    return (
        case.sample.name,
        number,
        interval,
        "" if case.true_abc is None else format_abc(case.true_abc, cutoffs),
        case.ferritin_ng_ml,
        result.classification.label,
        SIGNS[result.verdict.value],
        "as it should be" if not _wrong(case, result) else "NOT as it should be",
    )


def _wrong(case: "SampleCase", result: "AbcResult") -> bool:
    expected = (case.expected_class, case.expected_verdict)
    if (result.classification.class_name.value, result.verdict.value) != expected:
        return True
    if case.true_abc is None or result.hla_dr is None:
        return (case.true_abc is None) != (result.hla_dr is None)
    return abs(result.hla_dr.abc / case.true_abc - 1.0) > CLOSE_ENOUGH
