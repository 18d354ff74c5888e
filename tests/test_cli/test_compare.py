"""``hladr compare``: real tables of a mistyped lot, exit statuses, report and letter."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from oracle_result_tables import (
    COLUMNS,
    digest,
    measured,
    refused,
    rejected,
    write_csv,
    write_ndjson,
    write_parquet,
)

LOW = {"class": "immunoparalysis"}
CORRECTED = {"lot_sha256": digest("corrected"), "slope": 1.02}


@pytest.fixture
def tables(tmp_path):
    """An archive before and after a lot was corrected: one class changes, one sample is refused."""
    old = [measured("a", 4850.0, **LOW), measured("b", 12000.0), measured("c"), rejected("d")]
    new = [
        measured("a", 5060.0, **CORRECTED), measured("b", 12500.0, **CORRECTED), refused("c"),
        rejected("d"), measured("e"),
    ]  # fmt: skip
    return write_csv(tmp_path / "old.csv", old), write_parquet(tmp_path / "new.parquet", new)


def test_a_mistyped_lot_from_the_files_to_the_letter(hladr, samples, tmp_path):
    """Measured twice by the program itself: the reason is the curve, and nothing is unexplained."""
    wrong = "474,5359,23843,66336"
    for name, lot, form in (
        ("old", wrong, "csv"),
        ("new", f"{samples}/simulated-lot.toml", "json"),
    ):
        hladr(
            "quantify", samples / "borderline.fcs", samples / "mals.fcs", samples / "healthy.fcs",
            "--beads", samples / "canto-beads.fcs", "--lot", lot, "--format", form,
            "-o", tmp_path / name,
        )  # fmt: skip
    ran = hladr("compare", tmp_path / "old", tmp_path / "new", "--format", "json")
    assert ran.status == 0
    found = json.loads(ran.out)
    assert found["samples"]["matched_by_name"] == []
    assert found["agreement"]["n"] == found["agreement"]["moved"] == 3
    assert found["agreement"]["bland_altman_percent"]["bias"] < 0
    assert found["unexplained"] == []
    for change in found["changes"]:
        assert "curve" in {reason["kind"] for reason in change["reasons"]}


def test_text_names_who_changes_and_why(hladr, tables):
    ran = hladr("compare", *tables)
    assert ran.status == 0
    (line,) = (each for each in ran.out.splitlines() if "S-a" in each)
    assert re.search(
        r"S-a +a\.fcs +immunoparalysis, pass +unclassified, pass +4,850 +5,060 +\+4\.33.% +curve",
        line,
    )
    assert re.search(r"S-c +c\.fcs +unclassified, pass +refused .*refused now", ran.out)
    assert re.search(r"Only in .*new\.parquet:\n +e\.fcs", ran.out)
    assert "2 in both, 2 not the same" in ran.out
    assert "without a reason" not in ran.out
    assert "Research use only. Not for diagnosis." in ran.err


def test_a_terminal_shortens_names_and_never_numbers(hladr, tmp_path, monkeypatch):
    long = {"sample": "x" * 300 + ".fcs"}
    old = write_csv(tmp_path / "o", [measured("a", 4850.0, **LOW) | long])
    new = write_csv(tmp_path / "n", [measured("a", 5060.0, **CORRECTED) | long])
    assert "x" * 300 in hladr("compare", old, new).out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    (line,) = (each for each in hladr("compare", old, new).out.splitlines() if "S-a" in each)
    assert len(line) <= 100
    assert "4,850     5,060  +4.33" in line


def test_all_three_forms_of_a_table_give_the_same_comparison(hladr, tmp_path):
    old = [measured("a", 4850.0, **LOW), measured("b"), rejected("d"), refused("x")]
    new = [measured("a", 5060.0, **CORRECTED), measured("b"), rejected("d"), refused("x")]
    write_csv(tmp_path / "old", old)
    said = []
    for write in (write_csv, write_parquet, write_ndjson):
        found = json.loads(
            hladr("compare", tmp_path / "old", write(tmp_path / "new", new), "--format", "json").out
        )
        found["new"].pop("sha256")
        for change in found["changes"]:
            change.pop("new_line")
        said.append(found)
    assert said[0] == said[1] == said[2]


def test_numbers_that_differ_without_a_reason_are_shouted_about(hladr, tmp_path):
    old = write_csv(tmp_path / "old", [measured("a"), measured("b")])
    new = write_csv(tmp_path / "new", [measured("a", 9000.000000000002), measured("b")])
    report, letter = tmp_path / "r.html", tmp_path / "l.html"
    ran = hladr("compare", old, new, "-o", report, "--letter", letter, "--reason", "a lot")
    assert ran.status == 1
    assert "a defect of the program, or a table changed by hand" in ran.err
    assert "abc 9000.0 → 9000.000000000002" in ran.out
    assert "Numbers that differ without a reason" in report.read_text(encoding="utf-8")
    assert "Do not sign: " in letter.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ([measured("a")], [measured("b")], "TABLES_UNRELATED"),
        ([measured("a")], [measured("a"), measured("a", 7.0)], "RESULT_ROW_REPEATED"),
        ([measured("a") | {"abc": "3,394"}], [measured("a")], "RESULT_ROW_INVALID"),
    ],
)
def test_tables_that_cannot_be_matched_are_refused(hladr, old, new, code, tmp_path):
    ran = hladr(
        "compare", write_csv(tmp_path / "o.csv", old), write_csv(tmp_path / "n.csv", new),
        "-o", tmp_path / "r.html",
    )  # fmt: skip
    assert (ran.status, ran.out) == (1, "")
    assert f"error [{code}]: " in ran.err
    assert not (tmp_path / "r.html").exists()


def test_what_cannot_be_told_apart_is_listed_and_the_rest_is_compared(hladr, tmp_path):
    twice = [measured("a"), measured("a", 9100.0)]
    old = write_csv(tmp_path / "old", [measured("b"), *twice])
    new = write_csv(tmp_path / "new", [*twice, measured("b")])
    ran = hladr("compare", old, new, "-o", tmp_path / "r.html")
    assert ran.status == 0
    assert "1 in both tables" in ran.out
    assert "2 not told apart" in ran.out
    assert "a.fcs  S-a  lines 3, 4 before, lines 2, 3 now" in ran.out
    text = "".join(seen(tmp_path / "r.html").text)
    assert "Samples that are there several times" in text
    assert "lines 3, 4" in text
    samples = json.loads(hladr("compare", old, new, "--format", "json").out)["samples"]
    assert samples["not_told_apart"] == [
        {"sample": "a.fcs", "old_lines": [3, 4], "new_lines": [2, 3]}
    ]


def test_typed_values_of_a_lot_are_named_by_what_the_manifest_says(hladr, tmp_path):
    typed, corrected = "402,4550,20240,52900", "474,5359,23843,62336"
    columns = (*COLUMNS, "manifest_lot")
    nameless = {"lot": None, "manifest_lot": typed}
    old = write_csv(tmp_path / "old", [measured("a", 4850.0, **LOW, **nameless)], columns)
    row = measured("a", 5060.0, **CORRECTED, **(nameless | {"manifest_lot": corrected}))
    new = write_csv(tmp_path / "new", [row], columns)
    pages = [tmp_path / name for name in ("r.html", "l.html")]
    ran = hladr("compare", old, new, "-o", pages[0], "--letter", pages[1], "--reason", "a lot")
    assert f"{typed} → {corrected}" in ran.out
    for page in pages:
        text = "".join(seen(page).text)
        assert typed in text
        assert corrected in text
    record = json.loads(hladr("compare", old, new, "--format", "json").out)
    assert (record["old"]["lots"], record["new"]["lots"]) == ([typed], [corrected])
    assert f"lot {typed} → {corrected}" in record["changes"][0]["reasons"][0]["detail"]


def test_a_missing_file_and_a_file_of_another_kind(hladr, samples, tmp_path):
    old = write_csv(tmp_path / "o.csv", [measured("a")])
    assert "FILE_NOT_FOUND" in hladr("compare", old, tmp_path / "none.csv").err
    ran = hladr("compare", old, samples / "mals.fcs")
    assert ran.status == 1
    assert "RESULT_TABLE_INVALID" in ran.err


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--letter", "l.html"), "--reason"),
        (("--letter", "l.html", "--reason", "  "), "--reason"),
        (("--reason", "a lot was mistyped"), "--letter"),
        (("-o", "x.html", "--letter", "x.html", "--reason", "y"), "--letter"),
        (("-o", "{old}"), "-o"),
        (("--letter", "{old}", "--reason", "y"), "-o"),
        (("--letter", "l.html", "--reason", "x" * 801), "--reason"),
        (("--letter", "l.html", "--reason", "x\n" * 9), "--reason"),
        (("--format", "csv"), "--format"),
    ],
)
def test_wrong_usage(hladr, tables, options, named):
    before = tables[0].read_bytes()
    ran = hladr("compare", *tables, *(each.format(old=tables[0]) for each in options))
    assert (ran.status, ran.out) == (2, "")
    assert named in ran.err
    assert tables[0].read_bytes() == before


# Pages --------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """Text, and everything that could run or be fetched."""

    def __init__(self):
        super().__init__()
        self.text, self.tags, self.dangers, self.ids, self.labels = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        if tag in {"script", "iframe", "object", "link", "img", "form"}:
            self.dangers.append(tag)
        self.dangers += [name for name in named if name.startswith("on") or name in {"href", "src"}]
        self.ids += [named["id"]] if "id" in named else []
        self.labels += named.get("aria-labelledby", "").split()

    def handle_data(self, data):
        self.text.append(data)


def seen(path):
    page = Seen()
    page.feed(path.read_text(encoding="utf-8"))
    return page


@pytest.fixture
def pages(hladr, tables, tmp_path):
    report, letter = tmp_path / "report.html", tmp_path / "letter.html"
    reason = "Lot A-1 was mistyped.\n<script>alert(1)</script> Corrected from the flyer."
    ran = hladr("compare", *tables, "-o", report, "--letter", letter, "--reason", reason)
    assert ran.status == 0
    return seen(report), seen(letter)


def test_the_report_has_figures_with_titles_and_runs_nothing(pages):
    report, _ = pages
    assert report.dangers == []
    assert report.tags.count("desc") == 2
    assert set(report.labels) <= set(report.ids)
    assert len(report.labels) == 4
    text = " ".join(report.text)
    for said in (
        "S-a", "4,850", "5,060", "curve", "slope 1.0160 → 1.0200", "refused now", "e.fcs",
        "values of lot A-1", "Research use only. Not for diagnosis.", "5,000",
    ):  # fmt: skip
        assert said in text, said


def test_the_letter_says_why_what_who_and_by_how_much(pages):
    _, letter = pages
    assert letter.dangers == []
    text = " ".join(" ".join(letter.text).split())
    for said in (
        "Lot A-1 was mistyped.", "<script>alert(1)</script>", "A-1, other values",
        "Of 4 samples in both tables, 3 are concerned, from 1 bead run.",
        "AB/c changes in 2 samples, median (range): +4.25 %",
        "2 samples change class or outcome.", "S-a", "+4.33", "Signature", "Date",
        "Research use only. Not for diagnosis.",
    ):  # fmt: skip
        assert said in text, said


def test_foreign_text_is_shown_and_never_obeyed(hladr, tmp_path):
    name = '"><svg onload=alert(1)>\u202e.fcs'
    row = {"sample": name, "subject": "<b>x</b>", "sample_sha256": digest("a"), "lot": name}
    old = write_csv(tmp_path / "o", [measured("a", 4850.0, **LOW) | row])
    new = write_csv(tmp_path / "n", [measured("a", 5060.0, **CORRECTED) | row])
    report, letter = tmp_path / "r.html", tmp_path / "l.html"
    hladr("compare", old, new, "-o", report, "--letter", letter, "--reason", name)
    for page in (seen(report), seen(letter)):
        assert page.dangers == []
        assert "\u202e" not in "".join(page.text)
        assert "<b>x</b>" in "".join(page.text)


def test_the_same_tables_give_the_same_pages(hladr, tables, tmp_path):
    for name in ("1.html", "2.html"):
        hladr("compare", *tables, "-o", tmp_path / name)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_a_report_without_any_number_and_of_one_pair(hladr, tmp_path):
    for rows in ([refused("a")], [measured("a")], [measured("a"), measured("b")]):
        path = write_csv(tmp_path / "t", rows)
        ran = hladr("compare", path, path, "-o", tmp_path / "r.html")
        assert ran.status == 0
        assert "nan" not in ran.out
        assert "nan" not in "".join(seen(tmp_path / "r.html").text)


def test_tables_are_compared_without_what_they_do_not_need(tables):
    code = (
        "import sys\nfrom hladr.cli.main import run\n"
        "try: run(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    old = str(tables[0])
    ran = subprocess.run(
        [sys.executable, "-c", code, "compare", old, old],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ran.stderr.split())
    assert not loaded & {"pyarrow", "jinja2", "pydantic", "scipy.stats", "hladr.report"}


def test_the_helper_writes_the_columns_of_the_program():
    from hladr.result_row import COLUMNS as OURS

    assert OURS == COLUMNS
