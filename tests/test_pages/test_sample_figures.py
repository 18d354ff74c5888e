"""The figures of a sample: in reading order, and the same wherever they stand."""

import re

from laboratory import release
from playwright.sync_api import expect
from sample_reader import digits, drawings, tube, words

from service.doors.report.figures import Figures, NoFigures
from service.pages.sample import drawings as kept

FIGURES = Figures({"beads": ""})


def lose(house, analysis):
    (file,) = (house.process.err.parent / "data").rglob(analysis["file"]["sha256"])
    file.unlink()


def test_five_panels_stand_in_reading_order_with_nothing_folded_away(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    names = at.page.get_by_role("heading", level=2).all_inner_texts()
    assert [each for each in names if each[:1].isdigit()] == [
        "1 Beads", "2 Line", "3 Gates", "4 HLA-DR", "5 Result",
    ]  # fmt: skip
    for name in (
        "Histogram of the singlet beads", "Standard curve and its residuals",
        "Time", "On scale", "Singlets", "Leukocytes", "Single cells", "Monocytes by CD14",
        "Monocytes by forward scatter", "Monocytes", "HLA-DR histogram of the monocytes",
    ):  # fmt: skip
        expect(at.page.get_by_role("img", name=name, exact=True)).to_be_visible()
    expect(at.page.get_by_role("link", name="Change the gates")).to_be_visible()
    assert not at.page.locator(".panels details").count()


def test_page_and_report_show_the_same_figures_hash_and_version(house, anna):
    made = tube(house, "ATH-0001")
    release(house, made)
    page = anna.read(f"/samples/{made['id']}")
    report = anna.read(f"/api/v1/analyses/{made['id']}/report.html")
    on_page, on_paper = drawings(page), drawings(report)
    assert len(on_page) >= 6
    assert [each for each in on_paper if each in on_page] == on_page
    (sha256,) = re.findall(r"Result SHA-256 ([0-9a-f]{64})", words(page))
    assert f"Result SHA-256 {sha256}" in words(report)
    assert f"Report {made['id'].upper()[:8]} , version 1" in words(report)
    assert f"Sample {made['id'].upper()[:8]}, version 1" in words(page)


def test_what_cannot_be_drawn_says_why(house, anna):
    lost = tube(house, "ATH-0001", file="borderline.fcs")
    lose(house, lost)
    page = anna.read(f"/samples/{lost['id']}")
    assert drawings(page) == []
    assert "A file that the figures are drawn from is lost or damaged." in page
    assert f"{lost['result']['hla_dr']['abc']:,.0f} AB/c" in words(page)


def test_a_number_that_people_rejected_is_in_no_figure(house, anna):
    made = tube(house, "ATH-0001")
    house.sign(made, "anna", "rejected", comment="a wrong tube")
    page = anna.read(f"/samples/{made['id']}")
    assert "Anna signed version 1 as rejected: a wrong tube" in words(page)
    panels = page.partition('id="result"')[0]
    assert len(drawings(panels)) >= 6
    assert not [each for each in digits(made) if each in panels]
    assert "HLA-DR 32,155" not in words(page)


class Opened:
    """A version of a sample, as far as figures are found by it."""

    files = ("blood", "beads")

    def __init__(self, id, result="result", version=1):
        self.told, self.result_sha256 = {"result": result}, str(result)
        self.analysis = type("Analysis", (), {"id": id, "version": version})
        self.standing = type("Standing", (), {"withheld": False})


class Laboratory:
    """Whose files stay as they are, until they are touched."""

    def __init__(self):
        self.archive, self.touched = self, 0

    def traces(self, wanted):
        return tuple((each, self.touched) for each in wanted)


def test_the_last_figures_are_kept_and_no_more(monkeypatch):
    drawn = []
    monkeypatch.setattr(kept, "figures_of", lambda _, each, __: drawn.append(each.id) or FIGURES)
    found, here = kept.Drawings(most=2), Laboratory()
    for id_ in ("a", "b", "a", "c", "a", "b"):
        found.draw(here, Opened(id_))
    assert drawn == ["a", "b", "c", "b"]
    assert found.kept(here, Opened("a", result=None)) == NoFigures("")
    assert found.kept(here, Opened("a", version=2)) is None
    assert found.kept(here, Opened("a", "another")) is None
    assert found.kept(here, Opened("a")) == FIGURES
    here.touched = 1
    assert found.kept(here, Opened("a")) is None


def test_why_there_are_no_figures_is_asked_again(monkeypatch):
    answers = iter([NoFigures("lost"), FIGURES])
    monkeypatch.setattr(kept, "figures_of", lambda *_: next(answers))
    found = kept.Drawings()
    assert [found.draw(Laboratory(), Opened("a")) for _ in range(3)] == [
        NoFigures("lost"),
        FIGURES,
        FIGURES,
    ]
