"""What may be given to the reader: mapped, read where it lies, or read to its end; never a hang."""

import array
import gzip
import io
import mmap
import os
import tempfile

import numpy as np
import pytest

from hladr.fcs import FcsError, read_fcs, source

SOUND = [[1, 2], [3, 4], [5, 6]]


@pytest.fixture
def path(tmp_path, handmade):
    target = tmp_path / "tube.fcs"
    target.write_bytes(handmade())
    return target


def kept(table):
    """What holds the bytes of a table."""
    return table.source.view.obj


def refused(file):
    with pytest.raises(FcsError) as caught:
        read_fcs(file)
    return caught.value.code


@pytest.mark.parametrize("mode", ["rb", "r+b"])
@pytest.mark.parametrize("buffering", [0, -1])
def test_an_opened_plain_file_is_mapped_from_its_position(mode, buffering, path, handmade):
    path.write_bytes(b"junk" + handmade())
    with path.open(mode, buffering=buffering) as stream:
        stream.read(4)
        table = read_fcs(stream)
    assert isinstance(kept(table), mmap.mmap)
    assert table.raw().tolist() == SOUND
    assert table.name == "tube.fcs"


def test_a_named_temporary_file_is_mapped_with_what_was_just_written(handmade):
    with tempfile.NamedTemporaryFile() as stream:
        stream.write(handmade())
        stream.seek(0)
        table = read_fcs(stream)
        assert isinstance(kept(table), mmap.mmap)
        assert table.raw().tolist() == SOUND


def test_bytes_are_read_where_they_lie(path, handmade):
    content = handmade()
    with path.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    holders = [content, bytearray(content), np.frombuffer(content, np.uint8), np.memmap(path)]
    holders += [array.array("B", content), mapped]
    for holder in holders:
        table = read_fcs(holder)
        assert kept(table) is holder
        assert table.raw().tolist() == SOUND
    memory = memoryview(bytearray(content))
    assert kept(read_fcs(memory)) is memory.obj


def test_bytes_that_lie_apart_are_put_together(handmade):
    content = handmade()
    apart = np.zeros((len(content), 2), np.uint8)
    apart[:, 0] = np.frombuffer(content, np.uint8)
    assert read_fcs(memoryview(apart[:, 0])).raw().tolist() == SOUND
    even = content + b" " * (len(content) % 2)
    assert read_fcs(np.frombuffer(even, ">u2")).raw().tolist() == SOUND


def test_a_compressed_file_is_read_and_not_mapped(path, handmade):
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(handmade()))
    with gzip.open(packed) as stream:
        assert read_fcs(stream).raw().tolist() == SOUND


class Stream(io.RawIOBase):
    """A stream that gives a few bytes at a time, or raises."""

    def __init__(self, pieces):
        self.pieces = iter(pieces)

    def read(self, _size=-1):
        piece = next(self.pieces, b"")
        if isinstance(piece, BaseException):
            raise piece
        return piece


def test_a_stream_that_gives_a_few_bytes_at_a_time_is_read_to_its_end(handmade):
    content = handmade()
    pieces = [content[at : at + 7] for at in range(0, len(content), 7)]
    assert read_fcs(Stream(pieces)).raw().tolist() == SOUND


@pytest.mark.parametrize(
    "trouble",
    [OSError(5, "io"), ValueError("v"), EOFError("e"), RuntimeError("r"), TimeoutError(), None],
)
def test_whatever_a_stream_does_is_a_refusal(trouble, handmade):
    assert refused(Stream([handmade()[:70], trouble])) == "FILE_UNREADABLE"


def test_streams_that_were_closed_or_cut_are_refused(path, handmade):
    closed = [path.open("rb"), io.BytesIO(handmade())]
    for stream in closed:
        stream.close()
        assert refused(stream) == "FILE_UNREADABLE"
    cut = gzip.compress(os.urandom(1000))[:-9]
    assert refused(gzip.GzipFile(fileobj=io.BytesIO(cut))) == "FILE_UNREADABLE"
    released = memoryview(bytearray(handmade()))
    released.release()
    assert refused(released) == "FILE_UNREADABLE"
    with path.open("ab") as stream:
        assert refused(stream) == "FILE_UNREADABLE"


def test_a_stream_without_an_end_is_given_up(monkeypatch):
    monkeypatch.setattr(source, "STREAM_BYTES_LIMIT", 1000)
    assert refused(Stream([b"FCS3.1"] * 1000)) == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("mode", [{}, {"encoding": "ascii"}])
def test_a_stream_in_text_mode_is_the_callers_mistake(mode, path):
    path.write_bytes(path.read_bytes() + b"\xff")
    with path.open(**mode) as stream, pytest.raises(TypeError, match="binary stream"):
        read_fcs(stream)
    with pytest.raises(TypeError, match="binary stream"):
        read_fcs(Stream(["FCS3.1"]))


class Pathlike:
    def __init__(self, given):
        self.given = given

    def __fspath__(self):
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def test_a_path_may_be_anything_that_gives_one(path):
    assert read_fcs(Pathlike(os.fsencode(path))).raw().tolist() == SOUND
    assert refused(Pathlike(OSError("no"))) == "FILE_UNREADABLE"
    assert refused("") == "FILE_UNREADABLE"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_with_a_name_does_not_make_the_reader_wait(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "FILE_UNREADABLE"


@pytest.mark.parametrize("wrong", [True, False, 0.0, 1.0, "0", [0], float("nan")])
def test_a_data_set_is_named_by_a_whole_number(wrong, handmade):
    with pytest.raises(TypeError, match="number of a data set"):
        read_fcs(handmade(), dataset=wrong)


def test_a_whole_number_of_numpy_names_a_data_set(handmade):
    assert read_fcs(handmade(), dataset=np.int64(0)).raw().tolist() == SOUND
