"""What is written as CSV or Parquet comes back as the same rows, however a spreadsheet saved it."""

import csv
import datetime as dt
import decimal
import io
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.csv_text import begins_as_formula
from hladr.ferritin import parse_ferritin
from hladr.manifest import (
    ManifestInvalid,
    ManifestUnreadable,
    manifest_of,
    manifest_text,
    read_manifest,
)
from hladr.manifest.columns import KNOWN, header_of

LOT = "474,5359,23843,62336"
plain = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
"""Any text: separators, quotes, line ends, formulas, signs that a terminal obeys."""


def not_twice_quoted(text):
    """Two texts have one spelling: what already has the apostrophe of a formula."""
    return not (text.startswith("'") and begins_as_formula(text[1:]))


known_cell = plain.map(str.strip).filter(not_twice_quoted)
path_cell = known_cell.filter(lambda text: text and "://" not in text)
carried_cell = plain.filter(not_twice_quoted)
names = st.sampled_from(["instrument", "acquired_at", "Übersicht", "=1+1", "a,b", 'q"', "x;y"])


@st.composite
def tables(draw):
    """Columns in any order, and rows that can be meant, no two of one sample."""
    said = ["subject", "site", "visit", "tube_type", "preparation"]
    context = draw(st.lists(st.sampled_from(said), unique=True))
    carried = draw(st.lists(names, unique=True, max_size=3))
    columns = draw(
        st.permutations(["sample", "beads", "lot", "ferritin_ng_ml", *context, *carried])
    )
    samples = draw(st.lists(path_cell, unique_by=lambda text: text.strip("./"), max_size=4))
    rows = []
    for number, sample in enumerate(samples):
        row = {"sample": f"{number}{sample}", "beads": draw(path_cell), "lot": LOT}
        row["ferritin_ng_ml"] = draw(st.sampled_from(["", "812", ">40000", "<5", "86.5"]))
        row |= {name: draw(known_cell) for name in context}
        row |= {name: draw(carried_cell) for name in carried}
        rows.append({name: row[name] for name in columns})
    return columns, rows


def without_lines(manifest):
    return [
        {name: getattr(row, name) for name in row.__slots__ if name != "line"} for row in manifest
    ]


@settings(max_examples=200)
@given(table=tables())
def test_what_is_written_is_read(tmp_path_factory, table):
    columns, rows = table
    folder = tmp_path_factory.mktemp("m")
    (folder / "m.csv").write_text("".join(manifest_text(columns, rows)), "utf-8", newline="")
    read = read_manifest(folder / "m.csv")
    assert without_lines(read) == without_lines(manifest_of(rows, folder=folder))
    for found, meant in zip(read, rows, strict=True):
        assert (found.sample, found.lot) == (meant["sample"], meant["lot"])
        assert found.beads == f"{folder}/{meant['beads']}" or meant["beads"].startswith("/")
        assert found.context.subject == (meant.get("subject") or None)
        assert found.carried == tuple((n, meant[n]) for n in columns if n not in KNOWN)


@settings(max_examples=100)
@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["utf-8", "utf-8-sig"]),
    blank=st.sampled_from(["", "  ", "before"]),
)
def test_another_program_may_have_written_it(
    tmp_path_factory, table, delimiter, quoting, end, mark, blank
):
    columns, rows = table
    text = io.StringIO(newline="")
    if any(sign in cell for row in rows for cell in row.values() for sign in "\r\n"):
        quoting = csv.QUOTE_ALL  # Python 3.11 forgets that either of them ends a line
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    text.write(end if blank == "before" else "")
    writer.writerow([f" {name.upper()} " if name in KNOWN else name for name in columns])
    for row in rows:
        writer.writerow(row[name] for name in columns)
        text.write("" if blank == "before" else blank + end)
        writer.writerow("" for _ in columns)
    folder = tmp_path_factory.mktemp("m")
    (folder / "m.csv").write_bytes(text.getvalue().encode(mark))
    assert without_lines(read_manifest(folder / "m.csv")) == without_lines(
        manifest_of(rows, folder=folder)
    )


