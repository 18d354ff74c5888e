"""A sample's events with one channel more: antibodies bound per cell, event by event.

For plots and further gating in other programs. The number of the sample is in the result, not
here: it is a statistic of the monocytes.
"""

import math
import os
from pathlib import Path
from typing import BinaryIO, ClassVar

import numpy as np

from hladr.arrays import FloatArray
from hladr.errors import HladrError
from hladr.fcs.reader import read_fcs
from hladr.fcs.source import open_source
from hladr.fcs.table import Channel, EventTable
from hladr.fcs.writer import OutputChannel, write_fcs
from hladr.panel import bottom
from hladr.result import AbcResult, Verdict
from hladr.version import ALGORITHM, software_version

CHANNEL_NAME = "HLA-DR AB/c"
CHANNEL_MARKER = "antibodies bound per cell"
RESEARCH_USE = "research use only, not for diagnosis"

_OF_THE_FILE = ("$CYT", "$CYTSN", "$DATE", "$BTIM", "$ETIM")
_OF_THE_CHANNELS = ("$SPILLOVER", "SPILLOVER", "SPILL")
_NOT_RECORDED = "not recorded"


class ExportError(HladrError):
    """The calibrated events of a sample cannot be exported."""

    code: ClassVar[str] = "EXPORT_ERROR"


class ResultRejected(ExportError):
    """The result may not be used, so neither may its values event by event."""

    code: ClassVar[str] = "RESULT_REJECTED"

    def __init__(self, *, file: str, findings: tuple[str, ...]) -> None:
        self.file, self.findings = file, findings
        super().__init__(
            f"the result of {file!r} is rejected ({', '.join(findings)}); calibrated values are "
            "exported only of results that may be used. Clear up the findings and measure again."
        )


class OtherSample(ExportError):
    """The events are not those that were measured."""

    code: ClassVar[str] = "OTHER_SAMPLE"

    def __init__(self, *, file: str, expected: str, found: str) -> None:
        self.file, self.expected, self.found = file, expected, found
        super().__init__(
            f"expected the file that was measured (SHA-256 {expected}), found {file!r} with "
            f"{found}. Give that file, or measure this one."
        )


class ExportNotWritable(ExportError):
    """The export cannot be written there."""

    code: ClassVar[str] = "EXPORT_NOT_WRITABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"cannot write the export to {path!r}: {reason}. Name another file, in a folder you "
            "may write to."
        )


def export_calibrated(
    result: AbcResult, sample: EventTable | str | Path | BinaryIO, path: str | Path
) -> None:
    """Write the events of a sample with a channel of AB/c, as FCS 3.1 in double precision.

    Parameters
    ----------
    result
        Of this sample; `pass` or `review`.
    sample
        The file that was measured, or its events.
    path
        FCS file to write; an earlier export is replaced as a whole, the sample never.

    Raises
    ------
    ResultRejected, OtherSample, ExportNotWritable

    Notes
    -----
    The original channels hold scale values (log amplification and gain undone, Time in seconds),
    uncompensated; the added one is `events_abc`. Of the original's keywords only instrument, date
    and spillover are carried over.
    """
    if result.verdict is Verdict.REJECT:
        codes = tuple(f.code for f in result.findings if f.severity.value == "reject")
        raise ResultRejected(file=result.sample.file, findings=codes)
    table = sample if isinstance(sample, EventTable) else read_fcs(sample)
    if table.sha256 != result.sample.sha256:
        raise OtherSample(file=table.name, expected=result.sample.sha256, found=table.sha256)
    abc = events_abc(result)
    channels = [_as_it_is(table, channel) for channel in table.channels]
    channels.append(
        OutputChannel(CHANNEL_NAME, abc, marker=CHANNEL_MARKER, range=_range_above(abc))
    )
    _write(Path(path), channels, _keywords(result, table), table)


def events_abc(result: AbcResult) -> FloatArray:
    """AB/c of each event, shape (n_events,), in file order.

    From the compensated HLA-DR value through the curve, divided by PE molecules per antibody. NaN
    where the detector saw nothing: at zero or below, at channel 0 of a log amplifier. Not only
    monocytes have a value; outside the range of the beads it is extrapolated.
    """
    values = result.evidence.columns["hla_dr"]
    abc = np.full(values.size, math.nan)
    seen = (values > max(bottom(result.detector), 0.0)) & np.isfinite(values)
    abc[seen] = result.curve.molecules(values[seen]) / result.measured.fp_ratio
    return abc


def _as_it_is(table: EventTable, channel: Channel) -> OutputChannel:
    """A channel in scale values, which are linear and have no gain left to undo."""
    values = table.column(channel)
    top = table.top(channel)
    return OutputChannel(
        channel.name,
        values,
        marker=channel.marker,
        range=_range_above(values) if top is None else math.floor(top) + 1.0,
        voltage=channel.voltage,
    )


def _range_above(values: FloatArray) -> float:
    """Return a $PnR above all values: a whole number from 2."""
    finite = values[np.isfinite(values)]
    return max(math.floor(finite.max()) + 1.0, 2.0) if finite.size else 2.0


def _keywords(result: AbcResult, table: EventTable) -> dict[str, str]:
    curve, measured = result.curve, result.measured
    software = f"hladr {software_version()}"
    carried = {name: table.keyword(name) for name in _OF_THE_FILE}
    carried |= {name: table.keywords.text(name) for name in _OF_THE_CHANNELS}
    own = {
        "$LAST_MODIFIER": software,
        "$ORIGINALITY": "DataModified",
        "$TIMESTEP": "1" if table.keywords.text("$TIMESTEP") else None,
        "HLADR_ABC": f"{measured.abc!r}",
        "HLADR_ALGORITHM": ALGORITHM,
        "HLADR_ASSAY": f"{result.assay.name} version {result.assay.version}",
        "HLADR_ASSAY_SHA256": result.assay.sha256,
        "HLADR_BEADS_SHA256": curve.provenance.sha256 or _NOT_RECORDED,
        "HLADR_CHANNEL": result.detector.name,
        "HLADR_FP_RATIO": f"{measured.fp_ratio!r}",
        "HLADR_INTERCEPT": f"{curve.intercept!r}",
        "HLADR_LOT": curve.lot.number or _NOT_RECORDED,
        "HLADR_LOT_SHA256": curve.lot.sha256,
        "HLADR_MODEL": curve.model,
        "HLADR_SAMPLE_SHA256": result.sample.sha256,
        "HLADR_SLOPE": f"{curve.slope!r}",
        "HLADR_SOFTWARE": software,
        "HLADR_USE": RESEARCH_USE,
        "HLADR_VERDICT": result.verdict.value,
    }
    return {name: text for name, text in (carried | own).items() if text}


def _write(
    path: Path, channels: list[OutputChannel], keywords: dict[str, str], table: EventTable
) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.is_file() and path.stat().st_size and _is_sample(path, table):
            raise ExportNotWritable(path=str(path), reason="it is the sample itself")
        with unfinished.open("wb") as stream:
            write_fcs(stream, channels, keywords=keywords, data_type="D")
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise ExportNotWritable(path=str(path), reason=error.strerror or str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _is_sample(path: Path, table: EventTable) -> bool:
    """Whether a file holds the sample's bytes, by whatever name it was given."""
    source = open_source(path)
    return len(source.view) == len(table.source.view) and source.sha256() == table.sha256
