"""A desk with a browser: whoever sits at it, what they do, and what must never happen there."""

import contextlib
import os
import re
import shutil
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from laboratory import PASSWORD
from PIL import Image
from playwright.sync_api import expect

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEAVIEST = 300_000  # bytes of a page, with all that belongs to it


def chromium():
    """Where Debian's Chromium lies; None if it is not installed."""
    return shutil.which("chromium")


class Desk:
    """A page in a browser, with what the tests count of it.

    Parameters
    ----------
    context
        Of the browser; its own cookies.
    address
        Of the service.
    """

    def __init__(self, context, address):
        self.address, self.context = address, context
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.foreign, self.complaints, self.weights = [], [], {}
        self.interactions = 0
        self.expected = []  # complaints that a test brings about
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and not request.url.startswith(self.address):
            self.foreign.append(request.url)

    def _answered(self, response):
        with contextlib.suppress(Exception):  # of a page that is gone there is nothing to weigh
            place = urlsplit(response.frame.url).path
            size = int(response.headers.get("content-length", 0))
            if response.request.is_navigation_request():
                self.weights[place] = 0
            if response.request.method == "GET":
                self.weights[place] = self.weights.get(place, 0) + size

    def _told(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def expect_complaint(self, pattern):
        """Say that the browser will complain of something: an answer of 401, a lost line."""
        self.expected.append(pattern)

    def leave(self):
        """See that nothing happened that must never happen, and close the browser."""
        complaints = [
            each for each in self.complaints
            if not any(re.search(pattern, each) for pattern in self.expected)
        ]  # fmt: skip
        self.context.close()
        assert self.foreign == [], self.foreign
        assert complaints == [], complaints
        heavy = {place: size for place, size in self.weights.items() if size > HEAVIEST}
        assert heavy == {}, heavy

    def open(self, path):
        """Type an address."""
        return self.page.goto(self.address + path)

    def sign_in(self, name, password=PASSWORD):
        """Sign in on the page."""
        self.open("/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        return self

    def click(self, role, name, **more):
        """Press something; it is counted."""
        self.interactions += 1
        self.page.get_by_role(role, name=name, **more).click()

    def fill(self, label, text, **more):
        """Fill in a field; it is counted."""
        self.interactions += 1
        self.page.get_by_label(label, **more).fill(text)

    def drop(self, label, *files):
        """Give files to a field that takes them; it is counted once."""
        self.interactions += 1
        field = self.page.get_by_label(label)
        if len(files) > 1:  # the script lets a field take several
            expect(field).to_have_js_property("multiple", value=True)
        field.set_input_files([str(each) for each in files])

    def check_access(self):
        """See that nobody is kept out of the page that is open, as far as axe can tell."""
        self.page.wait_for_load_state("load")  # with its style sheets
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
        told = [
            (each["id"], each["help"], [node["target"] for node in each["nodes"]][:3])
            for each in found.response["violations"]
        ]
        assert told == [], (self.page.url, told)
        return self

    def photograph(self, path, height=None):
        """Keep what is seen of the whole page, or of its top, where pictures are asked for."""
        if "HLADR_TEST_PICTURES" not in os.environ:
            return
        wide = self.page.viewport_size["width"]
        top = None if height is None else {"x": 0, "y": 0, "width": wide, "height": height}
        self.page.screenshot(path=str(path), full_page=True, clip=top)


class Picture:
    """Keeps what people see, small enough to lie beside the pages that tell of it.

    Parameters
    ----------
    folder
        Where the pictures go.
    """

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, at, name, height=None):
        """See that nobody is kept out of a page, and keep it, or its top, as a picture."""
        at.check_access()
        path = self.folder / f"{name}.png"
        at.photograph(path, height)
        if not path.exists():
            return
        with Image.open(path) as seen:
            small = seen.convert("RGB").quantize(160, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
