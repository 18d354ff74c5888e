"""``hladr validate``: from tubes or a table to the record, and what it refuses."""

import json
import math
import re
import shutil
from html.parser import HTMLParser

import numpy as np
import pytest
from oracle_replicates import row, table_of
from oracle_result_tables import refused, rejected

from hladr.simulate import simulate_pair

HEADINGS = (
    "Sample", "Reagent", "Instrument qualification", "Assay validation", "Quality control",
    "Data review", "Reporting", "Storage",
)  # fmt: skip
CLAIMS = ("validated", "passes", "passed", "acceptable", "compliant", "conforms", "approved")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LIMITS = 'schema = "hladr.validation-limits/1"\nsource = "SOP 12"\n[percent]\n'


class Seen(HTMLParser):
    """Text of a page, its tags, and what could run or fetch."""

    def __init__(self, page):
        super().__init__()
        self.text, self.dangers = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.dangers += [tag] if tag in {"script", "iframe", "object", "link", "img"} else []
        self.dangers += [name for name, value in attrs if name.startswith("on") or name == "src"]

    def handle_data(self, data):
        self.text.append(data)


def seen(path):
    return Seen(path.read_text(encoding="utf-8"))


def replicates(**said):
    rng = np.random.default_rng(2)
    rows = [
        row(mean * math.exp(rng.normal(0, 0.03)), name, instrument="Canto", day=d, run=r, **said)
        for name, mean in (("low control", 4200), ("normal control", 21000))
        for d in "abcd"
        for r in "12"
        for _ in range(2)
    ]
    rows += [row(1000.0 * f, "mix", expected=str(1000 * f)) for f in (3, 6, 12, 24) for _ in "xy"]
    for name in "12":
        rows += [row(abc, "H", sequence=name) for abc in (40000, 40500)]
        rows += [row(abc, "L", sequence=name) for abc in (2300, 2000, 1990)]
    rows += [
        row(abc, f"P{i}", reagent_lot=lot)
        for i, pair in enumerate([(5000, 5200), (9000, 9500), (20000, 20700)])
        for abc, lot in zip(pair, ("R1", "R2"), strict=True)
    ]
    return rows


@pytest.fixture
def folder(tmp_path):
    table_of(tmp_path, replicates())
    return tmp_path


@pytest.fixture(scope="module")
def tubes(tmp_path_factory):
    """Four tubes of one blood in two runs, with beads of each run, and a file that is none."""
    place = tmp_path_factory.mktemp("tubes")
    lines = ["sample,beads,lot,specimen,run,instrument"]
    for run in (1, 2):
        for tube in (1, 2):
            truth = simulate_pair("sepsis", 10 * run + tube, place, events=15_000)
            blood = truth.blood_path.rename(place / f"blood-{run}-{tube}.fcs")
            beads = truth.beads_path.rename(place / f"beads-{run}.fcs")
            lines.append(f'{blood.name},{beads.name},"{truth.lot}",septic,{run},Canto')
    (place / "manifest.csv").write_text("\n".join(lines) + "\n")
    return place


def test_a_folder_of_tubes_is_measured_and_reported(hladr, tubes, tmp_path):
    ran = hladr("validate", tubes, "-o", tmp_path / "r.html", "--workers", 1)
    assert ran.status == 0, ran.err
    assert re.search(r"Within run \(repeatability\) +2 ", ran.out)
    page = seen(tmp_path / "r.html")
    text = " ".join(page.text)
    assert re.search(r"FACSCanto ?II V00000001", text)
    for tube in tubes.glob("blood-*.fcs"):
        assert tube.name in text
    import hashlib

    assert hashlib.sha256((tubes / "blood-1-1.fcs").read_bytes()).hexdigest() in text


def test_a_tube_that_cannot_be_measured_is_reported_and_is_status_1(hladr, tubes, tmp_path):
    place = tmp_path / "t"
    shutil.copytree(tubes, place)
    (place / "blood-2-2.fcs").write_bytes(b"no FCS file")
    ran = hladr("validate", place, "-o", tmp_path / "r.html", "--workers", 1)
    assert ran.status == 1
    assert "1 of 4 samples have no number: NOT_FCS 1" in ran.err
    assert "NOT_FCS" in "".join(seen(tmp_path / "r.html").text)


