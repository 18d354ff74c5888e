"""Quality over time on the pages: charts, runs, what is written into the log, two lots."""

import re
import statistics

import pytest
from desk import Picture
from hostile_texts import ALL, elements
from paper import Paper, words
from playwright.sync_api import expect
from watched_instrument import Watched

HARMFUL = {"script", "img", "b", "iframe"}


@pytest.fixture(scope="module")
def watched(house):
    return Watched(house)


@pytest.fixture(scope="module")
def boris(house, watched):  # noqa: ARG001 - that it is there
    return Paper(house, "boris")


def test_the_list_says_of_each_instrument_how_it_is(house, desk, watched, album):
    house.instrument(name="Never used")
    at = desk(house).sign_in("anna")
    at.click("link", "Quality")
    row = at.page.get_by_role("row").filter(has_text="Canto 1")
    expect(row).to_contain_text("1 run")
    expect(row).to_contain_text("none for this lot and service")
    expect(at.page.get_by_role("row").filter(has_text="Never used")).to_contain_text("No run")
    Picture(album)(at, "quality-instruments")
    row.get_by_role("link", name="Canto 1").click()
    expect(at.page).to_have_url(re.compile(watched.page))
    expect(at.page.get_by_role("button", name="Let it be used")).to_have_count(0)


def test_every_quantity_has_its_chart_and_those_that_may_reject_come_first(house, desk, watched):
    at = desk(house).sign_in("anna")
    at.open(watched.page)
    at.check_access()
    names = at.page.locator(".charts h3").all_text_contents()
    told = watched.told()
    assert len(names) == len(told["charts"])
    weights = ["may reject" in each for each in names]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == sum(each["rejects"] for each in told["charts"])
    blood = at.page.get_by_role("img", name=re.compile("control blood low"))
    expect(blood).to_have_accessible_name(re.compile("run 24, 1-3s"))
    expect(blood.locator(".rejected")).to_have_count(1)
    slope = at.page.get_by_role("img", name=re.compile("chart of slope"))
    expect(slope).to_contain_text("service 2026-04-08")
    expect(slope).to_contain_text("lot SIM-2")
    expect(slope.locator("rect.window")).to_have_count(1)


def test_the_table_says_what_is_violated_and_what_to_do(house, desk, watched):
    at = desk(house).sign_in("anna")
    at.open(watched.page)
    row = at.page.locator(f"#run-{watched.bad['id']}")
    expect(row).to_contain_text("Rejected")
    expect(row).to_contain_text("rule 1-3s, beyond 3 SD. Measure it again")
    expect(row).to_contain_text("CALIBRATION_SHIFTED")
    expect(row.get_by_role("link").first).to_have_attribute("href", f"/runs/{watched.bad['id']}")
    expect(at.page.locator(f"#run-{watched.steady[3]['id']}")).to_contain_text("Baseline")
    told = {each["calibration_id"]: each for each in watched.told()["runs"]}
    shown = at.page.locator("tr[id^='run-']").all()
    assert [each.get_attribute("id")[4:] for each in shown] == list(reversed(told))


def test_one_value_beyond_two_sd_is_told_quietly(house, desk, watched):
    alone = [
        each["calibration_id"]
        for each in watched.told()["runs"]
        if [f["code"] for f in each["findings"] if f["severity"] != "note"] == ["WESTGARD_1_2S"]
    ]
    assert alone
    at = desk(house).sign_in("anna")
    at.open(watched.page)
    for id_ in alone:
        row = at.page.locator(f"#run-{id_}")
        expect(row.locator(".badge")).to_have_text(["One beyond 2 SD"])
        expect(row.locator(".quietly").first).to_contain_text("One in twenty does")


def test_a_technician_looks_and_writes_nothing(house, watched):
    anna, log = Paper(house, "anna"), watched.told()["log"]
    assert "Write into the log" not in anna.get(watched.page)
    anna.get(f"{watched.page}/baseline", 403)
    assert "Take back" not in anna.get(watched.page)
    for what in ("services", "by-hand", "rules", "uses", "withdrawals", "baseline"):
        anna.send(f"{watched.page}/{what}", 403, "/quality", reason="mine")
    assert watched.told()["log"] == log


