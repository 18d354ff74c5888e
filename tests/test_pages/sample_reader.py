"""A person at a page of a sample, by HTTP: what they read, and the forms that they send."""

import html
import re
from uuid import uuid4

import httpx2 as httpx
from laboratory import BEADS, LOT, PASSWORD, SAMPLES, regate, tube_file

import hladr
from hladr.gate_files import write_gatingml

KNOWN = {
    "site": "Athens", "visit": "D3", "drawn_at": "2026-03-14T08:00",
    "received_at": "2026-03-14T08:20", "stained_at": "2026-03-14T08:40",
    "tube_type": "EDTA on ice", "preparation": "lyse-no-wash", "antibody_lot": "DR-4711",
    "operator": "anna", "ferritin_ng_ml": "1240",
}  # fmt: skip


def tube(house, subject, file="healthy.fcs", named=None, **more):
    """An analysis of a tube of which all is known; `named` is what its file says."""
    if not hasattr(house, "beads"):
        house.beads = house.calibration(house.bead_lot, house.cytometer)
    own = uuid4().hex  # bytes and a barcode of its own
    sent = tube_file(file, _SRC=named or subject, _COM=own)
    said = {**KNOWN, "subject": subject, "barcode": f"B-17-{own}", **more}
    return house.analyse(house.beads, sent, **said)


def by_hand(house, analysis):
    """The automatic gate, as somebody draws it."""
    lot = ",".join(map(str, LOT["assigned"]))
    found = hladr.quantify(SAMPLES / "healthy.fcs", beads=BEADS, lot=lot)
    text = write_gatingml(found.gating.strategy)
    gates = ("gates.xml", text, "application/xml")
    return regate(house, analysis, gates=gates, population="monocytes", reason="as I see it")


def seen(house, analysis):
    """An analysis as it is now."""
    return house.get(f"analyses/{analysis['id']}")


def meanings(house, analysis):
    """What an analysis is signed as, in the order it was."""
    return [each["meaning"] for each in seen(house, analysis)["signatures"]]


class Person:
    """Somebody who is signed in, without a browser."""

    def __init__(self, house, name):
        said = {"name": name, "password": PASSWORD}
        cookies = httpx.post(
            house.process.address + "/api/v1/session", json=said, verify=False
        ).cookies
        self.client = httpx.Client(
            base_url=house.process.address,
            cookies=cookies,
            timeout=60,
            trust_env=False,
            verify=False,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def read(self, path, status=200):
        """What a page says, as HTML."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    def send(self, page, form, status=303, **fields):
        """Fill in and send the first form of a page that has a field ``form`` of this value."""
        action, hidden = form_of(page, form)
        answer = self.client.post(action, data={**hidden, **fields})
        assert answer.status_code == status, (answer.status_code, words(answer.text)[:3000])
        return answer.text

    def sign(self, analysis, form="sign", status=303, **fields):
        """Open a sample and sign it."""
        page = self.read(f"/samples/{analysis['id']}")
        return self.send(page, form, status, **{"password": PASSWORD, **fields})


def form_of(page, name):
    """Where a form is sent to, and its hidden fields."""
    for found in re.findall(r"<form\b.*?</form>", page, flags=re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found))
        if fields.get("form", "") == name and "csrf" in fields:
            action = re.search(r'action="([^"]*)"', found)[1]
            if action != "/sign-out":
                return action, {key: html.unescape(value) for key, value in fields.items()}
    raise AssertionError(f"no form {name!r}: {words(page)[:3000]}")


def words(page):
    """What a reader sees, one blank between words."""
    text = re.sub(r"<(style|script|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))


def drawings(page):
    """The figures of a page or of a report, in their order."""
    return re.findall(r'<svg viewBox="[^"]*" role="img".*?</svg>', page, flags=re.DOTALL)


def digits(analysis):
    """How the numbers of a result begin, in JSON and as they are printed."""
    result = analysis["result"]
    told = result["hla_dr"] or result["unreleasable"]
    names = ("abc", "abc_median")
    return [str(told[name])[:7] for name in (*names, "mfi")] + [f"{told[n]:,.0f}" for n in names]
