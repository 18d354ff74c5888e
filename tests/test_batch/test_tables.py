"""Result tables: the right types, a row a sample in order, nothing that a spreadsheet executes."""

import csv
import io
import itertools
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hladr.batch import TableFormUnknown, write_table
from hladr.batch.table import cells_of
from hladr.cli.batch import _provenance
from hladr.result_row import COLUMNS
from hladr.result_table import read_results

PROVENANCE = {"hladr.algorithm": "2"}


@pytest.fixture
def results(archive, journal):
    archive.add(3, ward="=HYPERLINK(1)", visit="day 1", subject="-7", ferritin_ng_ml=">40000")
    (archive.folder / "s001.fcs").unlink()
    return archive.measured(journal)[0]


CARRIED = ("beads", "visit", "ward")


def test_parquet_has_types_lists_nulls_and_says_where_it_comes_from(results, tmp_path):
    target = tmp_path / "r.parquet"
    write_table(target, results, CARRIED, PROVENANCE)
    table = pq.read_table(target)
    assert table.column_names == [*COLUMNS, *CARRIED]
    types = {field.name: field.type for field in table.schema}
    assert types["abc"] == types["slope"] == pa.float64()
    assert types["monocytes"] == pa.int64()
    assert types["decisive"] == pa.bool_()
    assert types["findings"] == pa.list_(pa.string())
    assert types["ferritin_ng_ml"] == types["ward"] == pa.string()
    assert table.schema.metadata == {b"hladr.algorithm": b"2"}
    first, second, third = table.to_pylist()
    record = results[0].record
    assert first["abc"] == record["hla_dr"]["abc"]
    assert first["findings"] == list(dict.fromkeys(each["code"] for each in record["findings"]))
    assert first["error"] is None
    assert (first["ward"], first["subject"]) == ("=HYPERLINK(1)", "-7")
    assert (first["beads"], first["visit"]) == ("beads0.fcs", "day 1")
    assert (second["sample"], second["error"]) == ("s001.fcs", "FILE_UNREADABLE")
    assert (second["subject"], second["ward"]) == ("-7", "=HYPERLINK(1)")
    assert second["abc"] is second["findings"] is second["decisive"] is None
    assert third["sample"] == "s002.fcs"


