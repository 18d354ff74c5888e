"""The page of a sample: what it shows is what was measured, to those who may see it."""

import io
import re

import pypdf
import pytest
from hostile_texts import ALL, MARKER, elements
from laboratory import (
    BEADS,
    LOT,
    PASSWORD,
    SAMPLES,
    describe,
    regate,
    release,
    tube_file,
)
from playwright.sync_api import expect
from sample_reader import Person, digits, drawings, seen, tube, words

import hladr
from hladr.gate_files import write_gatingml
from service.doors.report.figures import Figures, NoFigures
from service.pages.sample import drawings as kept


@pytest.fixture(scope="module")
def anna(house):
    with Person(house, "anna") as who:
        yield who


@pytest.fixture(scope="module")
def eleni(house):
    """Somebody of the site in Athens."""
    house.user("eleni", "technician", site="Athens")
    with Person(house, "eleni") as who:
        yield who


@pytest.fixture(scope="module")
def study(house, anna):  # noqa: ARG001 - who works before it begins
    """A study that hides results after randomisation from its sites."""
    made = house.post("studies", json={"name": "ImmunoSep of pages"})
    path = f"studies/{made['id']}/subjects/ATH-0900"
    house.put(path, json={"randomised_at": "2026-03-14T08:00:00+00:00"})
    return made


def hidden_tube(house, study):
    said = {"drawn_at": "2026-03-14T08:30", "study": study["id"]}
    return tube(house, "ATH-0900", **said)


def by_hand(house, analysis):
    """The automatic gate, as somebody draws it."""
    lot = ",".join(map(str, LOT["assigned"]))
    found = hladr.quantify(SAMPLES / "healthy.fcs", beads=BEADS, lot=lot)
    text = write_gatingml(found.gating.strategy)
    gates = ("gates.xml", text, "application/xml")
    return regate(house, analysis, gates=gates, population="monocytes", reason="as I see it")


def without_number(house, **said):
    fields = {"outcome": "clotted", "subject": "ATH-0002", **said}
    parts = {name: (None, text) for name, text in fields.items()}
    return house.post("analyses", files=parts)


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


def test_its_numbers_are_those_of_the_result(house, anna):
    made = tube(house, "ATH-0001")
    shown, number = words(anna.read(f"/samples/{made['id']}")), made["result"]["hla_dr"]
    assert f"{number['abc']:,.0f} AB/c" in shown
    assert f"{number['ci95'][0]:,.0f} to {number['ci95'][1]:,.0f}" in shown
    assert "Decisive; probability 0.999" in shown
    for each in made["result"]["findings"]:
        assert each["message"][1:] in shown
        assert each["code"] in shown
    for value in ("B-17", "D3", "2026-03-14 08:00:00", "lyse-no-wash", "1240 ng/mL", "Canto 1"):
        assert value in shown


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


def test_the_report_identifies_itself_on_every_page(house, anna):
    made = tube(house, "ATH-0001")
    release(house, made)
    answer = anna.client.get(f"/api/v1/analyses/{made['id']}/report.pdf")
    if answer.status_code == 501:
        pytest.skip("no WeasyPrint is installed here")
    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Research use only. Not for diagnosis." in text
        assert "ATH-0001" in text


def test_gates_drawn_by_hand_stand_beside_the_automatic_ones(house, anna):
    made = by_hand(house, tube(house, "ATH-0001"))
    moved = {"gate": "leukocytes", "intervals": [[3000.0, None]]}
    path = f"analyses/{made['id']}/gates/moved"
    made = house.post(path, version=made["version"], json=moved)
    page = anna.read(f"/samples/{made['id']}")
    for text in ("AB/c moved by", "the number rests on “Monocytes”", "by hand, “Monocytes”"):
        assert text in words(page)
    assert 'aria-label="Leukocytes, as drawn"' in page
    assert 'aria-label="Leukocytes, automatic"' in page
    for name in (*BEFORE, "Single cells", "Monocytes by CD14", "Monocytes"):
        assert page.count(f'aria-label="{name}"') == 1
        assert f'aria-label="{name}, as drawn"' not in page
    assert "Gates that are not drawn" not in words(page)
    assert len(page) < 200_000, len(page)


