"""``hladr batch``: every sample of a manifest, measured or taken from what was measured before."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import (
    INTERRUPTED,
    REFUSED_OR_REJECTED,
    as_refusal,
    exit_status,
    say,
    say_refused,
)
from hladr.cli.option import RESEARCH_USE
from hladr.cli.output import forbid_overwriting, refusing_output
from hladr.cli.rate import counted

if TYPE_CHECKING:
    from hladr.batch import Batch, BatchResult, Engine
    from hladr.manifest import Manifest

NAME = "batch"
EXAMPLES = """\b
Examples:
  hladr batch trial.csv -o results.parquet
  hladr batch trial.csv -o results.csv --workers 8
  hladr batch trial.parquet -o results.parquet --scheduler tcp://head:8786"""


def run(
    manifest: Annotated[
        Path,
        typer.Argument(metavar="MANIFEST", help="CSV or Parquet file, one row a sample."),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE",
            help="Table to write: .parquet, .csv or .ndjson.",
        ),
    ],
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes. Default: one for each processor."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler, instead of processes here."),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where measurements are kept for the next run. Default: beside the output.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 unless every sample is 'pass'.")
    ] = False,
) -> None:  # fmt: skip
    """Measure all samples of a manifest. What was measured before is not measured again.

    A result is kept by what its number depends on: the content of the files, lot, gates, assay,
    algorithm. Ferritin and criterion are applied to what is kept. A run that is stopped goes on
    where it stopped; the table is written when all is done.

    Exit status: 0 when every sample is pass or review; 1 when one was refused or rejected; 2 for
    wrong usage.
    """
    from hladr.batch import Batch, Journal, check_columns, check_form, write_table
    from hladr.batch.run import engine_of
    from hladr.manifest import read_manifest

    if workers is not None and scheduler is not None:
        message = "a cluster has workers of its own: give one of the two."
        raise typer.BadParameter(message, param_hint="--workers, --scheduler")
    kept_in = output.with_name(f"{output.name}.journal") if journal is None else journal
    for target in (output, kept_in):
        forbid_overwriting(target, (manifest,))
    if output.absolute() == kept_in.absolute():
        raise typer.BadParameter("one file cannot be both.", param_hint="-o, --journal")
    if output.is_dir() or not output.absolute().parent.is_dir():
        raise typer.BadParameter(f"{output} cannot be a file.", param_hint="-o")
    try:
        check_form(output)
        samples, sha256 = read_manifest(manifest), _sha256(manifest)
        _require_rows(samples)
        with Journal(kept_in) as kept:
            batch = Batch(samples, kept)
            check_columns(batch.carried)
            _measure(batch, samples, engine_of(workers, scheduler))
            told: Counter[str] = Counter()
            results = counted(_counted(batch.results(), told), len(samples), "written")
            with refusing_output(output):
                write_table(output, results, batch.carried, _provenance(manifest, sha256))
    except KeyboardInterrupt:
        say(f"stopped; what was finished is kept in {kept_in}. Run it again to go on.")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:  # said, and what was finished is kept
        refusal = as_refusal(error)
        say_refused(refusal)
        raise typer.Exit(exit_status(refusal)) from error
    for line in _summary(told):
        say(line)
    say(RESEARCH_USE)
    raise typer.Exit(_status(told, strict=strict))


def _require_rows(samples: "Manifest") -> None:
    """Refuse a manifest without a row: what listed no sample has gone wrong before."""
    from hladr.manifest import Defect, ManifestInvalid

    if not len(samples):
        defect = Defect(2, "", "a header and nothing below it", "a row a sample")
        raise ManifestInvalid(file=samples.name, unit=samples.unit, defects=[defect], count=1)


def _measure(batch: "Batch", samples: "Manifest", engine: "Engine") -> None:
    looked_at = counted(batch.looked_at(), len(samples), "looked at")
    settled = sum(1 for _place, known in looked_at if known)
    missing = len(samples) - settled
    known = settled - batch.failed
    if known or batch.failed:
        failed = f"; {batch.failed:,} cannot be measured" if batch.failed else ""
        say(f"{known:,} of {len(samples):,} known{failed}; {missing:,} to measure")
    for _ in counted(batch.measured(engine), missing, "measured"):
        pass


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _provenance(manifest: Path, sha256: str) -> Mapping[str, str]:
    from hladr.version import ALGORITHM, software_version

    return {
        "hladr.table": "1",
        "hladr.software": software_version(),
        "hladr.algorithm": ALGORITHM,
        "hladr.manifest": manifest.name,
        "hladr.manifest_sha256": sha256,
        "hladr.use": RESEARCH_USE,
    }


def _counted(results: "Iterator[BatchResult]", told: Counter[str]) -> "Iterator[BatchResult]":
    for result in results:
        told[result.refusal or result.record["verdict"]] += 1
        yield result


def _summary(told: Counter[str]) -> Iterator[str]:
    """One line of verdicts, and one for each code of a refusal."""
    verdicts = ("pass", "review", "reject")
    refused = {code: times for code, times in told.items() if code not in verdicts}
    parts = [f"{told[verdict]:,} {verdict}" for verdict in verdicts]
    yield f"{sum(told.values()):,} samples: {', '.join(parts)}, {sum(refused.values()):,} refused"
    for code, times in sorted(refused.items(), key=lambda each: (-each[1], each[0])):
        yield f"  {code} {times:,}"


def _status(told: Counter[str], *, strict: bool) -> int:
    fine = told["pass"] + (0 if strict else told["review"])
    return 0 if fine == sum(told.values()) else REFUSED_OR_REJECTED
