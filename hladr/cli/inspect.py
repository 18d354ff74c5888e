"""``hladr inspect``: what is in an FCS file, and what is wrong with it."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, leave_refused, require_file
from hladr.cli.option import (
    DEFAULT_ASSAY,
    AssayOption,
    DataSetOption,
    TextOrJson,
    TextOrJsonOption,
)
from hladr.cli.printable import printable

if TYPE_CHECKING:
    from hladr.fcs.table import Channel
    from hladr.inspection import Inspection

_NUMBERS = frozenset({"#", "voltage", "gain", "range"})
_MOST_SETS, _MOST_DETECTORS, _MOST_SHARES = 6, 4, 3

NAME = "inspect"
EXAMPLES = """\b
Examples:
  hladr inspect patient.fcs
  hladr inspect beads.fcs --format json"""


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="FCS or LMD file.")],
    assay: AssayOption = DEFAULT_ASSAY,
    dataset: DataSetOption = None,
    form: TextOrJsonOption = TextOrJson.TEXT,
) -> None:
    """Show what is in an FCS file, and whether it can be quantified.

    Of the file's free text only instrument, serial number, date and the labels of the channels are
    shown: all else may name a patient. Whether HLA-DR was stained only beads can show. The exit
    status is 1 when the file cannot be
    read, or can serve neither as blood nor as beads.
    """
    from hladr.assay import load_assay
    from hladr.fcs import read_fcs
    from hladr.inspection import inspect_table
    from hladr.inspection.discretion import discreet

    definition = load_assay(assay)
    try:
        require_file(file, "FCS file")
        inspection = inspect_table(read_fcs(file, dataset=dataset), definition)
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does is said
        leave_refused(discreet(error), file.name, as_json=form is TextOrJson.JSON)
    if form is TextOrJson.JSON:
        typer.echo(json.dumps(inspection.to_dict(), allow_nan=False))
    else:
        for line in _lines(inspection):
            typer.echo(line)
    if not inspection.usable:
        raise typer.Exit(REFUSED_OR_REJECTED)


def _lines(inspection: "Inspection") -> Iterator[str]:
    from hladr.cli.card import finding_rows, labelled
    from hladr.cli.table import line_width, table, without_empty

    yield printable(inspection.file)
    for label, text in _facts(inspection):
        yield from labelled(label, text)
    yield ""
    rows = without_empty(_channel_rows(inspection))
    numbers = frozenset(i for i, title in enumerate(rows[0]) if title in _NUMBERS)
    for line in table(rows, right=numbers, width=line_width() - 2):
        yield f"  {line}"
    yield ""
    for label, text in finding_rows(inspection.findings):
        yield from labelled(label, text)
    yield from labelled("Verdict", inspection.verdict)
    if inspection.advice:
        yield from labelled("To do", inspection.advice)


def _facts(inspection: "Inspection") -> Iterator[tuple[str, str]]:
    instrument = inspection.cytometer or "not recorded"
    serial = f", serial {inspection.serial}" if inspection.serial else ", no serial number"
    yield "Format", _format(inspection)
    yield "Instrument", instrument + serial
    yield "Software", inspection.software or "not recorded, or not known as software"
    yield "Acquired", (inspection.acquired_at or "not recorded").replace("T", " ")
    yield "Events", _events(inspection)
    if inspection.time_step is not None:
        yield "Time step", f"{inspection.time_step:g} s"
    yield from zip(("Spillover", "Largest"), _spillover(inspection), strict=False)
    yield "Assay", inspection.assay
    yield "SHA-256", inspection.sha256


def _format(inspection: "Inspection") -> str:
    widths = sorted({channel.bits for channel in inspection.channels} - {0})
    numbers = {
        "I": f"integers of {', '.join(map(str, widths))} bits",
        "F": "32-bit floats",
        "D": "64-bit doubles",
        "A": "numbers in ASCII",
    }[inspection.data_type]
    return ", ".join(filter(None, (inspection.version, numbers, inspection.byte_order)))


def _events(inspection: "Inspection") -> str:
    sets = inspection.data_sets
    if len(sets) == 1:
        return f"{inspection.events:,}"
    each = "; ".join(f"{n}: {events:,}" for n, events in enumerate(sets[:_MOST_SETS]))
    more = "; …" if len(sets) > _MOST_SETS else ""
    return (
        f"{inspection.events:,} read; the file holds {len(sets)} data sets ({each}{more}), "
        "another is read with --dataset N"
    )


def _spillover(inspection: "Inspection") -> Iterator[str]:
    """Size of the matrix with its detectors, and its largest shares."""
    matrix = inspection.spillover
    if inspection.spillover_unusable is not None:
        yield f"unusable: {inspection.spillover_unusable}"
    elif matrix is None:
        yield "no matrix in the file"
    else:
        names = matrix.detectors
        listed = f": {', '.join(names)}" if len(names) <= _MOST_DETECTORS else ""
        yield f"{len(names)} detectors ({matrix.keyword}){listed}"
        shares = [
            (share, names[row], names[column])
            for row, line in enumerate(matrix.matrix.tolist())
            for column, share in enumerate(line)
            if row != column and share != 0.0
        ]
        largest = sorted(shares, key=lambda each: -abs(each[0]))[:_MOST_SHARES]
        told = "; ".join(f"{one} into {other} {100 * share:.3g} %" for share, one, other in largest)
        yield told or "nothing beside the diagonal"


def _channel_rows(inspection: "Inspection") -> Iterator[tuple[str, ...]]:
    yield "#", "name", "marker", "role", "voltage", "gain", "range", "amplification"
    for channel in inspection.channels:
        yield (
            str(channel.index + 1),
            channel.name,
            channel.marker or "",
            inspection.roles.get(channel.index, ""),
            _setting(channel.voltage),
            _setting(channel.gain),
            "" if math.isnan(channel.range) else _setting(channel.range),
            _amplification(channel),
        )


def _setting(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _amplification(channel: "Channel") -> str:
    """Nothing for a linear channel."""
    if channel.log_decades == 0.0:
        return ""
    return f"{channel.log_decades:g} decades from {channel.log_offset:g}"
