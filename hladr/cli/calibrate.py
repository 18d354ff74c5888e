"""``hladr calibrate``: beads to a standard curve."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, leave_refused, require_file, say
from hladr.cli.option import (
    DEFAULT_ASSAY,
    LOT_HELP,
    RESEARCH_USE,
    AssayOption,
    TextOrJson,
    TextOrJsonOption,
)
from hladr.cli.output import forbid_overwriting, write_whole

if TYPE_CHECKING:
    from calibration import StandardCurve

NAME = "calibrate"
EXAMPLES = """\b
Examples:
  hladr calibrate beads.fcs --lot 474,5359,23843,62336
  hladr calibrate beads.fcs --lot lot.toml -o curve.json
  hladr calibrate beads.fcs --lot lot.toml --detector PE-H --format json"""


def run(
    beads: Annotated[Path, typer.Argument(metavar="BEADS", help="FCS file of the bead tube.")],
    lot: Annotated[str, typer.Option(metavar="LOT", help=LOT_HELP)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Save the curve, for quantify --curve."
        ),
    ] = None,
    assay: AssayOption = DEFAULT_ASSAY,
    detector: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Channel to calibrate ($PnN); default: the assay's PE."),
    ] = None,
    form: TextOrJsonOption = TextOrJson.TEXT,
) -> None:
    """Make a standard curve from a bead tube and the values of its lot.

    The exit status is 1 when the curve is not acceptable; it is shown and saved all the same,
    and no sample that uses it gives a number.
    """
    from calibration import curve_to_dict
    from hladr.assay import load_assay
    from hladr.bead_run import calibrate_beads

    forbid_overwriting(output, (beads, Path(lot)))
    try:
        require_file(beads, "bead file")
        curve = calibrate_beads(beads, lot, assay=load_assay(assay), detector=detector).curve
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does is said
        leave_refused(error, beads.name, as_json=form is TextOrJson.JSON)
    if output is not None:
        from hladr.curve_file import curve_text

        write_whole(output, curve_text(curve))
        say(f"curve saved to {output}")
    if form is TextOrJson.JSON:
        typer.echo(json.dumps(curve_to_dict(curve), allow_nan=False))
    else:
        for line in curve_lines(curve):
            typer.echo(line)
        say(RESEARCH_USE)
    if not curve.accepted:
        raise typer.Exit(REFUSED_OR_REJECTED)


def curve_lines(curve: "StandardCurve") -> Iterator[str]:
    """A curve as text: the line, its peaks, and every doubt."""
    from hladr.cli.card import finding_rows, labelled, verdict_sign
    from hladr.cli.printable import printable
    from hladr.cli.table import table
    from hladr.number_format import format_fixed, format_r_squared

    source = curve.provenance
    intercept, slope = format_fixed(curve.intercept, 4), format_fixed(curve.slope, 4)
    yield f"{printable(source.file or 'beads')}  {verdict_sign(_verdict(curve))}"
    rows = (
        ("Detector", source.detector or "not recorded"),
        ("Lot", curve.lot.number or ", ".join(f"{value:g}" for value in curve.lot.values)),
        ("Line", f"log10(fluorescence) = {intercept} + {slope} × log10(PE molecules)"),
        ("Residual", _largest_residual(curve)),
        ("r²", f"{format_r_squared(curve.r_squared)} (for information)"),
    )
    for label, text in rows:
        yield from labelled(label, text)
    for line in table(_peak_rows(curve), right=frozenset(range(6))):
        yield f"  {line}"
    for label, text in finding_rows(curve.findings):
        yield from labelled(label, text)


def _verdict(curve: "StandardCurve") -> str:
    from calibration import Severity

    if not curve.accepted:
        return "reject"
    warned = any(finding.severity is Severity.WARN for finding in curve.findings)
    return "review" if warned else "pass"


def _largest_residual(curve: "StandardCurve") -> str:
    from hladr.number_format import format_percent

    if curve.max_residual_percent is None:
        return "none: two levels leave nothing to compare"
    return f"largest {format_percent(curve.max_residual_percent)}"


def _peak_rows(curve: "StandardCurve") -> Iterator[tuple[str, ...]]:
    from hladr.number_format import (
        format_count,
        format_percent,
        format_signed_percent,
        format_significant,
    )

    yield "PE molecules", "geometric mean", "median", "CV", "events", "residual"
    for peak in curve.peaks:
        yield (
            "blank" if peak.assigned is None else f"{peak.assigned:,g}",
            _shown(peak.geometric_mean, format_significant),
            format_significant(peak.median),
            _shown(peak.cv_percent, format_percent),
            format_count(peak.events),
            _shown(peak.residual_percent, format_signed_percent),
        )


def _shown(value: float | None, printed: Callable[[float], str]) -> str:
    return "" if value is None else printed(value)
