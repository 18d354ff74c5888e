"""What is written beside a result: report, events with AB/c, gates."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hladr.cli.failure import as_refusal, exit_status, say, say_refused
from hladr.cli.output import refusing_output
from hladr.fcs import read_fcs
from hladr.result import AbcResult


@dataclass(frozen=True, slots=True)
class Folders:
    """Where to write what; None = not asked for."""

    report: Path | None
    export: Path | None
    gates: Path | None


def write_beside(result: AbcResult, sample: Path, folders: Folders, dataset: int | None) -> int:
    """Write what was asked for; the exit status of the worst."""
    return max(
        _reported(result, folders.report),
        _exported(result, sample, folders.export, dataset),
        _saved(result, folders.gates),
    )


def _reported(result: AbcResult, folder: Path | None) -> int:
    """Write the report, if one is asked for; the exit status, because a result without it stands.

    Why there is none is said on standard error.
    """
    if folder is None:
        return 0
    from hladr.report import write

    return _beside(result, "report", folder, lambda: write(result, folder))


def _exported(result: AbcResult, sample: Path, folder: Path | None, dataset: int | None) -> int:
    """Write the AB/c of each event, if asked for; the exit status, as with a report."""
    if folder is None:
        return 0
    from hladr.calibrated_export import export_calibrated, export_name

    path = folder / export_name(result)

    def export() -> Path:
        export_calibrated(result, read_fcs(sample, dataset=dataset), path)
        return path

    return _beside(result, "export", folder, export)


def _saved(result: AbcResult, folder: Path | None) -> int:
    """Write the automatic gate, if asked for; the exit status, as with a report."""
    if folder is None:
        return 0
    from hladr.gates_used.saving import save_automatic_gate

    return _beside(result, "gates", folder, lambda: save_automatic_gate(result, folder))


def _beside(result: AbcResult, what: str, folder: Path, write: Callable[[], Path]) -> int:
    try:
        with refusing_output(folder):
            folder.mkdir(parents=True, exist_ok=True)
            path = write()
    except Exception as error:  # noqa: BLE001 - the number is measured and is not lost for it
        refusal = as_refusal(error)
        say_refused(refusal, subject=result.sample.file)
        return exit_status(refusal)
    say(f"{what} {path}")
    return 0
