"""Pages in the colours that somebody has forced on all of them: light on black."""

import io

import pytest
from laboratory import release
from PIL import Image
from sample_reader import by_hand, tube

DARK, LIGHT = 130, 200  # of 255: apart by more than 3 to 1
RING = 100  # on black at least


@pytest.fixture(scope="module")
def pages(house):
    made = by_hand(house, tube(house, "ATH-0001"))
    release(house, made)
    return (
        f"/samples/{made['id']}", f"/samples/{made['id']}/gates",
        f"/quality/{house.cytometer['id']}", "/patients/ATH-0001", f"/runs/{house.beads['id']}",
    )  # fmt: skip


def seen(element):
    """What is seen of an element, in shades of grey."""
    return Image.open(io.BytesIO(element.screenshot())).convert("L")


def test_figures_badges_and_the_focus_are_seen(house, desk, pages):
    at = desk(house, forced_colors="active", color_scheme="dark").sign_in("anna")
    for path in pages:
        at.open(path)
        at.page.wait_for_load_state("networkidle")
        for figure in at.page.locator("figure svg:visible, svg.sign, svg.key").all():
            picture = seen(figure)
            assert picture.getpixel((1, 1)) > LIGHT, path
            assert picture.getextrema()[0] < DARK, path
        for icon in at.page.locator(".badge svg:visible").all():
            darkest, lightest = seen(icon).getextrema()
            assert darkest < DARK < LIGHT < lightest, path
    shown = [seen(at.page.locator(".top"))]
    at.page.locator(".skip").focus()
    at.page.keyboard.press("Tab")
    shown.append(seen(at.page.locator(".top")))
    without, ring = (sum(each.histogram()[RING:]) for each in shown)
    assert ring > without + 100
