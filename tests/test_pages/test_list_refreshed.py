"""A worklist that is left open is asked for again, and nothing is taken from who works with it."""

import pytest
from listing import receive, without_result
from playwright.sync_api import expect

HALF_MINUTE, QUARTER_HOUR = 31_000, 16 * 60_000


@pytest.fixture
def at(house, desk):
    found = desk(house)
    found.page.clock.install()
    found.sign_in("anna").open("/?state=all")
    return found


def test_what_came_meanwhile_is_there_after_half_a_minute(house, at):
    without_result(house, subject="here before")
    at.open("/?state=all")
    at.fill("Search: subject", "half typ")
    made = receive(house, "R-1")
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_role("link", name="R-1")).to_be_visible()
    expect(at.page.get_by_label("Search: subject")).to_be_focused()
    expect(at.page.get_by_label("Search: subject")).to_have_value("half typ")
    at.page.get_by_role("link", name="here before").focus()
    reason = {"reason": "gone"}
    house.post(f"receptions/{made['id']}/closing", 200, json=reason, version=1)
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_role("link", name="R-1")).to_have_count(0)
    expect(at.page.get_by_role("link", name="here before")).to_be_focused()
    at.check_access()


def test_it_stays_where_it_was_scrolled_to(house, at):
    for number in range(30):
        without_result(house, subject=f"scrolled {number}")
    at.open("/?state=all")
    at.page.evaluate("scrollTo(0, 500)")
    receive(house, "R-2", drawn_at="2026-01-01T08:00", tube_type="EDTA")
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_role("link", name="R-2")).to_have_count(1)
    assert at.page.evaluate("scrollY") == 500


def test_a_service_that_is_away_or_a_session_that_is_over_is_told(at):
    at.expect_complaint("ERR_|401|Failed to load")
    at.page.route("**/?state=all", lambda route: route.abort())
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_text("the service does not answer")).to_be_visible()
    at.page.unroute("**/?state=all")
    at.context.clear_cookies()
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_text("Your session is over")).to_be_visible()
    expect(at.page.get_by_role("heading", name="Samples")).to_be_visible()


def test_a_service_that_hangs_is_told_and_asked_again(house, at):
    at.expect_complaint("ERR_|Failed to load")
    held = []
    at.page.route("**/?state=all", lambda route: held.append(route))  # noqa: PLW0108 - it is given attributes
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_text("Not refreshed: the service does not answer.")).to_have_count(0)
    at.page.clock.fast_forward(21_000)
    expect(at.page.get_by_text("Not refreshed: the service does not answer.")).to_be_visible()
    at.page.unroute("**/?state=all")
    receive(house, "R-3")
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_role("link", name="R-3")).to_be_visible()
    assert held


def test_a_short_session_is_kept_alive_for_half_its_time_alone(house, at):
    def shortened(route):
        answer, said = route.fetch(), 'name="session-minutes" content='
        body = answer.text().replace(f'{said}"60"', f'{said}"5" ')
        route.fulfill(response=answer, body=body)

    at.page.route("**/?state=all", shortened, times=1)
    at.open("/?state=all")
    receive(house, "R-5")
    at.page.clock.fast_forward(2 * HALF_MINUTE)
    expect(at.page.get_by_role("link", name="R-5")).to_be_visible()
    receive(house, "R-6")
    at.page.clock.fast_forward(3 * HALF_MINUTE)
    expect(at.page.get_by_text("Not refreshed while nobody is here")).to_be_visible()
    expect(at.page.get_by_role("link", name="R-6")).to_have_count(0)
    at.page.keyboard.press("Shift")
    expect(at.page.get_by_role("link", name="R-6")).to_be_visible()


def test_a_list_with_text_that_is_marked_stays_and_says_so(house, at):
    receive(house, "R-4")
    mark = "getSelection().selectAllChildren(document.querySelector('h1'))"
    at.page.evaluate(mark)
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.locator("#as-of")).to_contain_text("Not refreshed while text is marked.")
    expect(at.page.get_by_role("link", name="R-4")).to_have_count(0)
    at.page.evaluate("getSelection().removeAllRanges()")
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.get_by_role("link", name="R-4")).to_be_visible()
    expect(at.page.locator("#as-of")).not_to_contain_text("Not refreshed")


def test_a_bench_that_everybody_left_does_not_keep_a_session_alive(at):
    asked = []
    at.page.on("request", lambda request: "/?" in request.url and asked.append(request.url))
    for _ in range(2):
        at.page.clock.fast_forward(QUARTER_HOUR)
        expect(at.page.get_by_text("Not refreshed while nobody is here")).to_be_visible()
    assert asked == []
    at.page.keyboard.press("Shift")
    expect(at.page.get_by_text("Not refreshed while")).to_have_count(0)
    assert [url.partition("/?")[2] for url in asked] == ["state=all"]
