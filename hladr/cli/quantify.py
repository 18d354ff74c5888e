"""``hladr quantify``: the main job, beads and blood to antibodies per cell and a class."""

from pathlib import Path
from typing import Annotated

import typer

from hladr.cli.failure import say
from hladr.cli.first_run import compiling_beside
from hladr.cli.option import (
    DEFAULT_ASSAY,
    GATES_HELP,
    LOT_HELP,
    RESEARCH_USE,
    AssayOption,
    CriterionOption,
    DataSetOption,
    FerritinOption,
    OutputOption,
    TextJsonOrCsv,
)
from hladr.cli.output import forbid_overwriting, on_screen, results

NAME = "quantify"
EXAMPLES = """\b
Examples:
  hladr quantify patient.fcs --beads beads.fcs --lot lot.toml --ferritin 812
  hladr quantify patient.fcs --beads beads.fcs --lot 474,5359,23843,62336
  hladr quantify day1/*.fcs --curve curve.json --format csv -o day1.csv
  hladr quantify patient.fcs --curve curve.json --report reports
  hladr quantify patient.fcs --curve curve.json --gates study.wsp --population Mono"""


def run(
    samples: Annotated[
        list[Path], typer.Argument(metavar="SAMPLE", help="FCS files of stained blood.")
    ],
    *,
    beads: Annotated[
        Path | None, typer.Option(metavar="BEADS", help="FCS file of the bead tube; needs --lot.")
    ] = None,
    lot: Annotated[str | None, typer.Option(metavar="LOT", help=LOT_HELP)] = None,
    curve: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Curve saved by hladr calibrate, instead of beads."),
    ] = None,
    assay: AssayOption = DEFAULT_ASSAY,
    gates: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"Gates drawn by hand, instead of the automatic gate: {GATES_HELP}.",
        ),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option(
            metavar="GATE",
            help="Which of --gates holds the monocytes: its name, or its path with slashes. "
            "Default: the one called monocytes or mono, else the only one at the end of the tree.",
        ),
    ] = None,
    criterion: CriterionOption = None,
    ferritin: FerritinOption = None,
    form: Annotated[
        TextJsonOrCsv,
        typer.Option("--format", help="Text for people, JSON a line and sample, or CSV."),
    ] = TextJsonOrCsv.TEXT,
    output: OutputOption = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write an HTML report for each sample to this folder."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write an FCS file with the AB/c of each event to this folder."
        ),
    ] = None,
    save_gates: Annotated[
        Path | None,
        typer.Option(
            "--save-gates",
            metavar="DIR",
            help="Write the automatic gate of each sample to this folder, as Gating-ML 2.0.",
        ),
    ] = None,
    dataset: DataSetOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 unless every sample is 'pass'.")
    ] = False,
) -> None:
    """Measure monocyte HLA-DR in antibodies per cell, and classify.

    Exit status: 0 when every sample is pass or review; 1 when one was refused or rejected (the
    others are still measured); 2 for wrong usage.
    """
    _check_usage(samples, beads, lot, curve, ferritin)
    if population is not None and not population.strip():
        message = "a population has a name: the id of a gate, or its path joined by slashes."
        raise typer.BadParameter(message, param_hint="--population")
    if population is not None and gates is None:
        message = "a population is one of the gates of --gates, and none are given."
        raise typer.BadParameter(message, param_hint="--population")
    with compiling_beside():
        from hladr.cli.beside import Folders
        from hladr.cli.measuring import Request, measure_all

        request = Request(
            beads=beads,
            lot=lot,
            curve=curve,
            assay=assay,
            gates=gates,
            population=population,
            criterion=criterion,
            ferritin=ferritin,
            folders=Folders(report, export, save_gates),
            dataset=dataset,
        )
        forbid_overwriting(output, (*samples, *request.files))
        with results(output) as write:
            status = measure_all(
                samples,
                request,
                form=form,
                strict=strict,
                write=write,
                results_on_screen=on_screen(output),
            )
    if form is TextJsonOrCsv.TEXT:
        say(RESEARCH_USE)
    raise typer.Exit(status)


def _check_usage(
    samples: list[Path],
    beads: Path | None,
    lot: str | None,
    curve: Path | None,
    ferritin: str | None,
) -> None:
    """Refuse combinations of options that have no meaning."""
    wrong = (
        (
            beads is None and curve is None,
            "--beads, --curve",
            "a bead file with its lot, or a saved curve, is needed.",
        ),
        (
            beads is not None and curve is not None,
            "--beads, --curve",
            "give the beads or a saved curve, not both.",
        ),
        (beads is not None and lot is None, "--lot", "the beads need the values of their lot."),
        (
            curve is not None and lot is not None,
            "--lot",
            "a saved curve carries its lot; --lot belongs to --beads.",
        ),
        (
            ferritin is not None and len(samples) > 1,
            "--ferritin",
            f"a ferritin belongs to one sample; {len(samples)} were given. Run them one by one.",
        ),
    )
    for is_wrong, options, message in wrong:
        if is_wrong:
            raise typer.BadParameter(message, param_hint=options)
