"""What fuzzing found: the files, and those that make little cost much, too large to keep.

The files in `regressions/` are named by what is wrong with them. Each made an earlier reader raise
something else than a refusal, or read the same bytes in two ways.
"""

import importlib.util
import io
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from hladr.fcs import FcsError, OutputChannel, read_fcs, write_fcs
from hladr.fcs.scaling import Scaling
from hladr.spillover import Spillover, SpilloverError

REGRESSIONS = Path(__file__).parent / "regressions"
FUZZ = Path(__file__).resolve().parents[1] / "fuzz"


def _checks():
    spec = importlib.util.spec_from_file_location("fuzz_checks", FUZZ / "checks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_checks"] = module
    spec.loader.exec_module(module)
    return module


checks = _checks()


@pytest.fixture(autouse=True, scope="module")
def compiled():
    """Kernels compiled: how long that takes is no property of a file."""
    rows = [OutputChannel(f"C{n}", [n], bits=24) for n in range(2)]
    file = io.BytesIO()
    write_fcs(file, rows, data_type="I")
    read_fcs(file.getvalue()).raw()
    for bits, data in (("*", b"1 2 3 4"), ("2", b" 1 2 3 4")):
        with suppress(FcsError):
            _ = read_fcs(ascii_file(data, bits=bits, events=2, channels=2)).events


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*.fcs")), ids=lambda path: path.stem)
def test_a_file_that_fuzzing_found_keeps_every_claim(path, tmp_path):
    content = path.read_bytes()
    checks.examine(content, tmp_path / "again.fcs")
    assert checks.peak_memory(content) < checks.MEMORY + len(content)


def text_of(pairs, mark="/"):
    return (
        mark + mark.join(f"{name}{mark}{value}" for name, value in pairs.items()) + mark
    ).encode()


def file_of(pairs, data, *, text_end=None, extra=b""):
    """HEADER, TEXT of `pairs`, `extra`, DATA."""
    text = text_of(pairs)
    end = 58 + len(text)
    begin = end + len(extra)
    places = (58, end - 1 if text_end is None else text_end, begin, begin + len(data) - 1, 0, 0)
    head = "FCS3.1    " + "".join(f"{place:8d}" for place in places)
    return head.encode() + text + extra + data


def described(channels, events, *, kind="I", bits="16", ranges="1024", **extra):
    pairs = {"$PAR": channels, "$TOT": events, "$MODE": "L", "$DATATYPE": kind}
    pairs |= {"$BYTEORD": "1,2,3,4", "$NEXTDATA": "0"}
    for n in range(1, channels + 1):
        pairs |= {f"$P{n}N": f"C{n}", f"$P{n}B": bits, f"$P{n}R": ranges, f"$P{n}E": "0,0"}
    return pairs | {f"${name}": value for name, value in extra.items()}


def ascii_file(data, *, bits, events, channels):
    return file_of(described(channels, events, kind="A", bits=bits), data)


def seconds(job):
    """Processor time of a job, whether it ends in a table or in a refusal."""
    started = time.process_time()
    with suppress(FcsError, SpilloverError):
        job()
    return time.process_time() - started


def peak(job):
    """Most bytes that Python and NumPy held during a job."""
    tracemalloc.start()
    try:
        with suppress(FcsError, SpilloverError):
            job()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def chain_of(count, pairs, *, supplement=b""):
    """Data sets of two events one behind the other; with one supplemental TEXT behind them all."""
    data = bytes(4)
    step = len(file_of(pairs | {"$NEXTDATA": "0" * 8}, data))
    parts = []
    for n in range(count):
        here = dict(pairs)
        here["$NEXTDATA"] = f"{step if n < count - 1 else 0:08d}"
        if supplement:
            first = (count - n) * step
            here |= {
                "$BEGINSTEXT": f"{first:08d}",
                "$ENDSTEXT": f"{first + len(supplement) - 1:08d}",
            }
        parts.append(file_of(here, data))
    return b"".join(parts) + supplement


def test_a_chain_of_sets_that_promise_4096_channels_is_judged_within_a_second():
    pairs = {"$PAR": 4096, "$TOT": 2, "$P1N": "a", "$P1R": "1048576"}
    content = chain_of(1024, pairs)
    assert seconds(lambda: read_fcs(content)) < 1.0