BEFORE = ("Time", "On scale", "Singlets")


def plots_of(page):
    """Title, words and axes of every gate that a page or a report shows on its own."""
    found = re.findall(r"<figure>\s*<figcaption.*?</figure>", page, flags=re.DOTALL)
    gates = [each for each in found if "<image" in each]
    return {
        re.sub(r"^\d+\. ", "", words(re.search(r"<b>(.*?)</b>", each)[1])): (
            re.sub("; not moved$", "", words(re.search(r"<br>(.*?)</figcaption>", each)[1])),
            re.findall(r"<text[^>]*>(.*?)</text>", each, flags=re.DOTALL),
        )
        for each in gates
    }


@pytest.mark.parametrize("by", ["automatic", "by hand"])
def test_page_editor_and_report_say_the_same_of_every_gate(house, anna, by):
    """The same words, the same events of the same parent, the same axes to the last tick."""
    made = tube(house, "ATH-0001")
    made = made if by == "automatic" else by_hand(house, made)
    release(house, made)
    page = plots_of(anna.read(f"/samples/{made['id']}"))
    report = plots_of(anna.read(f"/api/v1/analyses/{made['id']}/report.html"))
    assert page == report
    editor = anna.read(f"/samples/{made['id']}/gates?change=yes")
    sections = re.findall(r'<section class="panel gate".*?</section>', editor, flags=re.DOTALL)
    assert len(sections) == 6
    for each in sections:
        title = words(re.search(r"<h2[^>]*>(.*?)</h2>", each)[1])
        said = words(re.search(r'<figcaption class="events">(.*?)</figcaption>', each)[1])
        ticks = re.findall(r"<text[^>]*>(.*?)</text>", each, flags=re.DOTALL)
        assert page[title][0] == said
        assert set(page[title][1]) <= set(ticks)  # a larger picture has room for more
        assert page[title][1][-2:] == ticks[-2:]


def test_an_older_version_says_so_and_is_only_looked_at(house, anna):
    made = tube(house, "ATH-0001")
    describe(house, made, visit="D7", reason="read wrong")
    page = anna.read(f"/samples/{made['id']}/versions/1")
    assert "This is version 1, as it was. It cannot be signed or changed." in words(page)
    assert f'href="/samples/{made["id"]}"' in page
    assert "<button" not in page.partition("<main")[2]
    newest = words(anna.read(f"/samples/{made['id']}"))
    assert "described anew by key:administrator" in newest
    assert "read wrong" in newest
    anna.read(f"/samples/{made['id']}/versions/3", 404)


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


def test_without_a_number_the_reason_is_the_result(house, anna):
    made = without_number(house)
    shown = words(anna.read(f"/samples/{made['id']}"))
    assert "The blood was clotted." in shown
    assert "There is no number that somebody could stand for." in shown
    reason = without_number(house, outcome="not_done", outcome_reason="the tube broke")
    assert "Reason: the tube broke" in words(anna.read(f"/samples/{reason['id']}"))


def test_tubes_of_one_draw_lead_to_one_another(house, anna):
    first = tube(house, "ATH-0001")
    second = tube(house, "ATH-0001", related_to=first["id"], relation="duplicate")
    page = anna.read(f"/samples/{second['id']}")
    assert f'href="/samples/{first["id"]}"' in page
    assert "duplicate of" in words(page)
    assert "within the limit of" in words(page)
    assert f'href="/samples/{second["id"]}"' in anna.read(f"/samples/{first['id']}")


