"""``hladr inspect``: what is in an FCS file, and what is wrong with it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, leave_refused, require_file
from hladr.cli.option import DEFAULT_ASSAY, AssayOption, TextOrJson, TextOrJsonOption
from hladr.cli.printable import printable

if TYPE_CHECKING:
    from hladr.fcs.table import Channel
    from hladr.inspection import Inspection

NAME = "inspect"
EXAMPLES = """\b
Examples:
  hladr inspect patient.fcs
  hladr inspect beads.fcs --format json"""


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="FCS or LMD file.")],
    assay: AssayOption = DEFAULT_ASSAY,
    form: TextOrJsonOption = TextOrJson.TEXT,
) -> None:
    """Show what is in an FCS file, and whether it can be quantified.

    Keywords that may name a patient are not shown. The exit status is 1 when the file cannot be
    read, or can serve neither as blood nor as beads.
    """
    from hladr.kernels.startup import load_without_blas

    load_without_blas()
    from hladr.assay import load_assay
    from hladr.fcs import read_fcs
    from hladr.inspection import inspect_table

    definition = load_assay(assay)
    try:
        require_file(file, "FCS file")
        inspection = inspect_table(read_fcs(file), definition)
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does is said
        leave_refused(error, file.name, as_json=form is TextOrJson.JSON)
    if form is TextOrJson.JSON:
        typer.echo(json.dumps(inspection.to_dict()))
    else:
        for line in _lines(inspection):
            typer.echo(line)
    if not inspection.usable:
        raise typer.Exit(REFUSED_OR_REJECTED)


def _lines(inspection: "Inspection") -> Iterator[str]:
    from hladr.cli.card import finding_rows, labelled
    from hladr.cli.table import table

    yield printable(inspection.file)
    for label, text in _facts(inspection):
        yield from labelled(label, text)
    yield ""
    for line in table(_channel_rows(inspection), right=frozenset({0, 4, 5, 6})):
        yield f"  {line}"
    yield ""
    for label, text in finding_rows(inspection.findings):
        yield from labelled(label, text)
    yield from labelled("Verdict", inspection.verdict)


def _facts(inspection: "Inspection") -> Iterator[tuple[str, str]]:
    instrument = inspection.cytometer or "not recorded"
    serial = f", serial {inspection.serial}" if inspection.serial else ", no serial number"
    yield "Format", inspection.version
    yield "Instrument", instrument + serial
    yield "Software", inspection.software or "not recorded"
    yield "Acquired", (inspection.acquired_at or "not recorded").replace("T", " ")
    yield "Events", _events(inspection)
    yield "Spillover", _spillover(inspection)
    yield "SHA-256", inspection.sha256


def _events(inspection: "Inspection") -> str:
    if len(inspection.data_sets) == 1:
        return f"{inspection.events:,}"
    each = ", ".join(f"{events:,}" for events in inspection.data_sets)
    return f"{inspection.events:,} read; the file holds {len(inspection.data_sets)} sets: {each}"


def _spillover(inspection: "Inspection") -> str:
    matrix = inspection.spillover
    if matrix is None:
        return "no matrix in the file"
    return f"{len(matrix.detectors)} detectors: {', '.join(matrix.detectors)}"


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
            _setting(channel.range),
            _amplification(channel),
        )


def _setting(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _amplification(channel: "Channel") -> str:
    if channel.log_decades == 0.0:
        return "linear"
    return f"{channel.log_decades:g} decades from {channel.log_offset:g}"
