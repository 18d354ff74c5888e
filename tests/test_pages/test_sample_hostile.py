"""Texts that mean harm are shown as texts on every page of a sample."""

import re

import pytest
from hostile_texts import ALL, MARKER, elements
from laboratory import PASSWORD
from sample_reader import tube, words


@pytest.fixture(scope="module")
def plain(house, anna):
    """Elements of pages of samples that mean no harm."""
    first = tube(house, "ATH-0001", named="OTHER-1")
    page = anna.read(f"/samples/{first['id']}")
    texts = [page, anna.read(f"/samples/{first['id']}/tube")]
    code = "answer-SUBJECT_MISMATCH"
    texts.append(anna.send(page, code, 422, answer="x", password=""))
    anna.send(page, code, answer="x", password=PASSWORD)
    texts.append(anna.read(f"/samples/{first['id']}"))
    anna.send(texts[-1], "sign", meaning="preliminary", comment="x", password=PASSWORD)
    texts.append(anna.read(f"/samples/{first['id']}"))
    return {each for text in texts for each in elements(text)}


@pytest.mark.parametrize("text", [t for t in ALL.values() if t.isprintable() and len(t) <= 200])
def test_hostile_texts_are_shown_as_texts(house, anna, plain, text):
    made = tube(house, text, named="ATH-0001", operator=text, visit=text)
    page = anna.read(f"/samples/{made['id']}")
    refused = anna.send(page, "answer-SUBJECT_MISMATCH", 422, answer=text, password="")
    anna.send(page, "answer-SUBJECT_MISMATCH", answer=text, password=PASSWORD)
    page = anna.read(f"/samples/{made['id']}")
    anna.send(page, "sign", meaning="preliminary", comment=text, password=PASSWORD)
    whole = anna.read(f"/samples/{made['id']}")
    form = anna.read(f"/samples/{made['id']}/tube")
    for each in (page, refused, whole, form):
        assert MARKER in each
        assert set(elements(each)) <= plain
    assert words(whole).count(re.sub(r"\s+", " ", text)) >= 3