def test_a_hidden_result_is_nowhere_on_the_page_of_its_site(house, anna, eleni, study):
    made = hidden_tube(house, study)
    describe(house, made, visit="D7")
    for path in (f"/samples/{made['id']}", f"/samples/{made['id']}/versions/1"):
        of_laboratory, of_site = anna.read(path), eleni.read(path)
        assert len(drawings(of_laboratory)) >= 6  # so that they are at hand
        assert all(each in of_laboratory for each in digits(made)[3:])
        assert not [each for each in digits(made) if each in of_site]
        assert drawings(of_site) == []
        assert "Result SHA-256" not in of_site
        assert "verdict" not in of_site
        assert "The study hides results after randomisation" in of_site
        assert 'name="meaning"' not in of_site


def test_nobody_signs_what_is_hidden_from_them(house, anna, eleni, study):
    made = hidden_tube(house, study)
    hidden = {"result_sha256": "", "form": "sign", "version": "1", "meaning": "performed"}
    csrf = re.search(r'name="csrf" value="([^"]+)"', eleni.read(f"/samples/{made['id']}"))[1]
    said = {**hidden, "csrf": csrf, "password": PASSWORD}
    path = f"/samples/{made['id']}/signatures"
    assert eleni.client.post(path, data=said).status_code == 412
    sha256 = re.search(r"[0-9a-f]{64}", words(anna.read(f"/samples/{made['id']}")))[0]
    answer = eleni.client.post(path, data={**said, "result_sha256": sha256})
    assert answer.status_code == 403
    assert not [each for each in digits(made) if each in answer.text]
    assert seen(house, made)["signatures"] == []


def test_a_sample_of_another_site_is_not_there(house, anna, eleni):
    made = tube(house, "BER-0001", site="Berlin")
    anna.read(f"/samples/{made['id']}")
    for path in ("", "/versions/1", "/tube"):
        assert "There is no such page" in eleni.read(f"/samples/{made['id']}{path}", 404)
    anna.read("/samples/0000", 404)
    anna.read("/samples/<script>", 404)


def test_calls_are_noted_and_shown(house, anna):
    made = tube(house, "ATH-0001")
    assert "Told by telephone" not in anna.read(f"/samples/{made['id']}")
    release(house, made)
    page = anna.read(f"/samples/{made['id']}")
    now = re.search(r'name="told_at" required value="([^"]+)"', page)[1]
    said = {"told": "Dr Papadaki, ICU", "told_at": now, "read_back": "yes"}
    late = anna.send(page, "notice", 422, **{**said, "told_at": "2150-01-01T00:00"})
    assert "expected the time of a call that was made" in words(late).replace(
        "Expected", "expected"
    )
    assert 'value="Dr Papadaki, ICU"' in late
    anna.send(page, "notice", **said)
    shown = words(anna.read(f"/samples/{made['id']}"))
    assert "Dr Papadaki, ICU , version 1, read back" in shown
    (notice,) = seen(house, made)["notices"]
    assert notice["read_back"]


VARIANTS = {
    "open": lambda house: tube(house, "ATH-0001"),
    "amber": lambda house: tube(house, "ATH-0001", named="OTHER-1"),
    "control": lambda house: tube(house, "CTRL", kind="control"),
    "rejected": lambda house: house.analyse(
        house.beads, tube_file(_CYTSN="V00000002"), subject="ATH-0001"
    ),
    "withheld": lambda house: house.sign(
        tube(house, "ATH-0001"), "anna", "rejected", comment="a wrong tube"
    ),
    "final": lambda house: release(house, tube(house, "ATH-0001")),
    "amended": lambda house: describe(house, release(house, tube(house, "ATH-0001")), visit="D7"),
    "by-hand": lambda house: by_hand(house, tube(house, "ATH-0001")),
    "without-a-number": without_number,
}