def test_csv_is_the_same_in_text_and_executes_nothing(results, tmp_path):
    target = tmp_path / "r.csv"
    write_table(target, results, CARRIED, PROVENANCE)
    text = target.read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["sample"] for row in rows] == ["s000.fcs", "s001.fcs", "s002.fcs"]
    assert float(rows[0]["abc"]) == results[0].record["hla_dr"]["abc"]
    assert {row["ward"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["subject"] for row in rows} == {"'-7"}
    assert rows[1]["error"] == "FILE_UNREADABLE"
    assert rows[1]["abc"] == ""


def test_ndjson_holds_the_whole_record_and_the_row(results, tmp_path):
    target = tmp_path / "r.ndjson"
    write_table(target, results, CARRIED, PROVENANCE)
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    for line, result in zip(lines, results, strict=True):
        row = line.pop("row")
        assert line == result.record
        assert row == {
            "sample": result.row.sample, "beads": result.carried["beads"], "visit": "day 1",
            "ward": "=HYPERLINK(1)",
        }  # fmt: skip


def test_the_same_results_are_the_same_bytes(results, tmp_path):
    for form in ("parquet", "csv", "ndjson"):
        first, second = tmp_path / f"1.{form}", tmp_path / f"2.{form}"
        write_table(first, results, CARRIED, PROVENANCE)
        write_table(second, iter(results), CARRIED, PROVENANCE)
        assert first.read_bytes() == second.read_bytes()


def test_an_unreleasable_number_is_in_no_table(results):
    released = results[0].record
    rejected = {**released, "hla_dr": None, "unreleasable": released["hla_dr"], "verdict": "reject"}
    cells = cells_of(type(results[0])(0, results[0].row, rejected, {}), ())
    assert cells["verdict"] == "reject"
    assert {cells.get(name) for name in ("abc", "ci95_low", "ci95_high", "abc_median")} == {None}


@pytest.mark.parametrize("name", ["r.xlsx", "r", "r.parquet.gz"])
def test_a_name_that_says_no_form_is_refused(name, tmp_path):
    with pytest.raises(TableFormUnknown, match=r"\.parquet, \.csv, \.ndjson"):
        write_table(tmp_path / name, [], (), {})


@pytest.mark.parametrize("form", ["parquet", "csv", "ndjson"])
def test_a_table_is_read_for_a_comparison_as_it_was_written(form, results, tmp_path):
    target = tmp_path / f"r.{form}"
    write_table(target, results, CARRIED, PROVENANCE)
    rows = read_results(target).rows
    assert [row.text("sample") for row in rows] == ["s000.fcs", "s001.fcs", "s002.fcs"]
    assert rows[0].abc == results[0].record["hla_dr"]["abc"]
    codes = dict.fromkeys(each["code"] for each in results[0].record["findings"])
    assert rows[0].text("findings") == " ".join(codes)
    assert rows[1].error == "FILE_UNREADABLE"


def test_a_column_of_the_manifest_never_takes_the_place_of_a_result(archive, journal, tmp_path):
    archive.add(1, abc="7", verdict="mine")
    results, _ = archive.measured(journal)
    for form in ("csv", "parquet"):
        write_table(tmp_path / f"r.{form}", results, ("abc", "verdict"), PROVENANCE)
        (row,) = read_results(tmp_path / f"r.{form}").rows
        assert row.abc == results[0].record["hla_dr"]["abc"]
        assert row.text("verdict") == "pass"
        assert dict(row.carried) == {"manifest_abc": "7", "manifest_verdict": "mine"}


def test_the_lot_of_the_manifest_stands_beside_the_number_of_the_lot(archive, journal, tmp_path):
    archive.add(2)
    (archive.folder / "lot.toml").write_text(
        'maker = "M"\nproduct = "P"\nnumber = "A-1"\nexpires = 2030-01-01\n'
        'unit = "PE molecules"\nassigned = [474, 5359, 23843, 62336]\n'
    )
    archive.rows[1]["lot"] = "lot.toml"
    results, _ = archive.measured(journal)
    carried = tuple(results[0].carried)
    assert "lot" in carried
    for form in ("csv", "parquet", "ndjson"):
        write_table(tmp_path / f"r.{form}", results, carried, PROVENANCE)
        rows = read_results(tmp_path / f"r.{form}").rows
        assert [row.text("lot") for row in rows] == ["", "A-1"]
        told = [row.carried["manifest_lot"] for row in rows]
        assert told == ["474,5359,23843,62336", "lot.toml"]
        assert [row.lot_name for row in rows] == [told[0], "A-1"]


def rows_of_the_page(heading):
    """Cells of the first table below a line of the page on batches."""
    page = (Path(__file__).resolve().parents[2] / "docs/batch.md").read_text("utf-8")
    lines = page[page.index(heading) :].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|---"))
    table = itertools.takewhile(lambda line: line.startswith("|"), lines[start + 1 :])
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def test_the_page_names_every_column_with_its_type_and_every_word_of_the_metadata(
    results, tmp_path
):
    target = tmp_path / "r.parquet"
    write_table(target, results, CARRIED, _provenance(Path("manifest.csv"), "0" * 64))
    schema = pq.read_schema(target)
    *own, carried = rows_of_the_page("## Columns of a Parquet table")
    shown = [re.sub("list<.*", "list<string>", str(field.type)) for field in schema]
    assert [cells[:2] for cells in own] == [
        list(each) for each in zip(COLUMNS, shown, strict=False)
    ]
    assert {cells[0] for cells in own if cells[3].startswith("never")} == {
        field.name for field in schema if not field.nullable
    }
    assert {str(schema.field(name).type) for name in CARRIED} == {carried[1]}
    keys = [cells[0] for cells in rows_of_the_page("The file's metadata\n")]
    assert keys == [key.decode() for key in schema.metadata]
    refused = pq.read_table(target).to_pylist()[1]
    assert {name for name in COLUMNS if refused[name] is not None} == {"sample", "subject", "error"}
