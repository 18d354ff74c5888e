"""Two delimiters side by side mean two things, and both readings are needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.fcs import read_fcs
from hladr.fcs.entries import read_entries
from hladr.fcs.errors import KeywordConflict, LimitExceeded, TextInvalid
from hladr.fcs.tokens import by_place, split_pairs


@given(st.lists(st.tuples(st.text("abc", min_size=1), st.text("ab/", min_size=1)), min_size=1))
def test_escaped_delimiters_anywhere_in_a_value_come_back(pairs):
    text = "/" + "".join(f"{k}/{v.replace('/', '//')}/" for k, v in pairs)
    assert split_pairs(text.encode()) == [(k.encode(), v.encode()) for k, v in pairs]


@given(
    st.lists(
        st.tuples(st.from_regex(rb"\A[A-Z$]{1,5}\Z"), st.from_regex(rb"\A[a-z ]{0,5}x?\Z")),
        min_size=1,
    )
)
def test_empty_values_leave_their_neighbours_alone(pairs):
    text = b"/" + b"".join(key + b"/" + value + b"/" for key, value in pairs)
    assert by_place(text[1:-1].split(b"/"), b"/") == pairs


def test_empty_and_escaped_in_one_file(handmade):
    extra = {"$COM": "", "$P1F": "488//10", "$P2S": "", "$P2V": "450", "LAST": ""}
    table = read_fcs(handmade(extra=extra))
    assert table.keyword("$P1F") == "488/10"
    assert table.keyword("$COM") is None
    assert table.channels[1].marker is None
    assert table.channels[1].voltage == 450.0
    assert "EMPTY_VALUES" in {finding.code for finding in table.findings}


def test_pairs_between_delimiters_of_their_own_are_read(handmade):
    table = read_fcs(handmade())
    names = table.keywords
    doubled = b"".join(b"/%s/%s/" % (k.encode(), v.encode()) for k, v in names.items())
    begin, last = f"{58 + len(doubled):08d}", f"{58 + len(doubled) + 11:08d}"
    doubled = doubled.replace(names["$BEGINDATA"].encode(), begin.encode())
    doubled = doubled.replace(names["$ENDDATA"].encode(), last.encode())
    again = read_fcs(handmade(text=doubled))
    assert again.raw().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert again.keywords == {**names, "$BEGINDATA": begin, "$ENDDATA": last}


def test_a_dollar_inside_a_value_stays(handmade):
    table = read_fcs(handmade(extra={"$COM": "cost US$ 5 and $P1"}))
    assert table.keyword("$com") == "cost US$ 5 and $P1"


def test_line_feeds_around_keywords_do_not_hide_them(handmade):
    table = read_fcs(handmade(extra={"\n$CYT": "with a\nline feed", "\r\n$CYTSN\n": "7"}))
    assert table.keyword("$CYT") == "with a\nline feed"
    assert table.keyword("$CYTSN") == "7"


@pytest.mark.parametrize("text", [b"/", b"//", b"///", b"/    ", b"/\0\0\0"])
def test_text_without_a_keyword_is_refused(text, handmade):
    with pytest.raises(TextInvalid):
        read_fcs(handmade(text=text + b"" * 10))


def test_more_keywords_than_any_file_has_are_refused(handmade):
    many = b"/" + b"a/b/" * 70_000
    with pytest.raises(LimitExceeded, match="number of keywords"):
        read_fcs(handmade(text=many))


def test_a_keyword_given_twice_alike_is_fine(handmade):
    twice = handmade(extra={"$p1r": " 1024.0 "})
    assert read_fcs(twice).channels[0].range == 1024.0


@pytest.mark.parametrize("keyword", ["$p1e", "$p2r", "$tot", "$p1b", "$p1n"])
def test_two_values_for_a_keyword_the_numbers_rest_on_are_refused(keyword, handmade):
    with pytest.raises(KeywordConflict):
        read_fcs(handmade(extra={keyword: "4,1"}))


def test_two_values_for_another_keyword_are_reported(handmade):
    table = read_fcs(handmade(extra={"$CYT": "first", "$cyt": "second"}))
    assert table.keyword("$CYT") == "first"
    assert "REPEATED_KEYWORDS" in {finding.code for finding in table.findings}


@pytest.mark.parametrize(
    ("system", "raw", "expected"),
    [
        ("Windows", "µ".encode(), "µ"),
        ("Windows", b"\xb5", "µ"),
        ("Macintosh System 9", b"\xaa", "™"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_written_in(system, raw, expected, handmade):
    content = handmade(extra={"$SYS": system, "NOTE": "@" * len(raw)})
    assert read_fcs(content.replace(b"@" * len(raw), raw)).keyword("NOTE") == expected


@pytest.mark.parametrize(
    ("first", "rest", "last", "value"),
    [
        ("$P1F", "585/42", {"$P1E": "4,1"}, ("$P1E", "4,1")),
        ("$P1F", "585/42", {"$TIMESTEP": "0.01"}, ("$TIMESTEP", "0.01")),
        ("$P1F", "585/42", {"SPILL": "1,C1,1"}, ("SPILL", "1,C1,1")),
        ("NOTE", "a/b", {"$COM": "", "$P1G": "2"}, ("$P1G", "2")),
    ],
)
def test_a_delimiter_that_is_not_escaped_loses_no_keyword(first, rest, last, value, handmade):
    text = dict(read_fcs(handmade(extra={"$P1E": None}, offsets=False)).keywords)
    text |= {first: rest} | last
    raw = b"/" + b"".join(f"{name}/{word}/".encode() for name, word in text.items())
    table = read_fcs(handmade(text=raw))
    assert table.keyword(first) == rest
    assert table.keyword(value[0]) == value[1]
    assert "DELIMITERS_UNESCAPED" in {finding.code for finding in table.findings}


def test_a_delimiter_that_is_not_escaped_before_everything_else(handmade):
    plain = read_fcs(handmade())
    text = b"/$P1F/585/42" + b"".join(
        b"/%s/%s" % (k.encode(), v.encode()) for k, v in plain.keywords.items()
    )
    begin = 58 + len(text) + 1
    for name, place in (("$BEGINDATA", begin), ("$ENDDATA", begin + 11)):
        text = text.replace(plain.keywords[name].encode(), f"{place:08d}".encode(), 1)
    again = read_fcs(handmade(text=text + b"/"))
    assert again.raw().tolist() == plain.raw().tolist()
    assert again.keyword("$P1F") == "585/42"


@pytest.mark.parametrize("lost", [b"$P1E", b"$P2R", b"$TIMESTEP", b"$SPILLOVER", b"$P1DATATYPE"])
def test_a_keyword_that_numbers_rest_on_is_not_lost_in_the_place_of_a_value(lost):
    """Two keywords side by side: no reading makes both of them keywords."""
    with pytest.raises(TextInvalid, match="place of a value"):
        split_pairs(b"/$PAR/1/$CYT/" + lost + b"/4,1/")


def test_another_keyword_in_the_place_of_a_value_is_a_finding(handmade):
    table = read_fcs(handmade(extra={"$SMNO": "$SRC", "4": "1"}))
    assert "DELIMITERS_UNESCAPED" in {finding.code for finding in table.findings}


def test_a_value_that_names_a_keyword_of_the_file_is_a_value(handmade):
    table = read_fcs(handmade(extra={"COLOUR": "$P1N", "LAST": "$P2B"}))
    assert table.keyword("COLOUR") == "$P1N"
    assert table.findings == ()


def test_of_two_spellings_of_a_keyword_the_first_is_kept(handmade):
    table = read_fcs(handmade(extra={"$mode": "L", "$Par": "2"}))
    assert [name for name in table.keywords if name.upper() in ("$MODE", "$PAR")] == [
        "$PAR",
        "$MODE",
    ]


@pytest.mark.parametrize("delimiter", [0xFF, 0xA7, 0xC2])
def test_a_delimiter_above_ascii_says_nothing_of_the_encoding(delimiter):
    mark = bytes([delimiter])
    text = mark.join([b"", b"$OP", "Zoë".encode(), b"NOTE", b"a", b"", b"b", b""])
    findings = []
    entries = read_entries(text, "TEXT", findings, 100)
    assert entries == {"$OP": "Zoë", "NOTE": f"a{chr(delimiter)}b"}
    assert findings == []


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(b"Alexa\x99 \x96 5\xb5m", "Alexa™ – 5µm"), (b"5\xb5m", "5µm"), (b"\x81\x99", "\x81\x99")],
)
def test_signs_of_windows_are_not_control_characters(raw, expected, handmade):
    content = handmade(extra={"NOTE": "@" * len(raw)}).replace(b"@" * len(raw), raw)
    assert read_fcs(content).keyword("NOTE") == expected
