"""``hladr manifest``: the blood tubes of a folder, each paired with its beads and their lot."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, say
from hladr.cli.option import DEFAULT_ASSAY, LOT_HELP, AssayOption
from hladr.cli.output import forbid_overwriting, on_screen, results
from hladr.cli.printable import printable_line
from hladr.cli.progress import watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hladr.pairing import Pairing, PairingRules

NAME = "manifest"
EXAMPLES = """\b
Examples:
  hladr manifest archive --lot lot.toml -o trial.csv
  hladr manifest archive --rules rules.toml -o trial.csv --unpaired left-out.csv"""


def run(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Folder with FCS and LMD files, in it or in folders below."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Manifest to write; default the screen."
        ),
    ] = None,
    lot: Annotated[
        str | None, typer.Option(metavar="FILE|VALUES", help=f"{LOT_HELP} For all beads.")
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="TOML file: words that tell beads from blood, subjects in file names, lots by "
            "date. What it does not say is as built in.",
        ),
    ] = None,
    assay: AssayOption = DEFAULT_ASSAY,
    unpaired: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of the files that are in no pair, with the reason."),
    ] = None,
) -> None:
    """Pair the blood files of a folder with their beads: a manifest, one row a sample.

    Beads are those of the same instrument at the same settings, nearest in time and not further
    than the assay allows. Nothing is guessed: what is not sure is left out and said on standard
    error. Only keywords are read; paths are relative to the manifest.

    Exit status: 0 when all blood was paired, 1 when something was left out, 2 for wrong usage.
    """
    from hladr.assay import load_assay
    from hladr.pairing import examine, fcs_files, pair_tubes

    _check_usage(folder, output, unpaired)
    definition = load_assay(assay)
    known = pairing_rules(rules, lot)
    paths, closed = fcs_files(folder)
    for target, option in ((output, "-o"), (unpaired, "--unpaired")):
        _keep_inputs(target, option, (*paths, *_definitions(lot, rules, assay)))
    shown = [Path(path) for path in paths]
    steps = watched(shown, results_on_screen=on_screen(output))
    examined = [examine(path, known, definition, below=folder) for path in steps]
    pairing = pair_tubes([*closed, *examined], known, definition.settings)
    _write(pairing, output, unpaired, _assay_file(assay))
    for line in _told(pairing, folder):
        say(line)
    if not paths or not pairing.complete:
        raise typer.Exit(REFUSED_OR_REJECTED)


def _check_usage(folder: Path, output: Path | None, unpaired: Path | None) -> None:
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder that is there.", param_hint="DIR")
    if output is not None and unpaired is not None and output.absolute() == unpaired.absolute():
        raise typer.BadParameter("one file cannot be both.", param_hint="-o, --unpaired")


def _keep_inputs(target: Path | None, option: str, inputs: tuple[str | Path, ...]) -> None:
    try:
        forbid_overwriting(target, map(Path, inputs))
    except typer.BadParameter as error:
        error.param_hint = option
        raise


def _definitions(lot: str | None, rules: Path | None, assay: str) -> tuple[str | Path, ...]:
    return tuple(each for each in (lot, rules, assay) if each is not None)


def pairing_rules(path: Path | None, lot: str | None) -> "PairingRules":
    """Words and lots: those of the rules, or one lot for all beads."""
    from hladr.pairing import LotPeriod, checked_lot, default_rules, load_rules

    rules = default_rules() if path is None else load_rules(path)
    if (lot is None) == (not rules.lots):
        found = "neither" if lot is None else "both"
        raise typer.BadParameter(
            f"expected the lot of all beads (--lot) or [[lots]] by date in --rules, found {found}.",
            param_hint="--lot",
        )
    if lot is None:
        return rules
    return replace(rules, lots=(LotPeriod(None, None, checked_lot(lot)),))


def _assay_file(assay: str) -> str:
    """Assay that the manifest has to name; empty for the default."""
    from hladr.assay import available_assays

    if assay == DEFAULT_ASSAY:
        return ""
    return assay if assay in available_assays() else str(Path(assay).absolute())


def _write(pairing: "Pairing", output: Path | None, unpaired: Path | None, assay: str) -> None:
    from hladr.pairing.rows import LEFT_OUT_COLUMNS, Rows

    rows = Rows.beside(output, assay)
    _write_csv(output, rows.columns, rows.manifest(pairing))
    if unpaired is not None:
        beside = Rows.beside(unpaired, assay)
        _write_csv(unpaired, LEFT_OUT_COLUMNS, beside.left_out(pairing))


def _write_csv(
    target: Path | None, columns: tuple[str, ...], rows: "Iterator[Mapping[str, str]]"
) -> None:
    from hladr.manifest import manifest_text

    with results(target) as write:
        for line in manifest_text(columns, rows):
            write(printable_line(line) if on_screen(target) else line)


def _told(pairing: "Pairing", folder: Path) -> "Iterator[str]":
    """What was left out, a line each, and how many were paired."""
    from hladr.pairing import HARMLESS

    for each in pairing.left_out:
        word = "note" if each.reason in HARMLESS else "left out"
        code = f" [{each.code}]" if each.code else ""
        yield f"{word}{code}: {each.path}: {each.detail}"
    if not pairing.pairs and not pairing.left_out:
        yield f"no .fcs or .lmd file in {folder}"
    beads = {pair.beads.path for pair in pairing.pairs}
    counts = Counter(each.reason for each in pairing.left_out)
    counted = ", ".join(f"{n} {reason.replace('_', ' ')}" for reason, n in sorted(counts.items()))
    left = f"; not in the manifest: {counted}" if counted else ""
    yield f"{len(pairing.pairs)} samples paired with {len(beads)} bead files{left}"
