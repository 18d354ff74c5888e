"""ANALYSIS and supplemental TEXT lie beside the HEADER, TEXT and DATA, or are left aside."""

import struct

import pytest

from hladr.fcs import FcsError, read_fcs


def codes(table):
    return {finding.code for finding in table.findings}


def placed(content, begin, last):
    return content[:42] + f"{begin:8d}{last:8d}".encode() + content[58:]


@pytest.mark.parametrize(
    ("part", "reason"), [("HEADER", "HEADER"), ("TEXT", "overlaps TEXT"), ("DATA", "overlaps DATA")]
)
def test_an_analysis_segment_inside_another_is_left_aside(part, reason, handmade):
    data = b"/$P1S/no" + b"/x/y"
    content = handmade(data)
    spans = {"HEADER": (0, 57), "TEXT": (58, int(content[18:26])),
             "DATA": (int(content[26:34]), int(content[34:42]))}  # fmt: skip
    table = read_fcs(placed(content, *spans[part]))
    assert table.analysis == {}
    (finding,) = [f for f in table.findings if f.code == "ANALYSIS_LEFT_ASIDE"]
    assert reason in finding.message


def test_a_supplement_inside_data_adds_no_keyword(handmade):
    data = b"/$TIMESTEP/5" + bytes(12)
    blank = {"$BEGINSTEXT": "0" * 8, "$ENDSTEXT": "0" * 8}
    begin = int(handmade(data, extra=blank)[26:34])
    places = {"$BEGINSTEXT": f"{begin:08d}", "$ENDSTEXT": f"{begin + 11:08d}"}
    table = read_fcs(handmade(data, extra=places))
    assert table.keyword("$TIMESTEP") is None
    assert "SUPPLEMENT_LEFT_ASIDE" in codes(table)


def test_a_supplement_inside_the_place_that_holds_data_is_refused(handmade):
    """HEADER and TEXT differ, so that it lies in one of the two places only: in the right one."""
    data = b"/$TIMESTEP/5" + struct.pack("<6H", 1, 2, 3, 4, 5, 6)
    blank = {"$BEGINSTEXT": "0" * 8, "$ENDSTEXT": "0" * 8}
    begin = int(handmade(data, extra=blank)[26:34])
    places = {"$BEGINSTEXT": f"{begin:08d}", "$ENDSTEXT": f"{begin + 11:08d}"}
    content = handmade(data, extra=places, tail=bytes(500))
    far = f"{begin + 100:8d}{begin + 300:8d}".encode()
    with pytest.raises(FcsError) as caught:
        read_fcs(content[:26] + far + content[42:])
    assert caught.value.code == "SEGMENT_OVERLAP"


def test_contradictions_of_a_supplement_are_one_finding(handmade):
    own = {f"K{n}": "a" for n in range(50)}
    supplement = b"/" + b"".join(b"K%d/b/" % n for n in range(50))
    blank = {"$BEGINSTEXT": "0" * 8, "$ENDSTEXT": "0" * 8}
    begin = len(handmade(extra=own | blank))
    places = {"$BEGINSTEXT": f"{begin:08d}", "$ENDSTEXT": f"{begin + len(supplement) - 1:08d}"}
    table = read_fcs(handmade(extra=own | places, tail=supplement))
    (finding,) = table.findings
    assert finding.code == "SUPPLEMENT_CONTRADICTS_TEXT"
    assert "'K0'" in finding.message
    assert "38 more" in finding.message
