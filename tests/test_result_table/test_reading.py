"""The three forms of a result table give the same rows; what is none is refused by its line."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle_result_tables import (
    measured,
    record_of,
    refused,
    rejected,
    write_csv,
    write_ndjson,
    write_parquet,
)

import hladr
from hladr.csv_text import FORMULA_STARTS, cell_text, without_apostrophe
from hladr.result_row import COLUMNS
from hladr.result_table import KINDS, Kind, Outcome, read_results
from hladr.result_table.errors import ResultRowInvalid, ResultTableInvalid

ROWS = [
    measured("a", 3394.123456789012, **{"class": "immunoparalysis"}, findings="ONE TWO"),
    measured("b", 1 / 3, decisive=False, verdict="review", subject=None, ferritin_ng_ml=">40000"),
    rejected("c"),
    rejected("d", **{"class": "MALS"}),
    refused("e"),
]
WRITERS = {"csv": write_csv, "ndjson": write_ndjson, "parquet": write_parquet}


@pytest.fixture(params=WRITERS)
def table(request, tmp_path):
    # the name says nothing, the content does
    return read_results(WRITERS[request.param](tmp_path / "table.data", ROWS))


def test_every_form_gives_every_cell_back_to_the_last_bit(table):
    assert table.columns == COLUMNS
    for row, expected in zip(table.rows, ROWS, strict=True):
        for name in COLUMNS:
            wanted = expected.get(name)
            assert row.cells.get(name) == (None if wanted == "" else wanted), (row.line, name)


def test_what_became_of_each_sample(table):
    assert [row.outcome for row in table.rows] == [
        Outcome.IMMUNOPARALYSIS, Outcome.UNCLASSIFIED, Outcome.REJECTED, Outcome.MALS,
        Outcome.REFUSED,
    ]  # fmt: skip
    assert [row.verdict for row in table.rows] == ["pass", "review", "reject", "reject", "refused"]
    assert [row.abc for row in table.rows[2:]] == [None, None, None]  # not the unreleasable ones


def test_the_program_s_own_output_is_read(tmp_path):
    from hladr.cli.main import run

    samples = Path(hladr.__file__).resolve().parents[1] / "sample_fcs"
    for form in ("csv", "json"):
        with pytest.raises(SystemExit):
            run([
                "quantify", f"{samples}/healthy.fcs", f"{samples}/canto-beads.fcs", "--beads",
                f"{samples}/canto-beads.fcs", "--lot", f"{samples}/simulated-lot.toml", "--format",
                form, "-o", f"{tmp_path}/{form}",
            ])  # fmt: skip
    one, other = read_results(tmp_path / "csv"), read_results(tmp_path / "json")
    assert [row.outcome for row in one.rows] == [Outcome.UNDETERMINED, Outcome.REFUSED]
    for row, twin in zip(one.rows, other.rows, strict=True):
        assert {**row.cells, "sample": ""} == {**dict.fromkeys(COLUMNS), **twin.cells, "sample": ""}
    assert other.rows[0].carried["beads"] == "canto-beads.fcs"


def test_the_kinds_are_those_of_the_columns_and_pyarrow_agrees():
    import oracle_result_tables

    assert tuple(KINDS) == COLUMNS == oracle_result_tables.COLUMNS
    assert {
        name for name, kind in KINDS.items() if kind is Kind.NUMBER
    } == oracle_result_tables.NUMBERS


def test_carried_columns_come_along_and_older_tables_lack_some(tmp_path):
    columns = [name for name in COLUMNS if name != "gates_sha256"] + ["site", "=danger"]
    row = measured("a") | {"site": "+7", "=danger": "x"}
    table = read_results(write_csv(tmp_path / "t.csv", [row], columns))
    assert "gates_sha256" not in table.columns
    assert table.rows[0].carried == {"site": "+7", "=danger": "x"}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_an_apostrophe_in_front_of_a_formula_is_undone(text):
    # a text that itself begins with an apostrophe and a formula is told apart by nothing
    if not (text.startswith("'") and text[1:].startswith(FORMULA_STARTS)):
        assert without_apostrophe(cell_text(text)) == text


@pytest.mark.parametrize("name", ["=1+1", '-a,"b"', "+x\ny", "@z", "'quoted'", "Ä µ 患者", " a "])
def test_odd_names_come_back_as_they_were(name, tmp_path):
    rows = [measured("a") | {"sample": name, "subject": name}]
    for write in WRITERS.values():
        (row,) = read_results(write(tmp_path / "t", rows)).rows
        assert (row.sample, row.subject) == (name, name)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    rows = [measured("a") | {"subject": "two\nlines"}, measured("b"), measured("c")]
    assert [row.line for row in read_results(write_csv(tmp_path / "t", rows)).rows] == [2, 4, 5]
    assert [row.line for row in read_results(write_ndjson(tmp_path / "t", rows)).rows] == [1, 2, 3]


def test_a_byte_order_mark_line_ends_and_capitals_of_a_spreadsheet_are_read(tmp_path):
    text = write_csv(tmp_path / "t", ROWS[:1]).read_text(encoding="utf-8")
    text = text.replace("\n", "\r\n").replace(",true,", ",TRUE,")
    (tmp_path / "t").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (row,) = read_results(tmp_path / "t").rows
    assert row.cells["decisive"] is True
    assert row.text("algorithm") == "2"


WRONG = {
    "abc": ["3,394", "1_000", "nan", "inf", "-5", "0", "0x10", "١٢"],
    "monocytes": ["12.5", "-3", "many"],
    "decisive": ["yes", "1"],
    "verdict": ["fine", ""],
    "class": ["septic", ""],
    "sample": [""],
}


@pytest.mark.parametrize(
    ("column", "text"), [(column, text) for column, texts in WRONG.items() for text in texts]
)
def test_a_cell_that_cannot_be_is_refused_by_line_and_column(column, text, tmp_path):
    rows = [measured("a"), measured("b") | {column: text}]
    with pytest.raises(ResultRowInvalid, match=f"line 3, {column}: expected") as caught:
        read_results(write_csv(tmp_path / "t.csv", rows))
    assert (caught.value.line, caught.value.column) == (3, column)


def test_a_number_beside_an_error_is_refused(tmp_path):
    with pytest.raises(ResultRowInvalid, match="no number beside an error"):
        read_results(write_csv(tmp_path / "t", [measured("a", error="NOT_FCS")]))


@pytest.mark.parametrize("wrong", [{"abc": math.inf}, {"abc": "3394"}, {"monocytes": 2.5}])
def test_a_value_of_the_wrong_type_is_refused(wrong, tmp_path):
    record = record_of(measured("a"))
    record["hla_dr"] |= wrong
    (tmp_path / "t").write_text(json.dumps(record))
    with pytest.raises(ResultRowInvalid, match="line 1"):
        read_results(tmp_path / "t")


def test_a_row_that_is_too_short_is_refused(tmp_path):
    path = write_csv(tmp_path / "t", ROWS[:1])
    path.write_text(path.read_text() + "b.fcs,S-2\n")
    with pytest.raises(ResultRowInvalid, match=r"line 3.*31 cells"):
        read_results(path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "no column sample"),
        (b"sample;abc\n", "no column"),
        (b"sample,abc,class,verdict,error,abc\n", "two columns 'abc'"),
        (b'sample,abc,class,verdict,error\n"x', "no CSV"),
        (b"sample,abc,class,verdict,error\n\xe4.fcs,,,,X\n", "not UTF-8 in line 2"),
        (b"PAR1 and no more", "damaged Parquet"),
        (b"FCS3.0    ", "no column"),
    ],
)
def test_a_file_that_is_no_table_is_refused(content, found, tmp_path):
    (tmp_path / "t").write_bytes(content)
    with pytest.raises(ResultTableInvalid, match=found):
        read_results(tmp_path / "t")


OTHER_RECORDS = [
    "{",
    "{}",
    "[1]",
    '{"schema": "hladr.curve/1"}',
    '{"schema": "hladr.result/1"}',
    '{"schema": "hladr.error/1", "sample": 5, "error": {"code": "X"}}',
    '{"a":' * 100_000,
]


@pytest.mark.parametrize("line", OTHER_RECORDS, ids=range(len(OTHER_RECORDS)))
def test_a_record_of_another_kind_is_refused_by_its_line(line, tmp_path):
    path = write_ndjson(tmp_path / "t", ROWS[:2])
    path.write_text(path.read_text() + "\n" + line + "\n")
    with pytest.raises(ResultRowInvalid, match="line 4"):
        read_results(path)


def test_a_table_without_rows_is_a_table(tmp_path):
    assert read_results(write_csv(tmp_path / "t", [])).rows == ()
