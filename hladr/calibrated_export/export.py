"""From a result to the FCS file of its events: channels as they were, AB/c beside them."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from hladr.arrays import FloatArray
from hladr.calibrated_export.errors import ExportNotWritable, OtherSample, ResultRejected
from hladr.calibrated_export.keywords import MADE_HERE, provenance_keywords
from hladr.errors import HladrError
from hladr.fcs.dataset import read_outline
from hladr.fcs.keywords import BLANKS
from hladr.fcs.reader import read_fcs
from hladr.fcs.source import open_source
from hladr.fcs.table import Channel, EventTable
from hladr.fcs.text import Room
from hladr.fcs.writer import OutputChannel, write_fcs
from hladr.output_name import output_name
from hladr.panel import bottom
from hladr.result import AbcResult, Verdict
from hladr.sample_columns import detector_of, events_at_top
from hladr.whole_file import whole_file

CHANNEL_NAME = "HLA-DR AB/c"
CHANNEL_MARKER = "antibodies bound per cell"


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
        FCS file to write. An earlier export is replaced as a whole; any other file never is.

    Raises
    ------
    ResultRejected, OtherSample, ExportNotWritable

    Notes
    -----
    The original channels hold scale values (log amplification and gain undone, Time in seconds),
    uncompensated; the added one is `events_abc`. The matrix that was used is written as
    $SPILLOVER. Of the original's keywords only instrument, date and time are carried over.
    """
    if result.verdict is Verdict.REJECT:
        codes = tuple(f.code for f in result.findings if f.severity.value == "reject")
        raise ResultRejected(file=result.sample.file, findings=codes)
    table = sample if isinstance(sample, EventTable) else read_fcs(sample)
    if table.sha256 != result.sample.sha256:
        raise OtherSample(file=table.name, expected=result.sample.sha256, found=table.sha256)
    abc = events_abc(result, table)
    names = _names(table.channels)
    channels = [
        _as_it_is(table, channel, name)
        for channel, name in zip(table.channels, names, strict=True)
        if name != CHANNEL_NAME  # of an export that was measured again
    ]
    channels.append(
        OutputChannel(CHANNEL_NAME, abc, marker=CHANNEL_MARKER, range=_range_above(abc))
    )
    _write(Path(path), channels, provenance_keywords(result, table, names), result)


def export_name(result: AbcResult) -> str:
    """Name of a sample's export, ``patient-0123456789ab-abc.fcs``."""
    return output_name(result.sample.file, result.sample.sha256, "-abc.fcs")


def events_abc(result: AbcResult, table: EventTable) -> FloatArray:
    """AB/c of each event, shape (n_events,), in file order.

    From the compensated HLA-DR value through the curve, divided by PE molecules per antibody. NaN
    where the detector saw nothing (at zero or below, at channel 0 of a log amplifier) and where it
    was at its top. Not only monocytes have a value; outside the range of the beads it is
    extrapolated.
    """
    values = result.evidence.columns["hla_dr"]
    abc = np.full(values.size, math.nan)
    seen = (values > max(bottom(result.detector), 0.0)) & np.isfinite(values)
    detector = detector_of(table, table.channels[result.detector.index])
    seen &= ~events_at_top(table.column(detector), table.top(detector))
    abc[seen] = result.curve.molecules(values[seen]) / result.measured.fp_ratio
    return abc


def _names(channels: Sequence[Channel]) -> list[str]:
    """Names of the channels without what FCS 3.1 forbids in them: commas, blanks around them."""
    plain = (channel.name.replace(",", ";").strip(BLANKS).strip() for channel in channels)
    return [name or f"P{n}" for n, name in enumerate(plain, start=1)]


def _as_it_is(table: EventTable, channel: Channel, name: str) -> OutputChannel:
    """A channel in scale values, which are linear and have no gain left to undo."""
    values = table.column(channel)
    top = table.top(channel)
    return OutputChannel(
        name,
        values,
        marker=channel.marker,
        range=_range_above(values) if top is None else math.floor(top) + 1.0,
        voltage=channel.voltage,
    )


def _range_above(values: FloatArray) -> float:
    """Return a $PnR above all values: a whole number from 2."""
    finite = values[np.isfinite(values)]
    return max(math.floor(finite.max()) + 1.0, 2.0) if finite.size else 2.0


def _write(
    path: Path, channels: list[OutputChannel], keywords: dict[str, str], result: AbcResult
) -> None:
    try:
        if reason := _not_to_be_replaced(path, result):
            raise ExportNotWritable(path=str(path), reason=reason)
        with whole_file(path) as unfinished:
            write_fcs(unfinished.stream, channels, keywords=keywords, data_type="D")
    except OSError as error:
        raise ExportNotWritable(path=str(path), reason=error.strerror or str(error)) from error


def _not_to_be_replaced(path: Path, result: AbcResult) -> str:
    """Why a file has to stay as it is; empty for an earlier export, or none."""
    if not path.exists() or (path.is_file() and path.stat().st_size == 0):
        return ""
    try:
        source = open_source(path)
        keywords = read_outline(source.view, Room()).keywords
    except HladrError:
        return "what is there is not an earlier export"
    if source.sha256() in (result.sample.sha256, result.curve.provenance.sha256):
        return "it is the sample or the beads"
    return "" if keywords.text(MADE_HERE) else "the file that is there is not an earlier export"
