"""The figure of how sure a class is: it draws what the function says."""

import importlib.util
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hladr.criterion import same_side_probability
from hladr.report.certainty_figure import draw_certainty

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def drawn_curve(cv):
    """Points of the one curve, as fractions of the frame from its lower left corner."""
    tree = ET.fromstring(draw_certainty(5_000.0, [("a key", cv)]))  # noqa: S314 - ours
    frame = next(each for each in tree.iter(f"{SVG}rect") if each.get("class") == "frame")
    left, top, width, height = (float(frame.get(name)) for name in ("x", "y", "width", "height"))
    path = next(each for each in tree.iter(f"{SVG}path") if each.get("class") == "curve")
    places = [pair.split() for pair in path.get("d").removeprefix("M").split("L")]
    return [((float(x) - left) / width, (top + height - float(y)) / height) for x, y in places]


@pytest.mark.parametrize("cv", [0.032, 0.25])
def test_the_curve_is_the_function(cv):
    for across, up in drawn_curve(cv):
        abc = 2_500.0 + across * 5_500.0
        expected = (same_side_probability(abc, 5_000.0, cv) - 0.5) / 0.505
        assert up == pytest.approx(expected, abs=0.01 if cv > 0.1 else 0.03)


def test_no_curve_and_too_many_are_refused():
    for curves in ([], [("a key", 0.1)] * 5):
        with pytest.raises(ValueError, match="one to 4 curves"):
            draw_certainty(5_000.0, curves)


def test_a_key_cannot_break_the_picture():
    text = draw_certainty(5_000.0, [("<script>&", 0.1)])
    assert "<script>" not in text
    ET.fromstring(text)  # noqa: S314 - ours


@pytest.mark.skipif(not PICTURES.is_dir(), reason="the pages are in the checkout only")
def test_the_picture_of_the_page_is_the_one_that_is_drawn():
    spec = importlib.util.spec_from_file_location("certainty", PICTURES / "certainty.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    drawn = draw_certainty(5_000.0, module.CURVES)
    assert (PICTURES / "certainty.svg").read_text(encoding="utf-8") == f"{drawn}\n"