@settings(max_examples=60)
@given(table=tables())
def test_parquet_holds_the_same(tmp_path_factory, table):
    columns, rows = table
    folder = tmp_path_factory.mktemp("m")
    cells = {name: pa.array([row[name] or None for row in rows], pa.string()) for name in columns}
    pq.write_table(pa.table(cells), folder / "m.anything")
    read = read_manifest(folder / "m.anything")
    assert without_lines(read) == without_lines(manifest_of(rows, folder=folder))
    assert [row.line for row in read] == list(range(1, len(rows) + 1))


def one_row(folder, **columns):
    """A Parquet manifest of one sample with further columns."""
    table = {"sample": ["a.fcs"], "curve": ["c.json"], **columns}
    pq.write_table(pa.table(table), folder / "m.parquet")
    return read_manifest(folder / "m.parquet")[0]


@settings(max_examples=200)
@given(
    number=st.floats(1e-3, 9e6) | st.integers(1, 9_000_000) | st.decimals("0.5", "5000", places=3)
)
def test_a_ferritin_stored_as_a_number_is_that_number(tmp_path_factory, number):
    row = one_row(tmp_path_factory.mktemp("m"), ferritin_ng_ml=pa.array([number]))
    assert parse_ferritin(row.ferritin_ng_ml).value == float(number)


def test_a_ferritin_of_few_digits_is_not_made_one_of_many(tmp_path):
    for number in (812.3, 4.425, 0.1):
        row = one_row(tmp_path, ferritin_ng_ml=pa.array([number], pa.float32()))
        assert parse_ferritin(row.ferritin_ng_ml).value == number


def test_numbers_and_times_of_parquet_become_text(tmp_path):
    naive = dt.datetime.fromisoformat("2026-03-14T09:31")
    berlin = dt.timezone(dt.timedelta(hours=1))
    row = one_row(
        tmp_path,
        subject=pa.array([17.0]),
        site=pa.array([3], pa.int8()),
        drawn_at=pa.array([naive], pa.timestamp("ns")),
        stained_at=pa.array([naive.replace(tzinfo=berlin)], pa.timestamp("s", "+01:00")),
        visit=pa.array(["V1"]).dictionary_encode(),
        day=pa.array([dt.date(2026, 3, 14)]),
        share=pa.array([0.1], pa.float32()),
        price=pa.array([decimal.Decimal("1.50")]),
        fine=pa.array([True]),
        none=pa.array([float("nan")]),
        nothing=pa.nulls(1),
    )  # fmt: skip
    context = row.context
    assert (context.subject, context.site, context.visit) == ("17", "3", "V1")
    assert context.drawn_at == "2026-03-14T09:31:00"
    assert context.stained_at == "2026-03-14T09:31:00+01:00"
    assert dict(row.carried) == {
        "day": "2026-03-14", "share": "0.1", "price": "1.50", "fine": "true", "none": "",
        "nothing": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "column",
    [
        pa.array([["list"]]),
        pa.array([b"bytes"]),
        pa.array([{"a": 1}]),
        pa.array([0], pa.timestamp("s", "No/Where")),
        pa.array([2**62], pa.timestamp("us")),
    ],
    ids=["list", "bytes", "struct", "zone", "year"],
)
def test_columns_that_are_no_text_numbers_or_times_are_refused_by_name(tmp_path, column):
    with pytest.raises((ManifestInvalid, ManifestUnreadable)) as refused:
        one_row(tmp_path, odd=column)
    if isinstance(refused.value, ManifestInvalid):
        assert "odd" in str(refused.value)


@pytest.mark.parametrize("cut", [4, 100, -8, -1])
def test_a_damaged_parquet_file_is_unreadable(tmp_path, cut):
    one_row(tmp_path)
    path = tmp_path / "m.parquet"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ManifestUnreadable, match=r"m\.parquet"):
        read_manifest(path)


def test_a_manifest_that_is_not_there_or_a_folder_is_unreadable(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path, "a\0b"):
        with pytest.raises(ManifestUnreadable):
            read_manifest(path)


def written(folder, text, encoding="utf-8"):
    path = folder / "m.csv"
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def refusal(folder, text, encoding="utf-8"):
    with pytest.raises(ManifestInvalid) as refused:
        read_manifest(written(folder, text, encoding))
    return refused.value


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_shows_them(tmp_path, end):
    lines = [
        "", "sample,curve,note", "", 'a.fcs,c.json,"two', 'lines"', "   ", ",,", "b.fcs,,",
        '"c.fcs",c.json,"x"y', "d.fcs,c.json", "e.fcs,c.json,ok,", ",c.json,",
    ]  # fmt: skip
    error = refusal(tmp_path, end.join(lines))
    assert [defect.line for defect in error.defects] == [8, 9, 10, 11, 12]
    good = read_manifest(written(tmp_path, end.join(lines[:7])))
    assert [(row.line, row.carried) for row in good] == [(4, (("note", f"two{end}lines"),))]


