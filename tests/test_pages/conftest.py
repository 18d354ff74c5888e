"""A service in processes of its own, and browsers that people sit at."""

import contextlib
import os
from pathlib import Path

import at_gates
import httpx2 as httpx
import pytest
from desk import Desk, chromium
from laboratory import Service
from process import QUICK, serving
from sample_reader import Person

playwright = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium is installed here")
    with playwright.sync_playwright() as found:
        made = found.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-quic", "--disable-gpu"]
        )
        yield made
        made.close()


class House(Service):
    """A service in a process of its own, asked with an administrator's key."""

    def __init__(self, process):
        self.process = process
        self.client = httpx.Client(
            base_url=process.address, timeout=60, trust_env=False, verify=False,
            headers={"Authorization": f"Bearer {process.key}"},
        )  # fmt: skip
        self.key, self.cookies = process.key, {}

    def people(self):
        """Anna at the bench, Boris who reviews, Ada who administers."""
        self.user("anna", "technician")
        self.user("boris", "reviewer")
        self.user("ada", "administrator")
        return self

    def furnished(self):
        """The people, a lot and an instrument."""
        self.people()
        self.bead_lot, self.cytometer = self.lot(), self.instrument()
        return self


SHARING = {
    "test_account", "test_gate_conflicts", "test_gate_editor", "test_gate_numbers",
    "test_gate_undo", "test_gate_waiting", "test_gates_seen", "test_reception_page",
    "test_sample_by_hand", "test_sample_figures", "test_sample_hidden", "test_sample_hostile",
    "test_sample_page", "test_sample_told", "test_sign_off", "test_sign_off_moved",
    "test_sign_off_reasons", "test_sign_off_undrawn", "test_signing_in", "test_tube_form",
}  # fmt: skip
"""Modules whose tests look at tubes of their own alone: one house is enough for them."""


@contextlib.contextmanager
def built(folder):
    """A service that nobody works with yet."""
    settings = {"data_dir": folder / "data", "time_zone": "UTC", "laboratory": "St. Elsewhere"}
    with serving(folder, program=QUICK, **settings) as process:
        house = House(process)
        with house.client:
            yield house


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory):
    """A service that nobody works with yet."""
    with built(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory):
    """The house of those who disturb nobody."""
    with built(tmp_path_factory.mktemp("house")) as house:
        yield house.furnished()


@pytest.fixture(scope="module")
def house(request):
    """A service with people, an instrument and a lot."""
    if request.module.__name__.rpartition(".")[2] in SHARING:
        return request.getfixturevalue("shared_house")
    return request.getfixturevalue("empty_house").furnished()


@pytest.fixture(scope="module")
def anna(house):
    """Anna, who is signed in and sends forms without a browser."""
    with Person(house, "anna") as who:
        yield who


@pytest.fixture(scope="module")
def boris(house):
    """Boris, likewise."""
    with Person(house, "boris") as who:
        yield who


@pytest.fixture
def desk(browser):
    """Make desks: ``desk(house)`` is a browser of its own at the service of a house."""
    with contextlib.ExitStack() as stack:

        def made(house, **options):
            context = browser.new_context(**{"viewport": {"width": 1360, "height": 900}, **options})
            at = Desk(context, house.process.address)
            stack.callback(at.leave)
            return at

        yield made


@pytest.fixture
def sample(house):
    """A tube whose gates nobody has moved."""
    if not hasattr(house, "of_today"):
        house.of_today = house.calibration(house.bead_lot, house.cytometer)
    return house.analyse(house.of_today)


@pytest.fixture
def bench(house, desk, sample):
    """Anna, who looks at the gates of the tube."""
    at = desk(house).sign_in("anna")
    at_gates.look(at, sample)
    return at


@pytest.fixture
def album(tmp_path):
    """Where pictures of pages are kept where that is asked, as for docs/bench.md."""
    kept = os.environ.get("HLADR_TEST_PICTURES")
    return tmp_path if kept is None else Path(kept)