def test_what_is_refused_is_shown_again_with_what_was_typed(boris, watched):
    log, last = watched.told()["log"], watched.next[-1]["id"]
    wrong = {
        "by-hand": {"run": last, "quantity": "slope", "mean": "1,01", "sd": "0.1", "reason": "<w>"},
        "services": {"at": "yesterday", "reason": "<w>"},
        "rules": {"of": "slope", "rule": "1-3s", "action": "perhaps", "reason": "<w>"},
        "uses": {"calibration_id": watched.bad["id"], "reason": "<w>"},
    }
    for what, fields in wrong.items():
        page = boris.send(f"{watched.page}/{what}", 422, watched.page, **fields)
        assert page.count('role="alert"') == 1, what
        assert 'value="&lt;w&gt;"' in page, what
    assert "a tick at the sentence" in words(page)
    steady = boris.send(
        f"{watched.page}/uses", 409, watched.page,
        calibration_id=last, reason="x", sure="yes",
    )  # fmt: skip
    assert "violates a rule that rejects, found one that does not" in words(steady)
    assert watched.told()["log"] == log


@pytest.mark.parametrize(
    ("most", "shown"), [("28", 28), ("0", 1), ("-3", 30), ("x", 30), ("²", 30), ("9" * 30, 30)]
)
def test_a_refusal_shows_as_many_runs_as_before(boris, watched, most, shown):
    fields = {"calibration_id": watched.bad["id"], "reason": "the vial", "most": most}
    page = boris.send(f"{watched.page}/uses", 422, watched.page, **fields)
    assert page.count('<tr id="run-') == shown


def test_what_would_be_locked_is_shown_and_then_locked(house, desk, watched, album):
    at = desk(house).sign_in("boris")
    at.open(watched.page)
    at.click("link", "Choose the runs")
    expect(at.page.locator("#main")).to_contain_text("found 3 in a window of 3")
    for label, run in (("First run", watched.steady[0]), ("Last run", watched.steady[-1])):
        at.page.get_by_label(label).select_option(run["id"])
    at.click("button", "Show what would be locked")
    row = at.page.get_by_role("row").filter(has_text="slope")
    slopes = [each["curve"]["slope"] for each in watched.steady]
    expect(row).to_contain_text(f"{statistics.fmean(slopes):.4f}")
    expect(row).to_contain_text(f"{statistics.stdev(slopes):.4f}")
    expect(row).to_contain_text("has a baseline")
    Picture(album)(at, "quality-baseline")
    expect(at.page.get_by_role("checkbox", checked=True)).to_have_count(0)
    row.get_by_role("checkbox").check()
    at.check_access()
    at.fill("Why these runs", "the same again")
    at.click("button", "Lock it")
    log = at.page.get_by_role("region", name="Table of the log")
    expect(log.get_by_role("row").nth(1)).to_contain_text("Baseline locked from 20 runs: slope")
    (kept,) = watched.told()["log"][-1]["content"]["baselines"]
    assert (kept["quantity"], kept["sd"]) == ("slope", pytest.approx(statistics.stdev(slopes)))


def test_a_lock_that_is_refused_keeps_what_was_chosen(boris, watched):
    ends = {"first": watched.steady[0]["id"], "last": watched.steady[-2]["id"]}
    path = f"{watched.page}/baseline"
    page = boris.get(f"{path}?first={ends['first']}&last={ends['last']}")
    assert "19 runs" in words(page)
    assert "Lock it" not in page
    ends["last"] = watched.steady[-1]["id"]
    fields = {**ends, "quantities": ["slope", "voltage"], "reason": " "}
    page = boris.send(path, 422, runs=[each["id"] for each in watched.steady], **fields)
    assert page.count(" checked>") == 2
    assert 'role="alert"' in page
    boris.get(f"{path}?first={ends['last']}&last={ends['first']}", 422)


def test_a_service_and_a_rule_are_written_without_scripts(house, desk, watched):
    at = desk(house, java_script_enabled=False).sign_in("boris")
    at.open(watched.page)
    at.fill("When", "2026-04-09T07:30")
    at.fill("What was done", "the stage was cleaned")
    at.click("button", "Note it")
    log = at.page.get_by_role("region", name="Table of the log")
    newest = log.get_by_role("row").nth(1)
    expect(newest).to_contain_text("Service of 2026-04-09 07:30")
    expect(newest).to_contain_text("the stage was cleaned")
    at.page.get_by_label("Of", exact=True).select_option("peak_cv")
    at.page.get_by_label("Rule", exact=True).select_option("1-2s")
    at.page.get_by_label("From now on").select_option("off")
    at.fill("Why", "too many of them", exact=True)
    at.click("button", "Switch it")
    expect(newest).to_contain_text("Rule 1-2s of CV of every peak: off")
    table = at.page.get_by_role("region", name="Table of rules")
    expect(table.get_by_role("row").filter(has_text="CV of peak 2")).to_contain_text("off")


