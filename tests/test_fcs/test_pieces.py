"""Events piece by piece: the file's own, read and not looked at through its map."""

import gc
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from hladr.fcs import OutputChannel, columns, read_fcs, write_fcs
from hladr.fcs.ascii_data import DelimitedColumns, FixedColumns
from hladr.fcs.columns import PIECE_EVENTS
from hladr.fcs.errors import FileShortened

N = 2 * PIECE_EVENTS + 77
KINDS = {
    "single": ("F", {}),
    "double": ("D", {}),
    "16 bits": ("I", {"bits": 16, "range": 1 << 16}),
    "24 bits": ("I", {"bits": 24, "range": 1 << 24}),
    "one byte": ("I", {"bits": 8, "range": 256}),
}
on_linux = pytest.mark.skipif(not hasattr(os, "preadv"), reason="files are only mapped here")


def written(kind, order="little", n=N, note=""):
    data_type, facts = KINDS[kind]
    top = facts.get("range", 1 << 20)
    numbers = np.random.default_rng(2).integers(0, min(top, 1 << 20), (3, n))
    channels = [OutputChannel(f"C{k}", each, **facts) for k, each in enumerate(numbers)]
    file = io.BytesIO()
    write_fcs(file, channels, keywords={"NOTE": f"n{note}"}, data_type=data_type, byte_order=order)
    return file.getvalue()


def together(parts, index):
    """Numbers of a channel, copied before the next piece takes their place."""
    return np.concatenate([np.array(part.stored(index)) for part in parts])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tube.fcs"


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("kind", KINDS)
def test_pieces_of_a_file_are_its_events(kind, order, path):
    path.write_bytes(written(kind, order))
    for source in (path, path.read_bytes()):
        held = read_fcs(source).dataset.columns
        for index in range(3):
            np.testing.assert_array_equal(together(held.pieces(), index), held.stored(index))
        copy = read_fcs(source).raw_copy()
        np.testing.assert_array_equal(copy, held.matrix())
        assert copy.flags.writeable
        assert not np.shares_memory(copy, held.matrix())
        assert max(part.n_events for part in held.pieces()) <= PIECE_EVENTS


def test_pieces_of_some_rows_are_these_rows(path):
    path.write_bytes(written("single"))
    held = read_fcs(path).dataset.columns
    rows = held.rows(1000, N - 5)
    np.testing.assert_array_equal(together(rows.pieces(), 1), held.stored(1)[1000 : N - 5])
    assert list(held.rows(5, 5).pieces()) == []


def test_pieces_of_a_later_data_set_are_its_own(handmade, path):
    first = handmade(extra={"$NEXTDATA": 2000})
    path.write_bytes(first.ljust(2000) + written("single"))
    table = read_fcs(path, dataset=1)
    np.testing.assert_array_equal(table.column("C1"), read_fcs(written("single")).column("C1"))


def test_pieces_of_numbers_written_in_digits():
    fixed = FixedColumns(memoryview(b" 1  2  3  4 "), (3, 3), 2)
    assert together(fixed.pieces(), 1).tolist() == [2, 4]
    delimited = DelimitedColumns(memoryview(b"1 2 3,4"), 2, 2)
    assert together(delimited.pieces(), 0).tolist() == [1, 3]


@pytest.mark.parametrize("note", ["", "n", "nn", "nnn"])
def test_floats_in_memory_lie_on_their_own_boundaries(note):
    content = b"/" * len(note) + written("single")
    held = read_fcs(memoryview(content)[len(note) :]).dataset.columns
    for part in held.pieces():
        assert part.plain_floats().flags.aligned
    np.testing.assert_array_equal(together(held.pieces(), 2), held.stored(2))


def test_an_event_longer_than_a_piece_is_a_piece(monkeypatch, path):
    monkeypatch.setattr(columns, "_PIECE_BYTES", 5)
    path.write_bytes(written("single", n=9))
    parts = list(read_fcs(path).dataset.columns.pieces())
    assert [part.n_events for part in parts] == [1] * 9


@on_linux
@pytest.mark.parametrize(
    "read",
    [
        lambda t: t.column("C2"),
        lambda t: t.sha256,
        lambda t: t.column_findings("C0"),
        lambda t: t.raw_copy(),
    ],
)
def test_a_file_that_became_shorter_is_said_to_be(read, path):
    path.write_bytes(written("single"))
    table = read_fcs(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 100_000)
    with pytest.raises(FileShortened) as caught:
        read(table)
    assert "tube.fcs" in str(caught.value)
    assert "shorter" in str(caught.value)


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files cannot be counted here")
def test_the_file_is_closed_with_the_last_that_needs_it(path):
    path.write_bytes(written("single"))
    gc.collect()
    before = open_files()
    table = read_fcs(path)
    column = table.raw()[:, 0]
    del table
    gc.collect()
    assert open_files() > before
    np.testing.assert_array_equal(column, read_fcs(written("single")).raw()[:, 0])
    del column
    gc.collect()
    assert open_files() == before


def test_a_file_whose_name_is_given_to_another_is_still_itself(path):
    path.write_bytes(written("single"))
    table = read_fcs(path)
    expected = table.raw()[:, 1].astype(np.float64)
    other = path.with_name("other.fcs")
    other.write_bytes(b"\0" * path.stat().st_size)
    other.replace(path)
    np.testing.assert_array_equal(table.column("C1"), expected)


def test_threads_read_one_file_each_for_itself(path):
    path.write_bytes(written("single"))
    table = read_fcs(path)
    expected = [table.raw()[:, index].astype(np.float64) for index in range(3)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda k: table.column(f"C{k % 3}"), range(30)))
    for k, column in enumerate(found):
        np.testing.assert_array_equal(column, expected[k % 3])
