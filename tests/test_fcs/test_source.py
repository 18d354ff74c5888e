"""Where bytes come from, and the segments beside TEXT and DATA."""

import hashlib
import io
import os
from pathlib import Path

import numpy as np
import pytest

from hladr.fcs import OutputChannel, read_fcs, write_fcs
from hladr.fcs.errors import FileUnreadable


def codes(table):
    return {finding.code for finding in table.findings}


def test_supplemental_text_adds_keywords_and_does_not_overrule_text(handmade):
    supplement = b"/EXTRA/more/$CYT/other/"
    blank = handmade(extra={"$CYT": "mine", "$BEGINSTEXT": "0" * 8, "$ENDSTEXT": "0" * 8})
    begin, last = len(blank), len(blank) + len(supplement) - 1
    places = {"$BEGINSTEXT": f"{begin:08d}", "$ENDSTEXT": f"{last:08d}"}
    table = read_fcs(handmade(extra={"$CYT": "mine", **places}, tail=supplement))
    assert table.keyword("extra") == "more"
    assert table.keyword("$CYT") == "mine"
    assert "SUPPLEMENT_CONTRADICTS_TEXT" in codes(table)


@pytest.mark.parametrize("tail", [b"PK\x03\x04" + b"\0" * 40, b""])
def test_supplemental_text_that_is_none_is_left_aside(tail, handmade):
    blank = handmade(extra={"$BEGINSTEXT": "0" * 8, "$ENDSTEXT": "0" * 8})
    places = {"$BEGINSTEXT": f"{len(blank):08d}", "$ENDSTEXT": f"{len(blank) + 43:08d}"}
    table = read_fcs(handmade(extra=places, tail=tail))
    assert table.n_events == 3
    assert "SUPPLEMENT_LEFT_ASIDE" in codes(table)


def test_supplemental_text_inside_text_is_left_aside(handmade):
    table = read_fcs(handmade(extra={"$BEGINSTEXT": "58", "$ENDSTEXT": "91"}))
    assert table.n_events == 3
    assert codes(table) == {"SUPPLEMENT_LEFT_ASIDE"}


def test_analysis_is_read_where_the_header_says(handmade):
    analysis = b"/REGION/R1/"
    content = handmade(tail=analysis)
    begin = len(content) - len(analysis)
    head = content[:42] + f"{begin:8d}{len(content) - 1:8d}".encode()
    assert dict(read_fcs(head + content[58:]).analysis) == {"REGION": "R1"}


def test_path_stream_file_and_bytes_give_the_same_table(tmp_path, handmade):
    content = handmade()
    path = tmp_path / "tube.fcs"
    path.write_bytes(content)
    with path.open("rb") as opened:
        tables = [read_fcs(s) for s in (path, str(path), content, io.BytesIO(content), opened)]
    tables += [read_fcs(bytearray(content)), read_fcs(memoryview(content))]
    for table in tables:
        assert table.raw().tolist() == [[1, 2], [3, 4], [5, 6]]
        assert table.sha256 == hashlib.sha256(content).hexdigest()
    assert [t.name for t in tables[:5]] == ["tube.fcs"] * 2 + ["<bytes>", "<stream>", "tube.fcs"]


def test_a_stream_is_read_from_where_it_stands(tmp_path, handmade):
    content = b"upload header" + handmade()
    (tmp_path / "upload").write_bytes(content)
    with (tmp_path / "upload").open("rb") as opened:
        opened.read(13)
        table = read_fcs(opened)
        assert table.n_events == 3
        assert table.sha256 == hashlib.sha256(content[13:]).hexdigest()


def test_a_pipe_is_read_to_its_end(handmade):
    content = handmade()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        with os.fdopen(writing, "wb") as end:
            end.write(content)
        assert read_fcs(pipe).n_events == 3


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device files here")
def test_a_path_that_is_no_ordinary_file_is_refused():
    with pytest.raises(FileUnreadable, match="no ordinary file"):
        read_fcs("/dev/zero")


def test_a_large_file_is_opened_without_reading_its_events(tmp_path):
    path = tmp_path / "large.fcs"
    write_fcs(path, [OutputChannel("A", np.zeros(1, np.float32))], keywords={"X": "y"})
    small = path.read_bytes()
    events = 10**9
    header = small[:-4].replace(b"$TOT/1/", b"$TOT/%d/" % events)
    shift = len(header) - len(small[:-4])
    begin = int(small[26:34]) + shift
    for name, value in ((b"$BEGINDATA", begin), (b"$ENDDATA", begin + 4 * events - 1)):
        at = header.index(name) + len(name) + 1
        header = header[:at] + b"%014d" % value + header[at + 14 :]
    head = header[:18] + b"%8d%8d%8d" % (begin - 1, 0, 0) + header[42:]
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + 4 * events)  # sparse: 4 GB that take no room on the disk
    table = read_fcs(path)
    assert table.n_events == events
    assert table.raw()[-3:].tolist() == [[0.0]] * 3
