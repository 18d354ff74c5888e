"""The pages as a browser lays them out: the letter on one sheet, whatever has to go into it."""

import re
import shutil
import subprocess

import pytest
from oracle_result_tables import digest, measured, refused, write_csv

from hladr.recalculation import compare
from hladr.recalculation_report import render_comparison, render_letter
from hladr.result_table import read_results

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LOW = {"class": "immunoparalysis"}

in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def archive(folder, n, name="site-{:02d}/2024/P-{:05d}", runs=12):
    """A comparison in which every sample changes its class."""
    old, new = [], []
    for i in range(n):
        cells = {
            "sample": name.format(i % 14, i) + ".fcs", "subject": f"S-{i:05d}",
            "beads_sha256": digest(f"beads {i % runs}"),
        }  # fmt: skip
        abc = 4500.0 + 10 * (i % 40)
        old.append(measured(str(i), abc, **LOW) | cells)
        corrected = {"slope": 1.02, "lot_sha256": digest("corrected")}
        new.append(measured(str(i), 1.12 * abc, **corrected) | cells)
    new[0] = refused("0") | {"sample": new[0]["sample"]}
    return compare(
        read_results(write_csv(folder / "old.csv", old)),
        read_results(write_csv(folder / "new.csv", new)),
    )


def sheets(page, folder):
    """Pages that a browser prints."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/page.pdf",
            (folder / "page.html").as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return len(re.findall(rb"/Type\s*/Page\b", (folder / "page.pdf").read_bytes()))


LONG = "Die Werte der Charge wurden mit vertauschten Ziffern eingetragen. " * 12
LETTERS = {
    "one": (1, "site-{:02d}/P-{:05d}", "A lot was mistyped."),
    "many": (900, "site-{:02d}/2024/P-{:05d}", "A lot was mistyped."),
    "long reason": (900, "site-{:02d}/2024/P-{:05d}", LONG),
    "lines": (900, "site-{:02d}/2024/P-{:05d}", "A line.\n" * 8),
    "long names": (60, "{:02d}" + "/a folder of a hospital with a long name" * 4 + "{:05d}", LONG),
    "words without end": (60, "{:02d}" + "W" * 180 + "{:05d}", "W" * 800),
}


@in_a_browser
@pytest.mark.parametrize(("n", "name", "reason"), LETTERS.values(), ids=LETTERS)
def test_a_letter_has_one_page(n, name, reason, tmp_path):
    assert sheets(render_letter(archive(tmp_path, n, name), reason), tmp_path) == 1


@in_a_browser
def test_a_long_report_goes_over_several_pages(tmp_path):
    assert sheets(render_comparison(archive(tmp_path, 200)), tmp_path) > 3


def test_what_has_no_room_in_the_letter_is_counted(tmp_path):
    page = render_letter(archive(tmp_path, 900), "A lot was mistyped.")
    listed = page.count("<td><b>S-")
    assert listed > 5
    assert f"{900 - listed} samples more are listed in the report" in page
    few = render_letter(archive(tmp_path, 5), "A lot was mistyped.")
    assert few.count("<td><b>") == 5
    assert "more are listed" not in few


def test_the_report_lists_all_of_them(tmp_path):
    page = render_comparison(archive(tmp_path, 300))
    assert all(f"<b>S-{i:05d}</b>" in page for i in range(1, 300))


def test_points_that_fall_together_are_drawn_once(tmp_path):
    small, large = (len(render_comparison(archive(tmp_path, n))) for n in (40, 400))
    figures = [len(re.search(r'<path d="([^"]*)" class="crosses"', render_comparison(
        archive(tmp_path, n)))[1]) for n in (41, 400)]  # fmt: skip
    assert large > small
    assert figures[1] < 2 * figures[0]  # 400 samples with 40 different numbers
