"""The report on sheets of paper: few of them, none nearly empty, and every figure whole."""

from dataclasses import replace

import pytest
from laboratory import BEADS, LOT, SAMPLES, regate, release, tube_file
from sheets import sheets_of
from test_report import KNOWN

import hladr
from hladr.gate_files import write_gatingml
from service.doors.leaving import leaving
from service.doors.report.pdf import PdfNotInstalled, pdf_of
from service.doors.report.rendering import render_report
from service.doors.report.sources import sources_of

FOOT, HEAD, SIDE = 56, 34, 30  # points that margins take at the least
COLUMN, SMALLEST = 125, 6.5  # points: a gate of four in a row, and the height of letters
AXES = {
    "3. Singlets": "FSC-H",
    "4. Leukocytes": "CD45 (V500-A)",
    "6. Monocytes": "CD14 (PerCP",
    "3 HLA-DR on monocytes": "HLA-DR fluorescence (PE-A)",
}
"""Of some figures the title, and what their axes say."""


@pytest.fixture
def database_url():
    return None


def test_a_usual_report_has_four_sheets_all_used_and_its_figures_are_whole(bench):
    told = bench.analyse(bench.calibration(), tube_file(_SRC="ATH-0101"), **KNOWN)
    release(bench, told)
    answered = bench.call("GET", f"analyses/{told['id']}/report.pdf")
    if answered.status_code == 501:
        pytest.skip("Pango is not installed")
    sheets = sheets_of(answered.content)
    assert len(sheets) <= 4
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in sheet.text
        assert number == len(sheets) or sheet.used(FOOT) > 1 / 3, number
        for left, low, right, high in (*sheet.pictures, *sheet.pieces):
            assert FOOT < low <= high < sheet.size[1] - HEAD, number
            assert SIDE < left <= right < sheet.size[0] - SIDE, number
    rows = [(number, round(each[1])) for number, of in enumerate(sheets) for each in of.pictures]
    assert sorted(rows.count(each) for each in set(rows)) == [4, 4]
    for title, axis in AXES.items():
        (sheet,) = [each for each in sheets if title in each.text]
        assert axis in sheet.text


def test_words_of_gates_that_were_moved_stand_clear_of_each_other(bench):
    told = bench.analyse(bench.calibration(), tube_file("borderline.fcs", _SRC="ATH-0101"), **KNOWN)
    lot = ",".join(map(str, LOT["assigned"]))
    strategy = hladr.quantify(SAMPLES / "healthy.fcs", beads=BEADS, lot=lot).gating.strategy
    gates = ("gates.xml", write_gatingml(strategy).encode(), "application/xml")
    release(bench, regate(bench, told, gates=gates, population="monocytes"))
    answered = bench.call("GET", f"analyses/{told['id']}/report.pdf")
    if answered.status_code == 501:
        pytest.skip("Pango is not installed")
    sheets = [each for each in sheets_of(answered.content) if "As drawn:" in each.text]
    clear = [gap for sheet in sheets for gap in sheet.clear(COLUMN)]
    assert len(clear) > 30  # titles, and what each side holds
    assert min(clear) > SMALLEST


def test_long_lists_of_results_and_of_comments_leave_no_sheet_empty(bench):
    told = bench.analyse(bench.calibration(), tube_file(_SRC="ATH-0101"), **KNOWN)
    release(bench, told, comment="looked at once more, with care " * 60)
    laboratory = bench.laboratory
    with laboratory.database.reading() as connection:
        left = leaving(connection, laboratory, told["id"], None)
        sources = sources_of(connection, laboratory, left)
    page = render_report(laboratory, left, replace(sources, series=(left,) * 40))
    try:
        sheets = sheets_of(pdf_of(page, left))
    except PdfNotInstalled:
        pytest.skip("Pango is not installed")
    assert min(each.used(FOOT) for each in sheets[:-1]) > 1 / 2
    (titled,) = [each for each in sheets if "This subject over time" in each.text]
    assert "Days since the first result" in titled.text.partition("This subject over time")[2]
