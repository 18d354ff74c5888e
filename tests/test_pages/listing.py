"""What the tests of lists share: people who ask over HTTP, tubes that come, a blinded study."""

import contextlib
import datetime as dt
import re

import httpx2 as httpx
from laboratory import PASSWORD, tube_file


@contextlib.contextmanager
def signed_in(house, name):
    """A client with the session of a person."""
    with at_address(house) as client:
        said = {"name": name, "password": PASSWORD}
        assert client.post("/api/v1/session", json=said).status_code == 200
        yield client


def at_address(house, **more):
    address = house.process.address
    return httpx.Client(base_url=address, timeout=60, trust_env=False, verify=False, **more)


def seen(house, name, path, status=200):
    """The text of a page, as a person sees it who signed in once."""
    if name not in house.cookies:
        with signed_in(house, name) as client:
            house.cookies[name] = dict(client.cookies)
    with at_address(house, cookies=house.cookies[name]) as client:
        answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def csrf_of(page):
    return re.search(r'name="csrf" content="([0-9a-f]+)"', page)[1]


def ago(**span):
    """A moment that was, as somebody types it; the house's clock shows UTC."""
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(**span)
    return moment.strftime("%Y-%m-%dT%H:%M")


def receive(house, barcode, **said):
    return house.post("receptions", json={"barcode": barcode, **said})


def without_result(house, **tube):
    """A sample of which there was nothing to measure; quick to make."""
    said = {"outcome": "clotted", **tube}
    return house.post("analyses", files={name: (None, text) for name, text in said.items()})


def hidden_sample(house, calibration, site="north"):
    """A sample of a site whose result a study hides from it."""
    study = house.post("studies", json={"name": f"study of {site}"})
    at = {"randomised_at": "2026-01-01T00:00:00+00:00"}
    house.put(f"studies/{study['id']}/subjects/N-1", json=at)
    return house.analyse(
        calibration, tube_file(name="hidden.fcs", _SRC="N-1"), subject="N-1", site=site,
        barcode="N-1-1", drawn_at="2026-02-01T08:00",
    )  # fmt: skip


def printed(analysis):
    """AB/c as pages print it."""
    return f"{analysis['result']['hla_dr']['abc']:,.0f}"
