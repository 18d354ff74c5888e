"""The release list: what waits for whom. Samples are opened from it; nothing is signed on it."""

import re

import hostile_texts
import pytest
from laboratory import answer, tube_file
from listing import hidden_sample, printed, seen, signed_in
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def waits(house):
    """Samples that wait, by what for."""
    calibration = house.calibration(house.bead_lot, house.cytometer)
    house.user("clara", "reviewer")
    house.user("sina", "technician", "reviewer", site="north")

    def sample(name, source="healthy.fcs", **said):
        file = tube_file(source, name=f"{name}.fcs", **said)
        return house.analyse(calibration, file, subject="blood", ferritin_ng_ml="812")

    made = {
        "to perform": sample("one"),
        "by anna": sample("two"),
        "by boris": sample("three"),
        "preliminary": sample("four"),
        "blocked": sample("five", _SRC="Z-5"),
        "answered": sample("six", _SRC="Z-6"),
        "not usable": sample("seven", "forgotten-stain.fcs"),
        "final": sample("eight"),
    }
    house.sign(made["by anna"], "anna", "performed")
    house.sign(made["by boris"], "boris", "performed")
    house.sign(made["preliminary"], "anna", "preliminary")
    answer(house, made["answered"], "SUBJECT_MISMATCH", text="seen: 7,654,321")
    house.sign(made["answered"], "anna", "performed", comment="seen: 1,234,567")
    house.sign(made["final"], "anna", "performed", comment="nothing warned")
    house.sign(made["final"], "boris", "reviewed")
    made["hidden"] = hidden_sample(house, calibration)
    return made


def section(at, title):
    heading = at.page.get_by_role("heading", name=re.compile(f"^{title}"))
    return at.page.locator("section", has=heading)


def expect_in(at, title, waits, names):
    expect(section(at, title).get_by_role("heading")).to_contain_text(f"({len(names)})")
    for name in names:
        link = section(at, title).locator(f'a[href="/samples/{waits[name]["id"]}"]')
        expect(link).to_have_count(1)


def test_each_person_finds_what_waits_for_them(house, desk, waits, album):
    for name, own, others in (
        ("boris", {"by anna", "answered"}, {"by boris"}),
        ("clara", {"by anna", "answered", "by boris"}, set()),
        ("anna", None, {"by anna", "answered", "by boris"}),
        ("ada", None, {"by anna", "answered", "by boris"}),
    ):
        at = desk(house).sign_in(name)
        at.open("/release")
        if own is None:
            expect(section(at, "For you to review")).to_have_count(0)
        else:
            expect_in(at, "For you to review", waits, own)
        expect_in(at, "To be reviewed by somebody else", waits, others)
        expect_in(at, "To be signed as performed", waits, {"to perform", "preliminary", "hidden"})
        expect_in(at, "Blocked", waits, {"blocked", "not usable"})
        expect_in(at, "Released preliminary", waits, {"preliminary"})
        expect(section(at, "Blocked")).to_contain_text(
            "Waits for a technician or a reviewer" if name == "ada" else "Waits for you"
        )
        assert waits["final"]["id"] not in section(at, "To be").all_inner_texts()
        at.check_access().photograph(f"{album}/release_list_{name}.png")


def test_nothing_is_signed_here(house, waits):
    for name in ("anna", "boris", "ada", "sina"):
        page = seen(house, name, "/release")
        forms = re.findall(r"<form[^>]*>", page)
        asked = {re.search(r'action="([^"]*)"', form)[1]: form for form in forms}
        assert set(asked) == {"/sign-out", "/release"}, asked
        assert 'method="get"' in asked["/release"]
        assert "password" not in page
        assert "signatures" not in page
        assert "formaction" not in page
    with signed_in(house, "anna") as client:
        for method in ("POST", "PUT", "DELETE"):
            assert client.request(method, "/release").status_code in {403, 405}, method
    told = house.get(f"analyses/{waits['to perform']['id']}")
    assert told["state"] == "open"


def test_it_is_filtered_by_state_verdict_and_finding(house, desk, waits):
    at = desk(house).sign_in("anna")
    at.open("/release")
    for option, names in (
        ("SUBJECT_MISMATCH (2)", {"blocked", "answered"}),
        ("Reject (1)", {"not usable"}),
        ("Not signed (4)", {"to perform", "blocked", "not usable", "hidden"}),
        ("VOLTAGE_DIFFERS (1)", {"not usable"}),
    ):
        at.page.get_by_label("Only samples with").select_option(label=option)
        at.click("button", "Filter")
        expect(at.page.get_by_role("link", name="Show all")).to_be_visible()
        links = at.page.locator("table.samples tbody th a").evaluate_all(
            "all => all.map(each => each.getAttribute('href'))"
        )
        assert set(links) == {f"/samples/{waits[name]['id']}" for name in names}, option
    at.check_access()
    at.click("link", "Show all")
    expect(at.page.get_by_label("Only samples with")).to_have_value("")


def test_what_was_decided_in_spite_of_findings_stands_by_person(house, desk, waits):
    at = desk(house).sign_in("boris")
    at.open("/release")
    rows = section(at, "Decided in spite").locator("tbody tr")
    expect(rows).to_have_count(2)
    anna = rows.filter(has=at.page.get_by_role("rowheader", name="Anna"))
    otto = rows.filter(has=at.page.get_by_role("rowheader", name="Otto"))
    expect(anna.get_by_role("cell")).to_contain_text(
        ["0", "1", re.compile("SUBJECT_MISMATCH × 1"), waits["answered"]["id"][:8]]
    )
    expect(otto.get_by_role("cell")).to_contain_text(
        ["1", "0", "SUBJECT_MISMATCH × 1", waits["answered"]["id"][:8]]
    )
    assert "7,654,321" not in at.page.content()
    assert "1,234,567" not in at.page.content()


def test_a_site_sees_its_own_and_nothing_that_is_hidden(house, waits):
    page, whole = seen(house, "sina", "/release"), seen(house, "anna", "/release")
    assert set(re.findall(r'"/samples/([^"]+)"', page)) == {waits["hidden"]["id"]}
    assert printed(waits["hidden"]) in whole
    assert printed(waits["hidden"]) not in page
    assert "the laboratory; a study hides the result" in page
    assert "Verdict" not in re.search(r"<select.*?</select>", page, re.DOTALL)[0]
    assert "Otto" not in page


def test_a_reason_that_is_none_shows_nothing_and_is_no_markup(house):
    frame = hostile_texts.elements(seen(house, "anna", "/release?reason=none"))
    with signed_in(house, "anna") as client:
        for name, text in hostile_texts.ALL.items():
            if len(text) < 2000 and text.isprintable():
                answered = client.get("/release", params={"reason": text})
                assert answered.status_code == 200, name
                assert hostile_texts.elements(answered.text) == frame, name


def test_messages_that_nobody_took_are_counted_for_who_looks_after_them(house, waits):
    assert waits
    for name in ("anna", "sina"):
        assert "Messages that nobody" not in seen(house, name, "/release")
