"""``hladr gate``: somebody's own gates, applied to a sample."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import leave_refused, require_file, say
from hladr.cli.option import GATES_HELP, OutputOption
from hladr.cli.output import forbid_overwriting, on_screen, results
from hladr.cli.printable import printable_line
from hladr.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hladr.arrays import BoolArray
    from hladr.gates import GatingStrategy
    from hladr.gates import Path as GatePath

NAME = "gate"
EXAMPLES = """\b
Examples:
  hladr gate patient.fcs --gates monocytes.xml -o events.csv
  hladr gate patient.fcs --gates study.wsp > events.csv"""


def run(
    sample: Annotated[Path, typer.Argument(metavar="SAMPLE", help="FCS or LMD file.")],
    gates: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help=f"{GATES_HELP}.",
        ),
    ],
    output: OutputOption = None,
) -> None:
    """Apply gates drawn in another program: which events are in which gate.

    CSV: a column a gate (its very name; its path where names repeat), a row an event, 0 or 1, in
    the order of the file. An event is in a gate only if it is in the gates above. The counts go to
    standard error, beside those that a workspace holds.

    What cannot be executed exactly as drawn is refused, by the gate's name; exit status 1.
    """
    from hladr.fcs import read_fcs
    from hladr.gate_files import load_gates
    from hladr.gates import EventColumns

    forbid_overwriting(output, (sample, gates))
    try:
        require_file(sample, "FCS file")
        require_file(gates, "gates")
        events = read_fcs(sample)
        strategy = load_gates(gates).strategy_for(events)
        masks = strategy.apply(EventColumns(events))
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does is said
        leave_refused(error, sample.name, as_json=False)
    with results(output) as write:
        header, lines = _csv(strategy.labels(), list(masks.values()))
        write(printable_line(header) if on_screen(output) else header)
        for text in lines:
            write(text)
    for line in table(_summary(strategy, masks, events.n_events), right=frozenset({1, 2, 3})):
        say(line)
    for line in (*_otherwise(strategy, masks), *_formulas(strategy.labels())):
        say(line)


def _csv(labels: tuple[str, ...], masks: "list[BoolArray]") -> "tuple[str, Iterator[str]]":
    """Header and events. A program finds a gate by its name: nothing is put in front of it."""
    from hladr.csv_text import csv_flags, csv_header

    return csv_header(labels), csv_flags(masks)


def _formulas(labels: tuple[str, ...]) -> "Iterator[str]":
    """A line where a spreadsheet would take a name of the header for a formula."""
    from hladr.csv_text import begins_as_formula

    found = [label for label in labels if begins_as_formula(label)]
    if found:
        others = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield (
            f"warning: gate {found[0]}{others}: a spreadsheet takes such a name for a formula. "
            "Import the CSV as text, or rename the gate."
        )


def _otherwise(strategy: "GatingStrategy", masks: "dict[GatePath, BoolArray]") -> "Iterator[str]":
    """A line for each gate in which the workspace counted another number."""
    for node, label in zip(strategy.nodes, strategy.labels(), strict=True):
        found = int(masks[node.path].sum())
        if node.recorded_otherwise(found):
            yield (
                f"warning: gate {label}: {found:,} events, {node.recorded_events:,} in the "
                "workspace. Save the workspace again with this sample, or check its gates."
            )


def _summary(
    strategy: "GatingStrategy", masks: "dict[GatePath, BoolArray]", n_events: int
) -> "Iterator[tuple[str, ...]]":
    import numpy as np

    counts = {path: int(np.count_nonzero(mask)) for path, mask in masks.items()}
    recorded = any(node.recorded_events is not None for node in strategy.nodes)
    yield ("gate", "events", "of parent") + (("in the workspace",) if recorded else ())
    for node, label in zip(strategy.nodes, strategy.labels(), strict=True):
        parent = n_events if node.parent is None else counts[node.parent]
        share = f"{100.0 * counts[node.path] / parent:.2f} %" if parent else ""
        row = (label, f"{counts[node.path]:,}", share)
        said = "" if node.recorded_events is None else f"{node.recorded_events:,}"
        yield row + ((said,) if recorded else ())
