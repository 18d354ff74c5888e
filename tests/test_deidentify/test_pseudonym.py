"""Pseudonyms are HMAC-SHA-256: one for a key, another for another, none without."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.deidentify import PseudonymKey, read_key
from hladr.deidentify.errors import PseudonymKeyMissing, PseudonymKeyShort

SECRET = b"0123456789abcdefghijklmnopqrstuv"
KEY, OTHER = PseudonymKey(SECRET), PseudonymKey(SECRET[::-1])
text = st.text(min_size=1, max_size=30)


def test_a_pseudonym_is_the_head_of_an_hmac_sha_256():
    message = b"hladr.deidentify/1\0subject\0P-17"
    expected = hmac.new(SECRET, message, hashlib.sha256).hexdigest()[:16]
    assert KEY.pseudonym("subject", "P-17") == expected


@given(text, text)
def test_the_same_text_has_one_pseudonym_and_another_text_another(one, two):
    assert KEY.pseudonym("subject", one) == PseudonymKey(SECRET).pseudonym("subject", one)
    if one.strip() != two.strip() and one.isascii() and two.isascii():
        assert KEY.pseudonym("subject", one) != KEY.pseudonym("subject", two)


@given(text)
def test_another_key_or_purpose_has_another_pseudonym(subject):
    found = KEY.pseudonym("subject", subject)
    assert found != OTHER.pseudonym("subject", subject)
    assert found != KEY.pseudonym("file", subject)


def test_the_same_name_in_two_ways_of_writing_an_umlaut_is_one_subject():
    composed, decomposed = "Mu\u0308ller", "M\u00fcller"
    assert KEY.pseudonym("subject", composed) == KEY.pseudonym("subject", decomposed)


def test_dates_move_by_one_to_365_days_and_all_of_them_occur():
    days = {KEY.days(f"subject {n}") for n in range(5000)}
    assert days == set(range(1, 366))


@pytest.mark.parametrize(
    "secret",
    [
        b"",
        b"short",
        b"x" * 31,
        b"x" * 64,
        b"abcdefg" * 9,
        b"abcdefghijkl" * 4,
        b"0123456789abcde" * 3,
        b" " * 40 + b"0123456789",
    ],
)
def test_a_key_that_can_be_guessed_is_refused(secret):
    with pytest.raises(PseudonymKeyShort):
        PseudonymKey(secret)


def test_the_key_is_in_no_representation():
    assert "0123456789" not in repr(KEY)


def test_the_key_comes_from_the_file_before_the_environment(tmp_path):
    path = tmp_path / "lab.key"
    path.write_bytes(SECRET + b"\n")
    assert read_key(path, {"HLADR_PSEUDONYM_KEY": "z" * 40}) == KEY
    assert read_key(None, {"HLADR_PSEUDONYM_KEY": SECRET.decode()}) == KEY


@pytest.mark.parametrize("environment", [{}, {"HLADR_PSEUDONYM_KEY": "  "}])
def test_no_key_is_refused(environment, tmp_path):
    with pytest.raises(PseudonymKeyMissing):
        read_key(None, environment)
    with pytest.raises(PseudonymKeyMissing):
        read_key(tmp_path / "missing.key", {"HLADR_PSEUDONYM_KEY": SECRET.decode()})


def test_what_cannot_be_a_key_is_refused_and_not_cut(tmp_path):
    path = tmp_path / "lab.key"
    for content in (b"FCS3.1    " + SECRET, SECRET * 129, bytes(range(256)) * 17):
        path.write_bytes(content)
        with pytest.raises(PseudonymKeyMissing):
            read_key(path, {})
    path.write_bytes(bytes(range(33, 256)) * 3)
    assert read_key(path, {}).secret == path.read_bytes()


def test_subjects_that_differ_by_case_are_two_and_by_blanks_around_them_one():
    assert KEY.pseudonym("subject", " P-17\n") == KEY.pseudonym("subject", "P-17")
    assert KEY.pseudonym("subject", "p-17") != KEY.pseudonym("subject", "P-17")
