"""Quality over time on the pages: charts, runs, what is written into the log, two lots."""

import re

import pytest
from desk import Picture
from hostile_texts import ALL, elements
from laboratory import PASSWORD
from paper import Paper, words
from playwright.sync_api import expect
from quality_runs import STEADY, calibrate, control_blood, runs

WINDOW = 20


class Watched:
    """An instrument that was steady, then was not, then was serviced; then came another lot."""

    def __init__(self, house):
        self.house, lot = house, house.bead_lot
        self.id, place = house.cytometer["id"], (lot, house.cytometer)
        self.steady = runs(house, *place, STEADY[:WINDOW])
        for each in self.steady:
            control_blood(house, each)
        self.write("baselines", runs=[each["id"] for each in self.steady])
        self.next = runs(house, *place, STEADY[WINDOW : WINDOW + 3], first=WINDOW)
        for each in self.next:
            control_blood(house, each)
        self.bad = calibrate(house, *place, 24, -0.10)
        control_blood(house, self.bad)
        self.patient = house.analyse(self.bad, "borderline.fcs", subject="P-1")
        self.write("services", at="2026-04-08T07:00", reason="a new laser")
        values = [each * 1.02 for each in lot["assigned"]]
        self.other = house.lot(number="SIM-2", assigned=values)
        for day, gain in ((30, 0.002), (31, -0.004), (32, 0.005)):
            calibrate(house, *place, day, gain)
            calibrate(house, self.other, house.cytometer, day, gain, hour=1)

    def write(self, what, status=201, **said):
        said = {"reason": "as planned", **said}
        return self.house.post(f"quality/{self.id}/{what}", status, json=said)

    def told(self):
        return self.house.get(f"quality/{self.id}")

    @property
    def page(self):
        return f"/quality/{self.id}"


@pytest.fixture(scope="module")
def watched(house):
    return Watched(house)


@pytest.fixture(scope="module")
def boris(house, watched):  # noqa: ARG001 - that it is there
    return Paper(house, "boris")


def test_the_list_says_of_each_instrument_how_it_is(house, desk, watched):
    house.instrument(name="Never used")
    at = desk(house).sign_in("anna")
    at.click("link", "Quality")
    row = at.page.get_by_role("row").filter(has_text="Canto 1")
    expect(row).to_contain_text("1 run")
    expect(row).to_contain_text("none for this lot and service")
    expect(at.page.get_by_role("row").filter(has_text="Never used")).to_contain_text("No run")
    at.check_access()
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