def test_a_supplement_shared_by_a_chain_of_sets_is_not_read_a_thousand_times():
    pairs = described(1, 2, BEGINSTEXT="0" * 8, ENDSTEXT="0" * 8)
    supplement = b"/" + b"/".join(b"k%d/v" % n for n in range(20_000)) + b"/"
    content = chain_of(256, pairs, supplement=supplement)
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    assert caught.value.code == "LIMIT_EXCEEDED"
    assert seconds(lambda: read_fcs(content)) < 1.0
    assert peak(lambda: read_fcs(content)) < checks.MEMORY + len(content)


def test_keywords_of_all_sets_together_are_limited():
    pairs = described(1, 2) | {f"k{n}": "" for n in range(2_000)}
    content = chain_of(100, pairs)
    with pytest.raises(FcsError, match="keywords") as caught:
        read_fcs(content)
    assert caught.value.code == "LIMIT_EXCEEDED"
    few = chain_of(100, described(1, 2) | {f"k{n}": "v" for n in range(300)})
    assert read_fcs(few, dataset=99).n_events == 2


def test_as_many_short_keywords_as_are_allowed_take_no_more_memory_than_promised():
    pairs = described(1, 2) | {f"k{n}": "v" for n in range(65_400)}
    content = file_of(pairs, bytes(4))
    assert read_fcs(content).n_events == 2
    assert peak(lambda: read_fcs(content)) < checks.MEMORY + len(content)


def test_a_byte_order_of_millions_of_entries_is_refused_at_once():
    pairs = described(1, 2, BYTEORD="," * 4_000_000)
    content = file_of(pairs, bytes(4))
    assert seconds(lambda: read_fcs(content)) < 0.5
    assert peak(lambda: read_fcs(content)) < checks.MEMORY + len(content)


@pytest.mark.parametrize("keyword", ["$SPILLOVER", "$COMP"])
def test_a_matrix_of_millions_of_entries_is_refused_at_once(keyword):
    number = "1400" if keyword == "$COMP" else "1000"
    text = f"{number}," + ",".join(["0"] * 1_960_000)
    content = file_of(described(1400, 2) | {keyword: text}, bytes(2 * 2 * 1400))
    table = read_fcs(content)
    assert seconds(lambda: Spillover.from_table(table)) < 0.5
    assert peak(lambda: Spillover.from_table(table)) < checks.MEMORY


def test_log_channels_of_their_own_kind_each_do_not_cost_a_table_each():
    pairs = described(4096, 1, ranges="65536")
    pairs |= {f"$P{n}E": f"4.{n:04d},1" for n in range(1, 4097)}
    table = read_fcs(file_of(pairs, bytes(2 * 4096)))
    assert seconds(lambda: table.events) < 1.0


def test_a_log_value_does_not_depend_on_how_many_there_are():
    scaling = Scaling(1023, 4.0, 1.0, 1024.0, 1.0, 1.0)
    numbers = np.arange(1024, dtype=np.uint16).repeat(20)
    values = np.empty((5, numbers.size))
    for row, size in zip(values, (1, 3, 7, 100, numbers.size), strict=True):
        for at in range(0, numbers.size, size):
            scaling.apply(numbers[at : at + size], row[at : at + size])
    assert (values == values[0]).all()


def test_every_column_of_4096_channels_is_given_within_a_second():
    table = read_fcs(file_of(described(4096, 1), bytes(2 * 4096)))
    assert seconds(lambda: [table.column(channel) for channel in table.channels]) < 1.0
    assert seconds(lambda: [table.channel(f"c{n}") for n in range(1, 4097)]) < 1.0


def test_delimited_numbers_of_4096_channels_are_read_within_a_second():
    data = b" ".join(b"%d" % n for n in range(4096 * 50))
    table = read_fcs(ascii_file(data, bits="*", events=50, channels=4096))
    assert seconds(table.raw) < 1.0
    assert seconds(lambda: table.events) < 1.0
    assert table.raw()[49, 4095] == 4096 * 50 - 1


@pytest.mark.parametrize("events", [5, -5, 10**9])
def test_delimited_numbers_without_a_place_are_not_taken_for_none(events):
    content = bytearray(ascii_file(b"", bits="*", events=events, channels=2))
    content[26:42] = b"       0       0"
    with pytest.raises(FcsError) as caught:
        read_fcs(bytes(content))
    assert caught.value.code == "DATA_OFFSETS_MISSING"


