"""What must hold for any bytes whatever: the claims of the fuzz target and of its kept findings."""

import contextlib
import gc
import io
import resource
import signal
import time
import tracemalloc
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from calibration.finding import Finding
from hladr.errors import HladrError
from hladr.fcs import AmbiguousChannel, EventTable, FcsError, read_fcs
from hladr.spillover import Spillover

SECONDS = 1.0
MEMORY = 64 * 1024 * 1024
SENTENCE = 4_000
_PAGE = resource.getpagesize()


class TooSlow(BaseException):
    """A reading took more than a second of processor time."""


def examine(content: bytes, path: Path | None = None) -> float:
    """Read everything in `content`; with a path also from a stream and from a mapped file there.

    Returns the processor seconds of the reading from bytes, of every data set.

    Raises
    ------
    AssertionError, TooSlow, MemoryError, or whatever else the reader should not raise.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        started = time.process_time()
        with within_a_second():
            seen = read_all(content, len(content))
        took = time.process_time() - started
        if path is not None:
            path.write_bytes(content)
            for source in (io.BytesIO(content), path):
                with within_a_second():
                    again = read_once(source, None, len(content))
                assert again == seen[0], "bytes, stream and mapped file disagree"
    return took


def read_all(content: bytes, size: int) -> list[tuple[object, ...]]:
    """Print of what was read: of the data set chosen by the reader, then of each by number."""
    seen = [read_once(content, None, size)]
    if content.count(b"FCS") < 2 or seen[0][0] == "NOT_FCS":
        return seen
    for number in range(5):
        seen.append(read_once(content, number, size))
        if seen[-1][0] == "DATASET_NOT_FOUND":
            break
    return seen


def read_once(source: object, number: int | None, size: int) -> tuple[object, ...]:
    try:
        return check_table(read_fcs(source, dataset=number), size)
    except FcsError as error:
        return refused(error)


def refused(error: HladrError) -> tuple[object, ...]:
    sentence = str(error)
    assert type(error).code
    assert 0 < len(sentence) < SENTENCE, f"a sentence of {len(sentence)} characters"
    sentence.encode()
    return (error.code, sentence)


def check_table(table: EventTable, size: int) -> tuple[object, ...]:
    raw, events = table.raw(), table.events
    shape = (table.n_events, len(table.channels))
    assert raw.shape == events.shape == shape
    assert not raw.flags.writeable
    assert not events.flags.writeable
    assert events.dtype == np.float64
    # Each number of each event takes a byte at least, and none was made up.
    assert table.n_events * len(table.channels) <= size
    check_columns(table, events)
    check_findings(table.findings)
    codes = sorted(finding.code for finding in table.findings)
    texts = tuple(table.keywords.items()), tuple(table.analysis.items())
    matrix = spillover(table)
    return (
        "+".join(codes) or "OK",
        table.version,
        texts,
        repr(table.channels),  # NaN of a range is itself here
        raw.tobytes(),
        events.tobytes(),
        table.sha256,
        matrix,
    )


def check_columns(table: EventTable, events: np.ndarray) -> None:
    for channel in table.channels[:64]:
        column = table.column(channel)
        assert column.dtype == np.float64
        assert not column.flags.writeable
        assert np.array_equal(column, events[:, channel.index], equal_nan=True)
        top = table.top(channel)
        assert top is None or np.isfinite(top)
        count = table.nonfinite(channel)
        assert count == np.count_nonzero(~np.isfinite(column))
        assert 0 <= table.masked(channel) <= table.n_events
        check_findings(table.column_findings(channel))
        with contextlib.suppress(AmbiguousChannel):
            assert table.channel(channel.name).name.lower() == channel.name.lower()


def check_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        assert finding.code
        assert 0 < len(finding.message) < SENTENCE
        finding.message.encode()


def spillover(table: EventTable) -> tuple[object, ...]:
    try:
        matrix = Spillover.from_table(table)
        if matrix is None:
            return ("no matrix",)
        assert np.isfinite(matrix.inverse).all()
        first = matrix.compensated(table, matrix.detectors[0])
        return (matrix.detectors, matrix.matrix.tobytes(), first.tobytes())
    except HladrError as error:  # its sentence may name the file, which differs by source
        return refused(error)[:1]


@contextlib.contextmanager
def within_a_second() -> Iterator[None]:
    """Break off after a second of processor time; the clock on the wall depends on others."""

    def stop(_number: int, _frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def within_memory(size: int) -> Iterator[None]:
    """Give the process no more than 64 MiB and the file's size above what it has now.

    What these checks hold of a file beside the reader's own memory (what was read, as bytes, and
    the stream and the file for reading it again) counts as well: the reader has less than that.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * _PAGE + MEMORY + size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def peak_memory(content: bytes) -> int:
    """Bytes of Python and NumPy that opening and reading all of `content` takes at most."""
    gc.collect()
    tracemalloc.start()
    try:
        with contextlib.suppress(FcsError):
            table = read_fcs(content)
            table.raw()
            _ = table.events
            spillover(table)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
