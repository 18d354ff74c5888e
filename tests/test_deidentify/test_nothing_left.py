"""Whatever a file says about a person, in whichever segment, is not in the output."""

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hladr.deidentify import deidentify
from hladr.deidentify.errors import RemovedValueFound, SubjectMissing
from hladr.deidentify.search import first_trace, found_in, spellings
from hladr.fcs import read_fcs

SECRETS = ("Jane Roe", "MRN 19460317", "Müllersche Klinik", "O'Hara-Łukasz", "ward 7B, bed 3")
HOSTILE = {
    "$SRC": "Jane Roe", "PATIENT ID": "MRN 19460317", "$INST": "Müllersche Klinik",
    "Jane Roe": "x", "$COM": "ward 7B, bed 3; JANE ROE", "$FIL": "Jane Roe.fcs", "$P2T": "Jane Roe",
    "$P1V": "Jane Roe", "$P2F": "Jane Roe", "$TIMESTEP": "Jane Roe", "$P3N": "Jane Roe",
    "SPILL": "1,Jane Roe,1", "$SPILLOVER": "Jane Roe", "$COMP": "Jane Roe", "$DFC1TO2": "Jane Roe",
    "$CYT": "FACSCanto of Jane Roe", "$CYTSN": "Jane Roe", "$OP": "O'Hara", "$P2S": "Jane Roe",
    "$DATE": "17-MAR-1946", "$BTIM": "Jane Roe", "$ETIM": "Jane Roe", "$P1TYPE": "Jane Roe",
    "HLADR_DEIDENTIFIED": "by Jane Roe", "HLADR_SUBJECT": "Jane Roe", "$LAST_MODIFIER": "Jane Roe",
}  # fmt: skip
PERSON = ("jane", "roe", "19460317", "müller", "klinik", "hara", "ward", "bed 3", "1946")


def written(done):
    """The output in every reading, in lower case; pseudonyms cannot hold these words."""
    content = done.path.read_bytes()
    readings = [content.decode(name, "replace") for name in ("utf-8", "latin-1", "utf-16-le")]
    readings.append(content[1:].decode("utf-16-le", "replace"))
    return "\n".join((*readings, done.path.name)).lower()


def assert_nobody(done):
    text = written(done)
    assert [word for word in PERSON if word in text] == []


@pytest.mark.parametrize("subject", [None, "Jane Roe"])
def test_no_segment_lets_anything_through(laden, tmp_path, key, subject):
    path = laden(
        text=HOSTILE,
        supplement={"LAST NAME": "Roe Jane", "$SMNO": "MRN 19460317"},
        analysis={"GATED BY": "Jane Roe", "$SRC": "Müllersche Klinik"},
        other="Jane Roe MRN 19460317".encode("utf-16-le") + b"ward 7B, bed 3",
        tail=b"\0\0Jane Roe, Klinik\0",
        name="Jane Roe 19460317.fcs",
    )
    done = deidentify(path, tmp_path, key=key, subject=subject)
    assert_nobody(done)
    assert read_fcs(done.path).raw().tolist() == read_fcs(path).raw().tolist()
    assert "Jane" not in " ".join(finding.message for finding in done.findings)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_latin_letters_in_any_encoding_are_left_out(laden, tmp_path, key, encoding):
    path = laden(text={"$SRC": "Müllersche Klinik", "$P2S": "Müller"}, encoding=encoding)
    assert_nobody(deidentify(path, tmp_path, key=key))


word = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäöüABCDEFGXYZ0123456789 '.-"), min_size=6)
field = st.sampled_from((*HOSTILE, "Dr", "GUID", "$P1L", "$P2D", "$P1E", "$P2G", "$VOL", "$P1O"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(field, word.map(lambda t: f"zq{t.strip()}qz"), max_size=6))
def test_no_free_value_gets_through_whatever_the_keyword(laden, tmp_path, key, entries):
    done = deidentify(laden(text=entries), tmp_path, key=key)
    assert "zq" not in written(done)


def test_a_name_inside_the_events_is_refused_and_leaves_no_file(laden, tmp_path, key):
    path = laden(text={"$SRC": "Jane Roe"}, data=b"xxjAnE rOExxxxxx")
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(RemovedValueFound, match="DATA") as caught:
        deidentify(path, folder, key=key)
    assert "jane" not in str(caught.value).lower()
    assert list(folder.iterdir()) == []


def test_a_name_in_utf_16_inside_the_events_is_refused(laden, tmp_path, key):
    data = "Jane Roe".encode("utf-16-be") + bytes(8)
    with pytest.raises(RemovedValueFound, match="DATA"):
        deidentify(laden(text={"$SRC": "Jane Roe"}, data=data), tmp_path, key=key)


@pytest.mark.parametrize(
    ("source", "setting"),
    [
        ({"$SRC": "Jane Roe"}, b"xxjAnE rOExxxxxx"),
        ({"$SRC": "Roe, Jane"}, b"xxJane Roexxxxxx"),
        ({"$SRC": "Jane Roe"}, b"xxRoe^^JANExxxxx"),
        ({"$SRC": "Jane Roe"}, b"xxJane  Roexxxx "),
        ({"$SRC": "J\0a\0n\0e\0 \0R\0o\0e"}, b"xxJane Roexxxxxx"),
        ({"$SRC": "Roe^Jane^Maria"}, b"..jane.maria_roe"),
        ({"$SRC": "Roe^Jane"}, "Jane Roe".encode("utf-16-le")),
        ({"$SRC": "Klinik Müllersche"}, "MÜLLERSCHE".encode("mac-roman") + bytes(6)),
        ({"$COM": "MRN 1946-0317"}, b"no. 19460317...."),
        ({"$COM": "MRN 19460317"}, b"no. 19460317...."),
        ({"$SRC": "患者山"}, "患者山".encode() + bytes(7)),
    ],
)
def test_whatever_order_and_encoding_a_name_has_in_the_events_it_is_found(
    laden, tmp_path, key, source, setting
):
    with pytest.raises(RemovedValueFound, match="DATA"):
        deidentify(laden(text=source, data=setting), tmp_path, key=key)


@pytest.mark.parametrize(
    ("number", "setting"),
    [
        ("19460317", {"$P2V": "19460317"}),
        ("MRN 19460317", {"$P2V": "19460317"}),
        ("1946-0317", {"$P2V": "19460317"}),
        ("19460317", {"$P2V": "19460317.0"}),
        ("19460317", {"$P2V": "1.9460317e7"}),
        ("19460317", {"$P2G": "0.19460317"}),
        ("19460317", {"$TIMESTEP": "0.19460317"}),
        ("1946.031755", {"$P2O": "1946.031755"}),
        ("488,255,501,994", {"$P2L": "488,255,501,994"}),
        ("19460317", {"$DFC1TO2": "0.19460317"}),
        ("19460317", {"SPILL": "2,FSC-A,PE-A,1,0.19460317,0,1"}),
    ],
)
def test_a_patients_number_in_a_setting_is_refused_however_it_is_pointed(
    laden, tmp_path, key, number, setting
):
    for keyword in ("PATIENT ID", "SAMP1", "P2ID", "$SMNO"):
        path = laden(text=setting | {keyword: number})
        with pytest.raises(RemovedValueFound, match=next(iter(setting)).replace("$", r"\$")):
            deidentify(path, tmp_path, key=key)


def test_a_display_beyond_the_channels_range_is_no_setting(laden, tmp_path, key):
    text = {"$P1D": "Linear,0,262144", "$P2D": "Linear,19460317,0", "PATIENT ID": "19460317"}
    table = read_fcs(deidentify(laden(text=text), tmp_path, key=key).path)
    assert (table.keyword("$P1D"), table.keyword("$P2D")) == ("Linear,0,262144", None)


def test_a_makers_own_copy_of_a_setting_is_no_reason_to_refuse(laden, tmp_path, key):
    text = {"$P2V": "437.21", "FJ_$P2V": "437.21", "@P2V": "437.21", "P2V": "437.21"}
    assert read_fcs(deidentify(laden(text=text), tmp_path, key=key).path).n_events == 3


@pytest.mark.parametrize("name", ["Violet Lin", "Lin, Violet", "LIN^VIOLET", "lin_violet"])
def test_a_name_made_of_the_fields_words_is_refused_in_any_order(laden, tmp_path, key, name):
    path = laden(text={"$SRC": name, "$P2S": "CD14 Violet Lin"})
    with pytest.raises(RemovedValueFound, match=r"\$P2S"):
        deidentify(path, tmp_path, key=key)


@settings(max_examples=30)
@given(st.randoms(use_true_random=False), st.integers(0, 2))
def test_names_and_numbers_are_not_found_in_events_by_chance(random, low):
    """Random bytes, small 16-bit numbers, and bytes in the range of letters, 2 MB of each."""
    span = (256, 1024, 64)[low]
    numbers = np.random.default_rng(random.getrandbits(32)).integers(0, span, 1_000_000)
    content = (numbers + 64 * (low == 2)).astype(np.uint16 if low == 1 else np.uint8).tobytes()
    names = ["Jane Roe", "Li Wu Maria", "ward 7B, bed 3", "19460317", "O'Hara-Smith", "Müller 12"]
    assert first_trace(content, names) is None


def test_an_analysis_segment_that_points_into_the_events_is_no_reason_to_refuse(
    laden, tmp_path, key
):
    data = bytes(range(33, 123)) * 4
    for begin, length in ((0, len(data)), (len(data) - 64, 64), (40, 80)):
        path = laden(data=data, text={"$TOT": str(len(data) // 8)})
        content = path.read_bytes()
        at = content.index(data) + begin
        for segment in ("ANALYSIS", "STEXT"):
            changed = content
            for edge, place in (("BEGIN", at), ("END", at + length - 1)):
                name = f"${edge}{segment}\f".encode()
                changed = changed.replace(name + b"0" * 10, name + f"{place:010d}".encode())
            assert changed != content
            path.write_bytes(changed)
            assert read_fcs(deidentify(path, tmp_path, key=key).path).n_events == 45


def test_the_methods_own_word_in_a_comment_is_no_reason_to_refuse(laden, tmp_path, key):
    text = {"$COM": "time unreadable", "$DFC1TO2": "x"}
    done = deidentify(laden(text=text), tmp_path, key=key)
    assert read_fcs(done.path).keyword("$DFC1TO2") == "unreadable"


@pytest.mark.parametrize("extra", [b"Jane Roe", b"\0"])
def test_bytes_beside_text_and_events_are_not_written(laden, tmp_path, key, monkeypatch, extra):
    from hladr.deidentify import deidentification
    from hladr.deidentify.errors import DeidentifiedDiffers

    honest = deidentification._blocks

    def longer(original, allowed):
        (block,) = honest(original, allowed)
        return [type(block)(block.head, memoryview(bytes(block.data) + extra))]

    monkeypatch.setattr(deidentification, "_blocks", longer)
    with pytest.raises(DeidentifiedDiffers, match="neither TEXT nor events"):
        deidentify(laden(text={"$SRC": "Jane Roe"}), tmp_path, key=key)


def test_a_blank_subject_is_a_mistake_of_the_caller(laden, tmp_path, key):
    for subject in ("", " \n"):
        with pytest.raises(ValueError, match="subject is blank"):
            deidentify(laden(), tmp_path, key=key, subject=subject)


def test_a_leak_in_the_allow_list_is_caught_by_the_search(laden, tmp_path, key, monkeypatch):
    from hladr.deidentify import deidentification

    honest = deidentification.allowed_keywords

    def leaking(table, outline, identity):
        allowed = honest(table, outline, identity)
        allowed.entries["$SRC"] = "ROE, Jane"
        return allowed

    monkeypatch.setattr(deidentification, "allowed_keywords", leaking)
    with pytest.raises(RemovedValueFound):
        deidentify(laden(text={"$SRC": "Jane Roe"}), tmp_path, key=key)


def test_what_technical_words_and_numbers_repeat_is_no_reason_to_refuse(laden, tmp_path, key):
    text = {"TUBE NAME": "PE", "SAMPLE ID": "HLA-DR", "P2DISPLAY": "LOG", "$P2S": "HLA-DR PE LOG"}
    text |= {"FJ_$P1R": "262144", "WORD1": "10000", "$P2V": "10000", "FIRST NAME": "Alex", "X": "0"}
    done = deidentify(laden(text=text | {"$P1S": "Alexa 700"}), tmp_path, key=key)
    assert read_fcs(done.path).channel("PE-A").marker == "HLA-DR PE LOG"


def test_a_marker_that_may_be_a_name_still_counts_as_another_stain(laden, tmp_path, key):
    done = deidentify(laden(text={"$P2S": "Jane"}), tmp_path, key=key)
    assert read_fcs(done.path).channel("PE-A").marker == "removed"
    (finding,) = (each for each in done.findings if each.code == "LABEL_REPLACED")
    assert "$P2S" in finding.message


def test_an_unusable_matrix_stays_unusable(laden, tmp_path, key):
    from hladr.spillover import Spillover, SpilloverError

    for text in (
        {"$SPILLOVER": "2,PE-A,Jane,1,0,0,1"},
        {"SPILL": "1,PE-A,x"},
        {"$COMP": "2,a,1,1,1"},
    ):
        done = deidentify(laden(text=text), tmp_path, key=key)
        with pytest.raises(SpilloverError):
            Spillover.from_table(read_fcs(done.path))


def test_a_matrix_follows_a_channel_that_got_another_name(laden, tmp_path, key):
    from hladr.spillover import Spillover

    text = {"$P1N": "Jane-A", "$SPILLOVER": "2,PE-A,Jane-A,1,0.25,0.5,1"}
    done = deidentify(laden(text=text), tmp_path, key=key)
    spillover = Spillover.from_table(read_fcs(done.path))
    assert spillover.detectors == ("PE-A", f"Channel-{key.pseudonym('channel', 'JANE')}-A")
    assert spillover.matrix.tolist() == [[1.0, 0.25], [0.5, 1.0]]


def test_the_subject_named_by_a_keyword_that_is_missing_is_refused(laden, tmp_path, key):
    with pytest.raises(SubjectMissing):
        deidentify(laden(), tmp_path, key=key, subject_keyword="PATIENT ID")


@given(
    st.binary(max_size=300),
    st.lists(st.text(st.characters(codec="utf-8"), min_size=4, max_size=9), min_size=1, max_size=5),
    st.integers(0, 300),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
)
def test_the_search_finds_what_python_finds(noise, texts, at, encoding):
    content = noise[:at] + texts[0].upper().encode(encoding) + noise[at:]
    needles = {needle for text in texts for needle in spellings(text)}
    lower = content.lower()
    expected = {
        (at, needle)
        for needle in needles
        for at in range(len(lower))
        if lower.startswith(needle, at) and len(needle) >= 4
    }
    assert set(found_in(content, needles)) == expected
    assert expected


def test_the_search_sees_across_its_pieces():
    content = bytes((1 << 20) - 3) + b"Jane Roe" + bytes(100)
    assert list(found_in(content, {b"jane roe"})) == [((1 << 20) - 3, b"jane roe")]


def test_dates_move_together_for_one_subject(laden, tmp_path, key):
    import datetime as dt

    from hladr.acquisition import acquired_at

    first = {"$DATE": "01-MAR-2026", "$BTIM": "23:50:00", "$ETIM": "23:55:00"}
    later = {"$DATE": "02-Mar-2026", "$BTIM": "00:10:30"}
    days = key.days("P-17")
    moved = []
    for entries in (first, later):
        path = laden(text=entries)
        done = deidentify(path, tmp_path, key=key, subject="P-17")
        table = read_fcs(done.path)
        assert acquired_at(read_fcs(path)) - acquired_at(table) == dt.timedelta(days=days)
        assert table.keyword("HLADR_SUBJECT") == key.pseudonym("subject", "P-17")
        moved.append(acquired_at(table))
    assert moved[1] - moved[0] == dt.timedelta(minutes=20, seconds=30)


def test_without_a_subject_or_a_readable_date_there_is_none(laden, tmp_path, key):
    dated = {"$DATE": "01-MAR-2026", "$BTIM": "23:50:00", "$ETIM": "23:55:00"}
    for entries, subject in ((dated, None), (dated | {"$DATE": "born 1946"}, "P-17")):
        done = deidentify(laden(text=entries), tmp_path, key=key, subject=subject)
        table = read_fcs(done.path)
        assert not any(map(table.keyword, ("$DATE", "$BTIM", "$ETIM")))
        assert "DATES_REMOVED" in {finding.code for finding in done.findings}


def test_the_method_stands_in_the_file_and_the_same_input_gives_the_same_bytes(
    laden, tmp_path, key
):
    path = laden(text=HOSTILE)
    first = deidentify(path, tmp_path, key=key)
    content = first.path.read_bytes()
    again = deidentify(path, tmp_path, key=key)
    assert again.path == first.path
    assert again.path.read_bytes() == content
    table = read_fcs(first.path)
    assert "method 2, allow-list, HMAC-SHA-256, dates removed" in table.keyword(
        "HLADR_DEIDENTIFIED"
    )
    assert table.keyword("$ORIGINALITY") == "NonDataModified"
    assert table.keyword("$LAST_MODIFIER").startswith("hladr ")
    assert table.keyword("$FIL") == first.path.name


def test_the_surplus_behind_the_events_is_not_passed_on(laden, tmp_path, key):
    data = struct.pack("<6f", 1, 2, 3, 4, 5, 6) + b"Roe"
    done = deidentify(laden(data=data, text={"$TOT": "3"}), tmp_path, key=key)
    assert_nobody(done)
    assert read_fcs(done.path).n_events == 3


def test_events_left_over_behind_the_data_set_are_no_reason_to_refuse(laden, tmp_path, key):
    data = b"yNbKh2W\x9a" * 3
    done = deidentify(laden(data=data, tail=data), tmp_path, key=key)
    assert read_fcs(done.path).n_events == 3


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [("$P2G", "2", "settings"), ("$TIMESTEP", "0.5", "TIMESTEP"), ("SPILL", "0", "spillover")],
)
def test_an_output_that_would_measure_otherwise_is_not_kept(
    laden, tmp_path, key, monkeypatch, name, value, what
):
    from hladr.deidentify import deidentification
    from hladr.deidentify.errors import DeidentifiedDiffers

    honest = deidentification.allowed_keywords

    def altering(table, outline, identity):
        allowed = honest(table, outline, identity)
        allowed.entries[name] = value
        return allowed

    monkeypatch.setattr(deidentification, "allowed_keywords", altering)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(DeidentifiedDiffers, match=what):
        deidentify(laden(), folder, key=key)
    assert list(folder.iterdir()) == []


def test_changed_events_are_not_kept(laden, tmp_path, key, monkeypatch):
    from hladr.deidentify import deidentification
    from hladr.deidentify.errors import DeidentifiedDiffers

    honest = deidentification.data_bytes

    def altered(columns):
        return memoryview(bytes(honest(columns))[::-1])

    monkeypatch.setattr(deidentification, "data_bytes", altered)
    with pytest.raises(DeidentifiedDiffers, match="events"):
        deidentify(laden(), tmp_path, key=key)