def test_two_lots_side_by_side_say_what_the_call_says(house, desk, watched, album):
    at = desk(house).sign_in("anna")
    at.open(watched.page)
    at.click("link", "Bridge two lots")
    at.page.get_by_label("Old lot").select_option(house.bead_lot["id"])
    at.page.get_by_label("New lot").select_option(watched.other["id"])
    at.click("button", "Hold them against each other")
    lots = {"old": house.bead_lot["id"], "new": watched.other["id"]}
    bias = house.get(f"quality/{watched.id}/bridging", params=lots)["bias"]
    shown = at.page.get_by_role("region", name="Table of pairs")
    expect(shown.get_by_role("row")).to_have_count(4)
    for number in (bias["percent"], bias["low"], bias["high"]):
        expect(at.page.locator(".numbers")).to_contain_text(f"{number:+.2f} %".replace("-", "−"))
    Picture(album)(at, "quality-bridging")
    paper = Paper(house, "anna").get(
        f"{watched.page}/bridging?old={lots['old']}&new={lots['old']}", 422
    )
    assert "expected two lots" in words(paper)


def test_a_rejected_run_is_let_be_used_by_a_reviewer_alone(house, desk, watched, album):
    at = desk(house).sign_in("boris")
    at.open(f"/samples/{watched.patient['id']}")
    box = at.page.locator("#answer-RUN_OUT_OF_CONTROL")
    expect(box.get_by_role("button")).to_have_count(0)
    at.check_access()
    box.get_by_role("link", name="Quality of the instrument").click()
    expect(at.page).to_have_url(re.compile(f"{watched.page}#run-{watched.bad['id']}"))
    Picture(album)(at, "quality", 1560)
    at.open(f"/runs/{watched.bad['id']}")
    expect(at.page.locator(".light")).to_contain_text("Rejected No number of a patient")
    at.open(watched.page)
    at.page.get_by_label("Why run 24 may be used").fill("the vial of control blood was old")
    at.page.get_by_label("Numbers of patients will rest on run 24").check()
    at.click("button", "Let it be used")
    expect(at.page.get_by_role("heading", name="Runs that may not be used")).to_have_count(0)
    expect(at.page.locator(f"#run-{watched.bad['id']}")).to_contain_text("Rejected, used")
    at.open(f"/runs/{watched.bad['id']}")
    expect(at.page.locator(".light")).to_contain_text(
        "Rejected, used boris lets it be used: the vial"
    )
    at.check_access()
    at.open(f"/samples/{watched.patient['id']}")
    expect(box).to_have_count(0)
    expect(at.page.locator("#main")).to_contain_text("RUN_USED_IN_SPITE")
    slope = {"mean": watched.bad["curve"]["slope"] - 1.0, "sd": 0.1}
    watched.write("baselines", run=watched.bad["id"], by_hand={"slope": slope})
    at.open(watched.page)
    again = at.page.locator(".open-run").filter(has_text="Run 24")
    expect(again).to_contain_text("boris let it be used before it violated all of this: the vial")
    expect(at.page.locator(f"#run-{watched.bad['id']} .badge").first).to_have_text("Rejected")


def test_hostile_texts_stay_texts(boris, watched):
    token = re.search(r'name="csrf" value="([^"]+)"', boris.get("/quality"))[1]
    said = {"csrf": token, "of": "voltage", "rule": "1-2s", "action": "off"}
    for text in ALL.values():
        fields = {**said, "reason": text.encode("utf-8", "surrogatepass")}
        answer = boris.ask("POST", f"{watched.page}/rules", data=fields)
        assert answer.status_code in {303, 422}
        if answer.status_code == 422:
            assert not HARMFUL & {tag for tag, _ in elements(_body(answer.text))}
    assert not HARMFUL & {tag for tag, _ in elements(_body(boris.get(watched.page)))}


def _body(page):
    """What stands behind the head, which loads the page's own script."""
    return page.partition("<body")[2]
