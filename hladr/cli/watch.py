"""``hladr watch``: a folder that a cytometer exports into, measured as files arrive."""

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import (
    REFUSED_OR_REJECTED,
    WRONG_USAGE,
    as_refusal,
    exit_status,
    say,
    say_refused,
)
from hladr.cli.manifest import pairing_rules
from hladr.cli.option import DEFAULT_ASSAY, LOT_HELP, RESEARCH_USE, AssayOption
from hladr.cli.output import refusing_output
from hladr.cli.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Callable

    from hladr.result import AbcResult
    from hladr.watch import Watcher

NAME = "watch"
EXAMPLES = """\b
Examples:
  hladr watch exports -o results.csv --lot lot.toml --report reports
  hladr watch exports -o results.csv --rules rules.toml --once"""

_NO_ROWS = frozenset({"waits", "known", "later", "replaced"})
_LOOKS = 4  # in the time that a file must rest


def run(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder that the cytometer exports into.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="CSV that results are added to."),
    ],
    lot: Annotated[
        str | None, typer.Option(metavar="FILE|VALUES", help=f"{LOT_HELP} For all beads.")
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="TOML file: words that tell beads from blood, lots by date."
        ),
    ] = None,
    assay: AssayOption = DEFAULT_ASSAY,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write an HTML report for each sample to this folder."),
    ] = None,
    settle: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0.1, help="How long a file must stay as it is."),
    ] = 5.0,
    once: Annotated[
        bool, typer.Option("--once", help="Measure what is there, and leave.")
    ] = False,
) -> None:  # fmt: skip
    """Measure files as they arrive. Ctrl-C ends it; it goes on where it was when begun again.

    A file is taken when it has stopped growing, and paired with beads as hladr manifest does. Blood
    without beads waits for them. The table only grows: a row a sample, none twice.

    Exit status: 0; with --once 1 when a sample was refused or rejected, blood waits, or a file or
    folder could not be read; 2 for wrong usage, also for a table that rests on another lot, assay
    or algorithm.
    """
    from hladr.assay import load_assay
    from hladr.watch import LogRestsOnOther, ResultLog, Watcher

    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder that is there.", param_hint="DIR")
    if output.suffix.lower() != ".csv":
        raise typer.BadParameter(f"expected a name that ends in .csv, found {output}.",
                                 param_hint="-o")  # fmt: skip
    if (rules is None) == (lot is None):
        pairing_rules(rules, lot)  # says what is missing
    told: Counter[str] = Counter()
    unfinished = 0
    try:
        definition, known = load_assay(assay), pairing_rules(rules, lot)
        if report is not None:
            with refusing_output(report):
                report.mkdir(parents=True, exist_ok=True)
        with ResultLog(output) as log:
            watcher = Watcher(folder, known, definition, settle, log, _reporter(report))
            _watch(watcher, settle, told, once=once)
            unfinished = watcher.unfinished
    except KeyboardInterrupt:
        say("")
    except LogRestsOnOther as error:
        say_refused(error)
        raise typer.Exit(WRONG_USAGE) from error
    except Exception as error:  # said; what was finished is in the table
        refusal = as_refusal(error)
        say_refused(refusal)
        raise typer.Exit(exit_status(refusal)) from error
    counts = ", ".join(f"{times:,} {what}" for what, times in sorted(told.items()))
    say(f"added to {output}: {counts or 'nothing'}. {RESEARCH_USE}")
    failed = sum(times for what, times in told.items() if what not in {"pass", "review"})
    raise typer.Exit(REFUSED_OR_REJECTED if once and (failed or unfinished) else 0)


def _watch(watcher: "Watcher", settle: float, told: Counter[str], *, once: bool) -> None:
    begun = time.monotonic()
    with Stopping() as stopping:
        while True:
            now = time.monotonic()
            for seen in watcher.look(now):
                say(f"{seen.sample}: {seen.what}{f' ({seen.detail})' if seen.detail else ''}")
                if seen.what not in _NO_ROWS:
                    told[seen.what] += 1
                if stopping.wanted:
                    break
            if once and not stopping.wanted and now - begun >= settle:
                return
            stopping.rest(settle / _LOOKS)


def _reporter(folder: Path | None) -> "Callable[[AbcResult], object]":
    def nothing(_result: "AbcResult") -> None:
        """No report is wanted."""

    def written(result: "AbcResult") -> None:
        from hladr.report import write

        if folder is not None:
            with refusing_output(folder):
                write(result, folder)

    return nothing if folder is None else written