def test_the_record_has_the_headings_of_h62_and_claims_nothing(hladr, folder, tmp_path):
    ran = hladr("validate", folder, "-o", tmp_path / "r.html")
    assert ran.status == 0, ran.err
    page = seen(tmp_path / "r.html")
    text = "".join(page.text)
    places = [page.text.index(f" {name}") for name in HEADINGS]
    assert places == sorted(places)
    assert page.dangers == []
    for said in ("Research use only. Not for diagnosis.", "Signature", "To fill in by hand"):
        assert said in text
    for claim in CLAIMS:
        assert not re.search(rf"\b{claim}\b", text + ran.out + ran.err, re.IGNORECASE), claim


def test_limits_of_the_laboratory_stand_beside_the_numbers(hladr, folder, tmp_path):
    before = hladr("validate", folder).out
    (folder / "validation.toml").write_text(LIMITS + "repeatability_cv = 7.5\nlot_bias = 4.25\n")
    ran = hladr("validate", folder, "-o", tmp_path / "r.html")
    assert ran.status == 0
    text = "".join(seen(tmp_path / "r.html").text)
    assert "SOP 12" in text
    for limit in ("7.5\u202f%", "4.25\u202f%"):
        assert limit in ran.out
        assert limit in text
        assert limit not in before


def test_json_has_every_study(hladr, folder):
    ran = hladr("validate", folder, "--format", "json")
    found = json.loads(ran.out)
    assert found["schema"] == "hladr.validation/1"
    overall = found["precision"]["overall"]
    assert [part["levels"] for part in overall["components"]] == [["day"], ["run"], ["repeat"]]
    assert [each["specimen"] for each in found["precision"]["specimens"]] == [
        "low control", "normal control",
    ]  # fmt: skip
    assert found["linearity"][0]["log_slope"]["value"] == pytest.approx(1.0)
    assert len(found["carry_over"]["sequences"]) == 2
    (lots,) = found["side_by_side"]
    assert lots["bias_percent"] == pytest.approx(
        100 * ((5200 / 5000 * 9500 / 9000 * 20700 / 20000) ** (1 / 3) - 1)
    )
    assert {each["study"] for each in found["not_done"]} == {
        "between operators", "between instruments",
    }  # fmt: skip


def test_the_same_files_give_the_same_bytes(hladr, folder, tmp_path):
    for name in ("1.html", "2.html"):
        hladr("validate", folder, "-o", tmp_path / name)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_a_table_may_be_named_itself(hladr, folder):
    of_folder = hladr("validate", folder, "--format", "json").out
    of_table = hladr("validate", folder / "results.csv", "--format", "json").out
    assert json.loads(of_folder) == json.loads(of_table)


def test_refused_and_rejected_samples_are_listed_and_give_status_1(hladr, tmp_path):
    bad = [refused("a") | {"specimen": "S"}, rejected("b") | {"specimen": "S"}]
    table_of(tmp_path, [*replicates(), *bad])
    ran = hladr("validate", tmp_path, "-o", tmp_path / "r.html")
    assert ran.status == 1
    assert "2 of" in ran.err
    text = "".join(seen(tmp_path / "r.html").text)
    for said in ("a.fcs", "MONOCYTES_NOT_FOUND", "b.fcs", "reject: VOLTAGE_DIFFERS"):
        assert said in text


def test_a_folder_without_a_manifest_says_how_to_make_one(hladr, tmp_path):
    ran = hladr("validate", tmp_path, "-o", tmp_path / "r.html")
    assert ran.status == 1
    assert "[VALIDATION_FILES_MISSING]" in ran.err
    assert f"hladr manifest {tmp_path}" in ran.err
    assert not (tmp_path / "r.html").exists()


def test_a_table_without_specimens_is_refused_with_what_is_missing(hladr, tmp_path):
    rows = [{k: v for k, v in each.items() if k != "specimen"} for each in replicates()]
    table_of(tmp_path, rows)
    ran = hladr("validate", tmp_path)
    assert ran.status == 1
    assert "[VALIDATION_COLUMNS_MISSING]" in ran.err
    assert "carry-over: specimen and sequence" in ran.err


