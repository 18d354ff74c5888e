"""The page in a narrow window, as a browser lays it out."""

import dataclasses
import html
import json
import re
import shutil
import subprocess

import pytest

from hladr.evidence import ListedGate
from hladr.report import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MEASURE = """<body><iframe width="{width}" height="900" srcdoc="{page}"></iframe><script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  const at = (each) => {{
    const box = each.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
  }};
  document.body.textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth,
    cards: [...page.querySelectorAll(".card")].map(at),
    figures: [...page.querySelectorAll(".pair figure")].map(at),
    texts: [...page.querySelectorAll(".card *, h1, dd, td, figcaption, .verdict p")]
      .filter((each) => !each.closest(".numbers")).map(at),
  }});
}});
</script>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def laid_out(result, width, folder):
    """Where things stand in a window of this width, in pixels: left, top, right, bottom."""
    page = folder / "page.html"
    text = html.escape(render(result), quote=True)
    page.write_text(MEASURE.format(width=width, page=text), encoding="utf-8")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom",
        "--disable-background-networking", f"--user-data-dir={folder}/profile", page.as_uri(),
    ]  # fmt: skip
    ran = subprocess.run(command, check=True, capture_output=True, timeout=120, text=True)
    return json.loads(html.unescape(re.search(r"<body>(\{.*\})</body>", ran.stdout)[1]))


@pytest.fixture(scope="module")
def long_names(rejected):
    """A rejected result with names that are longer than the window is wide."""
    evidence = dataclasses.replace(
        rejected.evidence, listed=(ListedGate("gate" * 30, "range of FSC-A / FSC-H"),)
    )
    sample = dataclasses.replace(rejected.sample, file="patient" * 20 + ".fcs")
    return dataclasses.replace(rejected, evidence=evidence, sample=sample)


@pytest.mark.parametrize("width", [360, 420, 600])
@pytest.mark.parametrize("kind", ["passed", "long_names"])
def test_nothing_reaches_beyond_a_narrow_window(kind, width, tmp_path, request):
    found = laid_out(request.getfixturevalue(kind), width, tmp_path)
    assert found["width"] <= width
    assert max(right for _, _, right, _ in found["texts"]) <= width
    number, class_ = found["cards"]
    assert class_[1] >= number[3]  # one below the other


def test_in_a_wide_window_cards_and_figures_stand_side_by_side(passed, tmp_path):
    found = laid_out(passed, 1200, tmp_path)
    for one, other in (found["cards"], found["figures"]):
        assert one[1] == other[1]
        assert one[2] <= other[0]


def test_without_bead_events_the_curve_keeps_its_size(passed, tmp_path):
    both = laid_out(passed, 1200, tmp_path)["figures"]
    (curve,) = laid_out(dataclasses.replace(passed, bead_evidence=None), 1200, tmp_path)["figures"]
    assert curve[2] - curve[0] == both[1][2] - both[1][0]
