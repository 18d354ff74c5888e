"""What people wrote stands on the report to its last word, and squeezes nothing beside it."""

import io
import re

import pypdf
import pytest
from laboratory import answer, describe, release, tube_file
from test_report import words

LAST = "DO NOT USE FOR RANDOMISATION"
LONG = "looked at it; " * 140 + LAST  # of the 2000 signs that a sentence may have
SUBJECT = "GR-ATH-ATTIKON-ICU-" + "0123456789" * 18


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def calibration(bench):
    return bench.calibration()


def page(service, told):
    return words(service.call("GET", f"analyses/{told['id']}/report.html").text)


def pages(service, told):
    """Text of each page of the PDF, one blank between words."""
    content = service.call("GET", f"analyses/{told['id']}/report.pdf").content
    found = pypdf.PdfReader(io.BytesIO(content)).pages
    return [re.sub(r"\s+", " ", each.extract_text()) for each in found]


def test_a_comment_is_whole_and_squeezes_no_word_beside_it(bench, calibration):
    told = bench.analyse(calibration)
    bench.sign(told, "anna", "preliminary", comment=LONG)
    assert LONG in page(bench, told)
    text = " ".join(pages(bench, told))
    assert LAST in text
    assert "Anna performed, preliminary 20" in text


def test_the_reason_of_a_change_and_of_a_rejection_are_whole(bench, calibration):
    told = release(bench, bench.analyse(calibration))
    again = release(bench, describe(bench, told, reason=LONG, visit="D7"))
    assert f"Reason: {LONG}" in page(bench, told)
    bench.sign(again, "boris", "rejected", comment=f"{LONG} AT ALL"[-2000:])
    assert page(bench, told).count(f"{LAST} AT ALL") == 3  # above, on the card, and signed


def test_an_answer_is_whole(bench, calibration):
    told = bench.analyse(calibration, tube_file(_SRC="P-9"), subject="P-8")
    for finding in told["open_findings"]:
        answer(bench, told, finding, text=LONG)
    release(bench, told)
    assert f"{LONG} (otto)" in page(bench, told)


def test_number_version_and_state_stand_on_each_page_however_long_the_subject_is(
    bench, calibration
):
    told = bench.analyse(calibration, tube_file(_SRC=SUBJECT), subject=SUBJECT)
    release(bench, told)
    assert all(
        f"{told['id'].upper()[:8]} version 1 · final · GR-ATH" in each
        for each in pages(bench, told)
    )


def test_what_is_whole_is_escaped_as_everything_is(bench, calibration):
    told = bench.analyse(calibration)
    bench.sign(told, "anna", "preliminary", comment="<b>bold</b> & more")
    text = bench.call("GET", f"analyses/{told['id']}/report.html").text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in text