def test_wrong_usage_is_status_2_and_replaces_no_input(hladr, folder):
    assert hladr("validate", folder / "nowhere").status == 2
    (folder / "validation.toml").write_text(LIMITS)
    for name in ("results.csv", "validation.toml"):
        before = (folder / name).read_bytes()
        assert hladr("validate", folder, "-o", folder / name).status == 2
        assert (folder / name).read_bytes() == before
    assert hladr("validate", folder, "--workers", 0).status == 2


@pytest.mark.parametrize(
    "rows",
    [
        [], [row(9000.0)], [row(9000.0, run="1")] * 2, [refused("a") | {"specimen": "S"}],
        [row(9000.0 + i, expected=str(1 + i), run="1") for i in range(3)],
        [row(abc, "L", sequence="1") for abc in (1.0, 2.0)],
        [row(abc, run="1") for abc in (1e-9, 1e12)],
        [row(10.0 ** (3 * i), expected=str(1 + i / 1e6)) for i in range(3)],
        [row(10.0 ** (9 - 6 * i), expected=str(10.0 ** (9 * i - 9))) for i in range(3)],
    ],
)  # fmt: skip
def test_little_or_odd_data_give_a_record_without_a_number_that_is_none(hladr, tmp_path, rows):
    table_of(tmp_path, rows)
    ran = hladr("validate", tmp_path, "-o", tmp_path / "r.html")
    if "COLUMNS_MISSING" in ran.err:
        assert not rows or rows[0]["error"]
        return
    assert ran.status in {0, 1}, ran.err
    page = (tmp_path / "r.html").read_text()
    for text in (ran.out, page):
        assert not re.search(r"\b(nan|inf)\b", text)


def test_a_number_that_no_cell_has_is_refused(hladr, tmp_path):
    table_of(tmp_path, [row(1e300, run="1"), row(9000.0, run="1")])
    ran = hladr("validate", tmp_path)
    assert ran.status == 1
    assert "VALIDATION_CELL_INVALID" in ran.err
    assert "line 2, abc" in ran.err


HOSTILE = '"><svg onload=alert(1)><script>x</script>{{ 7*7 }}\u202e\x1b[31m'


def test_foreign_text_is_shown_and_never_obeyed(hladr, tmp_path):
    said = {"operator": HOSTILE, "sample": HOSTILE + ".fcs"}
    rows = [each | said | {"specimen": HOSTILE + each["specimen"]} for each in replicates()]
    rows += [each | {"sequence": HOSTILE} for each in rows if each.get("sequence")]
    table_of(tmp_path, rows)
    (tmp_path / "validation.toml").write_text(
        f"schema = 'hladr.validation-limits/1'\nsource = {json.dumps(HOSTILE)}\n[percent]\n"
        "total_cv = 3\n"
    )
    ran = hladr("validate", tmp_path, "-o", tmp_path / "r.html")
    assert ran.status == 0, ran.err
    page = seen(tmp_path / "r.html")
    text = "".join(page.text)
    assert page.dangers == []
    assert "alert(1)" in text
    assert "{{ 7*7 }}" in text
    for sign in ("\u202e", "\x1b"):
        assert sign not in text
        assert sign not in ran.out


def test_a_formula_in_a_cell_stays_text(hladr, tmp_path):
    rows = [each | {"specimen": f"=1+{each['specimen']}"} for each in replicates()]
    table_of(tmp_path, rows)
    found = json.loads(hladr("validate", tmp_path, "--format", "json").out)
    assert found["precision"]["specimens"][0]["specimen"] == "=1+low control"


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_record_prints_on_paper_without_anything_cut(hladr, folder, tmp_path):
    from playwright.sync_api import sync_playwright

    hladr("validate", folder, "-o", tmp_path / "r.html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 688, "height": 980})  # A4 less its margins
        page.emulate_media(media="print")
        page.goto((tmp_path / "r.html").as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        sheets = page.pdf(path=str(tmp_path / "r.pdf"), prefer_css_page_size=True)
        browser.close()
    assert wide <= 688
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", sheets)) <= 14