def test_everybody_can_read_every_kind_of_sample(house, desk, album):
    tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    for name, make in VARIANTS.items():
        made = make(house)
        at.open(f"/samples/{made['id']}")
        at.check_access()
        at.photograph(album / f"sample-{name}.png")
        badges = at.page.locator(".badge")
        assert badges.count() > 0
        for badge in badges.all():  # in grey, a shape and a word are left
            assert badge.inner_text().strip()
            assert badge.locator("svg path").count() == 1
    at.open(f"/samples/{made['id']}/tube")
    at.check_access()
    at.photograph(album / "tube.png")
    small = desk(house, viewport={"width": 400, "height": 800}).sign_in("anna")
    small.open(f"/samples/{tube(house, 'ATH-0001')['id']}")
    small.check_access()
    wide = small.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 400


def test_the_page_prints_without_its_forms(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    pages = pypdf.PdfReader(io.BytesIO(at.page.pdf(format="A4"))).pages
    text = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in pages))
    for shown in ("ATH-0001", "1 Beads", "5 Result", "32,155", "Research use only", "Page 1 of "):
        assert shown in text
    for left_out in ("Your password", "Sign-off", "Sign out", "Change the gates", "Worklist"):
        assert left_out not in text


@pytest.mark.parametrize("text", [t for t in ALL.values() if t.isprintable() and len(t) <= 200])
def test_hostile_texts_are_shown_as_texts(house, anna, plain, text):
    made = tube(house, text, named="ATH-0001", operator=text, visit=text)
    page = anna.read(f"/samples/{made['id']}")
    refused = anna.send(page, "answer-SUBJECT_MISMATCH", 422, answer=text, password="")
    anna.send(page, "answer-SUBJECT_MISMATCH", answer=text, password=PASSWORD)
    page = anna.read(f"/samples/{made['id']}")
    anna.send(page, "sign", meaning="preliminary", comment=text, password=PASSWORD)
    whole = anna.read(f"/samples/{made['id']}")
    form = anna.read(f"/samples/{made['id']}/tube")
    for each in (page, refused, whole, form):
        assert MARKER in each
        assert set(elements(each)) <= plain
    assert words(whole).count(re.sub(r"\s+", " ", text)) >= 3


@pytest.fixture(scope="module")
def plain(house, anna):
    """Elements of pages of samples that mean no harm."""
    first = tube(house, "ATH-0001", named="OTHER-1")
    page = anna.read(f"/samples/{first['id']}")
    texts = [page, anna.read(f"/samples/{first['id']}/tube")]
    code = "answer-SUBJECT_MISMATCH"
    texts.append(anna.send(page, code, 422, answer="x", password=""))
    anna.send(page, code, answer="x", password=PASSWORD)
    texts.append(anna.read(f"/samples/{first['id']}"))
    anna.send(texts[-1], "sign", meaning="preliminary", comment="x", password=PASSWORD)
    texts.append(anna.read(f"/samples/{first['id']}"))
    return {each for text in texts for each in elements(text)}


class Opened:
    """A version of a sample, as far as figures are found by it."""

    def __init__(self, id, result="result", version=1):
        self.told, self.result_sha256 = {"result": result}, str(result)
        self.analysis = type("Analysis", (), {"id": id, "version": version})
        self.standing = type("Standing", (), {"withheld": False})


def test_the_last_figures_are_kept_and_no_more(monkeypatch):
    drawn = []
    monkeypatch.setattr(kept, "figures_of", lambda _, each, __: drawn.append(each.id) or FIGURES)
    found = kept.Drawings(most=2)
    for id_ in ("a", "b", "a", "c", "a", "b"):
        found.draw(None, Opened(id_))
    assert drawn == ["a", "b", "c", "b"]
    assert found.kept(Opened("a", result=None)) == NoFigures("")
    assert found.kept(Opened("a", version=2)) is None
    assert found.kept(Opened("a", "another")) is None


def test_why_there_are_no_figures_is_asked_again(monkeypatch):
    answers = iter([NoFigures("lost"), FIGURES])
    monkeypatch.setattr(kept, "figures_of", lambda *_: next(answers))
    found = kept.Drawings()
    assert [found.draw(None, Opened("a")) for _ in range(3)] == [
        NoFigures("lost"),
        FIGURES,
        FIGURES,
    ]


FIGURES = Figures({"beads": ""})