def test_opening_24_bit_integers_decodes_none_but_the_first():
    rows = [OutputChannel(f"C{n}", np.arange(400_000) % 256, bits=24) for n in range(4)]
    file = io.BytesIO()
    write_fcs(file, rows, data_type="I")
    content = file.getvalue()
    assert peak(lambda: read_fcs(content)) < 1_000_000
    # One column of float64 takes 3.2 MB.
    assert peak(lambda: read_fcs(content).column("C2")) < 4_500_000


def test_an_analysis_segment_that_cannot_be_read_is_a_finding():
    content = bytearray(file_of(described(2, 3), bytes(12)))
    content[42:58] = f"{len(content) + 5:8d}{len(content) + 80:8d}".encode()
    table = read_fcs(bytes(content))
    assert [finding.code for finding in table.findings] == ["ANALYSIS_LEFT_ASIDE"]
    assert table.analysis == {}


@pytest.mark.parametrize(("kind", "width"), [("F", 4), ("I", 3)])
def test_two_places_of_4096_channels_are_weighed_within_a_second(kind, width, tmp_path):
    """The end is off by one, so that two places compete; DATA is half a gigabyte of nothing."""
    size = 40_000 * 4096 * width
    pairs = described(4096, 40_000, kind=kind, bits=str(8 * width)) | {"$BEGINDATA": "0" * 9}
    pairs |= {"$ENDDATA": "0" * 9}
    begin = 58 + len(text_of(pairs)) + 4
    places = {"$BEGINDATA": f"{begin:09d}", "$ENDDATA": f"{begin + size:09d}"}
    text = text_of(pairs | places)
    head = "".join(f"{n:8d}" for n in (58, begin - 5, 0, 0, 0, 0))
    path = tmp_path / "wide.fcs"
    with path.open("wb") as file:
        file.write(b"FCS3.1    " + head.encode() + text)
        file.truncate(begin + size + 10)
    assert seconds(lambda: read_fcs(path)) < 1.0
    assert peak(lambda: read_fcs(path)) < checks.MEMORY


def test_gigabytes_of_blanks_for_one_number_are_refused_at_once(tmp_path):
    size = 4 * 1024**3
    pairs = described(1, 1, kind="A", bits="*") | {"$BEGINDATA": "0" * 12, "$ENDDATA": "0" * 12}
    begin = 58 + len(text_of(pairs))
    pairs |= {"$BEGINDATA": f"{begin:012d}", "$ENDDATA": f"{begin + size - 1:012d}"}
    head = "".join(f"{n:8d}" for n in (58, begin - 1, 0, 0, 0, 0))
    path = tmp_path / "sparse.fcs"
    with path.open("wb") as file:
        file.write(b"FCS3.1    " + head.encode() + text_of(pairs) + b"7")
        file.truncate(begin + size)
    with pytest.raises(FcsError) as caught:
        read_fcs(path)
    assert caught.value.code == "ASCII_DATA_INVALID"
    assert seconds(lambda: read_fcs(path)) < 0.5


def test_a_keyword_in_each_of_thousands_of_values_is_judged_within_a_second():
    pairs = described(1, 2) | {f"K{n}": "$P1B" for n in range(65_000)}
    content = file_of(pairs, bytes(4))
    assert seconds(lambda: read_fcs(content)) < 1.0
    assert peak(lambda: read_fcs(content)) < checks.MEMORY + len(content)


def test_as_many_keywords_as_there_may_be_in_the_place_of_values_cost_little():
    """Every reading of TEXT finds gaps, so all are tried: more than 1 s under the fuzzer before."""
    fuzzed = (REGRESSIONS / "keywords_in_the_place_of_values.fcs").read_bytes()
    text = fuzzed[74:]
    whole = text + text[1:] * 5
    places = f"{58:>8}{58 + len(whole) - 1:>8}{0:>8}{0:>8}{0:>8}{0:>8}"
    content = f"FCS3.0    {places}".encode() + whole
    began = time.process_time()
    with pytest.raises(FcsError):
        read_fcs(content)
    assert time.process_time() - began < 1.0