def test_another_encoding_is_named_with_its_line(tmp_path):
    text = "sample,curve\na.fcs,c.json\nMüller.fcs,c.json\n"
    error = refusal(tmp_path, text, "windows-1252")
    assert [(defect.line, "UTF-8" in defect.expected) for defect in error.defects] == [(3, True)]
    assert "UTF-16" in str(refusal(tmp_path, text, "utf-16"))


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_no_manifest_and_a_header_alone_is_an_empty_one(tmp_path, text):
    assert "empty" in str(refusal(tmp_path, text))
    assert len(read_manifest(written(tmp_path, "sample,beads,lot\n"))) == 0


HOSTILE = {
    "an open quote": 'sample,curve\na.fcs,"c.json\n' + "b.fcs,c.json\n" * 40_000,
    "quotes everywhere": "sample,curve\n" + '"a""b,"' * 60_000 + "\n",
    "one line without an end": "sample,curve\n" + "a" * 2_000_000,
    "a line of separators": "sample,curve\na.fcs" + "," * 900_000,
    "a long cell": "sample,curve\n" + "a" * 65_537 + ",c.json\n",
    "a header of separators": "," * 900_000,
    "a header of long names": ",".join(["ferritin_ng_m" * 5_000] * 10),
    "a header of near misses": ",".join(f"ferritin_ng_m{n}" for n in range(1000)),
    "null characters": "sample,curve\na\0.fcs,c.json\n",
    "a name without a place": "sample,curve\ngs://bucket/a.fcs,s3://bucket\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_in_little_time(tmp_path, name):
    path = written(tmp_path, HOSTILE[name])
    begin = time.process_time()
    with pytest.raises(ManifestInvalid) as refused:
        read_manifest(path)
    assert time.process_time() - begin < 5.0
    assert len(str(refused.value)) < 10_000
    assert "\n" not in str(refused.value)


def test_twice_the_rows_take_no_four_times_as_long(tmp_path):
    def cost(rows):
        lines = "".join(f"{n}.fcs,b{n}.fcs,{LOT!r},{n}\n".replace("'", '"') for n in range(rows))
        path = written(tmp_path, f"sample,beads,lot,subject\n{lines}")
        begin = time.process_time()
        assert len(read_manifest(path)) == rows
        return time.process_time() - begin

    cost(1000)
    assert cost(80_000) < 8.0 * cost(20_000)


def test_a_row_too_many_is_refused_where_it_begins(tmp_path, monkeypatch):
    monkeypatch.setattr("hladr.manifest.cells.MOST_ROWS", 3)
    monkeypatch.setattr("hladr.manifest.parquet_table.MOST_ROWS", 3)
    rows = [{"sample": f"{n}.fcs", "curve": "c.json"} for n in range(9)]
    good = "".join(manifest_text(["sample", "curve"], rows[:3])) + ",\n\n"
    assert len(read_manifest(written(tmp_path, good))) == 3
    error = refusal(tmp_path, "".join(manifest_text(["sample", "curve"], rows)))
    assert [defect.line for defect in error.defects] == [5]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "m.parquet")
    with pytest.raises(ManifestInvalid, match="at most 3 rows"):
        read_manifest(tmp_path / "m.parquet")


@settings(max_examples=300)
@given(content=st.binary(max_size=300) | st.binary(max_size=60).map(b"sample,curve\n".__add__))
def test_any_bytes_are_a_manifest_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("m") / "m.csv"
    path.write_bytes(content)
    try:
        read_manifest(path)
    except (ManifestInvalid, ManifestUnreadable) as refused:
        assert str(refused)  # noqa: PT017 - or it is read


@given(written=st.lists(st.text(max_size=20), max_size=6))
def test_a_header_is_understood_or_refused(written):
    header, defects = header_of(written, 1)
    if not defects:
        assert "sample" in header.names
        assert len(set(filter(None, header.names))) == sum(map(bool, header.names))
