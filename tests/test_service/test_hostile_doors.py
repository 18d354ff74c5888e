"""Hostile texts on their way out: FHIR, CSV, Parquet and study exports hold them as texts."""

import csv
import io
import json
import zipfile

import pyarrow.parquet as pq
import pytest
from fhir_r4 import resources, validated
from hostile_texts import ALL, MARKER, poisoned
from laboratory import SAMPLES, answer, two_people

from hladr.csv_text import FORMULA_STARTS
from service.http.rate import Rate

FIELDS = (
    "site",
    "visit",
    "operator",
    "preparation",
    "tube_type",
    "antibody_lot",
    "barcode",
    "requester",
)


class Poisoned:
    """A laboratory in which every text was made to do harm, and all that left it."""

    def __init__(self, service):
        two_people(service)
        self.service, self.texts = service, {}
        self.study = service.post("studies", json={"name": ALL["script"], "coded": True})
        lot = service.lot(number=ALL["formula"])
        self.calibration = service.calibration(lot)
        for text in ALL.values():
            told = self.sent(text)
            if told is not None:
                self.texts[told["id"]] = text
        assert len(self.texts) > len(ALL) // 2

    def sent(self, text):
        """An analysis whose file and fields hold a text, signed; None where it is refused."""
        self.service.app.state.sign_in_rate = Rate()  # so many signatures a minute are too many
        can_be_said = text.isprintable() and len(text) <= 200
        said = dict.fromkeys((*FIELDS, "subject"), text) if can_be_said else {"subject": "P-1"}
        said |= {"calibration_id": self.calibration["id"], "study": self.study["id"]}
        name = text.encode("utf-8", "replace").decode()
        files = {"file": (name, poisoned(SAMPLES / "borderline.fcs", text))}
        made = self.service.call("POST", "analyses", files=files, data=said)
        if made.status_code != 201:
            assert made.status_code == 422
            return None
        told = made.json()
        for finding in told["open_findings"]:
            answer(self.service, told, finding, text=text if can_be_said else "looked at")
        meanings = ("rejected",) if told["verdict"] == "reject" else ("performed", "reviewed")
        for who, meaning in zip(("anna", "boris"), meanings, strict=False):
            comment = text if can_be_said else "looked at"
            told = self.service.sign(told, who, meaning, comment=comment)
        return told


@pytest.fixture
def laboratory(service):
    return Poisoned(service)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_every_door_holds_hostile_texts_as_texts(laboratory):
    service = laboratory.service
    for id_ in laboratory.texts:
        check_fhir(laboratory, id_)
    rows = rows_of(service.call("GET", "results.csv").content)
    check_rows(laboratory, rows)
    table = pq.read_table(io.BytesIO(service.call("GET", "results.parquet").content)).to_pylist()
    for row in table:  # Parquet executes nothing, and changes nothing
        text = laboratory.texts[row["sample"]].strip()
        assert row["site"] in {text, None}
        assert row["lot"] == ALL["formula"]
    check_export(laboratory)


def check_fhir(laboratory, id_):
    text, service = laboratory.texts[id_].strip(), laboratory.service
    path = f"analyses/{id_}/fhir"
    inside = service.call("GET", path)
    inside.content.decode("ascii")
    (tube,) = resources(validated(inside.text), "Specimen")
    assert tube.get("accessionIdentifier", {"value": text})["value"] == text
    outside = service.call("GET", path, params={"pseudonym": "true"}).text
    bundle = validated(outside)
    subjects = {each["subject"]["identifier"]["value"] for each in resources(bundle, "Observation")}
    assert subjects <= {text, "P-1"}  # the study says that they are codes
    for each in bundle["entry"]:
        each["resource"].pop("subject", None)
        each["resource"].pop("method", None)  # the lot, as the laboratory calls it
    assert MARKER not in json.dumps(bundle)


def harmless(text):
    """As it stands in a cell of CSV: whether cells are parted by commas or by semicolons."""
    within = text.replace(";=", ";'=").replace(';"@', ";'\"@")
    return f"'{within}" if text.startswith(FORMULA_STARTS) else within


def check_rows(laboratory, rows):
    assert {row["sample"] for row in rows} == set(laboratory.texts)
    for row in rows:
        text = laboratory.texts[row["sample"]].strip()
        plain = harmless(text)
        assert {row["site"], row["visit"]} <= {plain, ""}
        assert row["subject"] in {plain, "P-1"}
        assert row["lot"] == "'" + ALL["formula"]
        for cell in row.values():
            assert not cell.startswith(FORMULA_STARTS) or float(cell)


def check_export(laboratory):
    path = f"studies/{laboratory.study['id']}/exports"
    made = laboratory.service.post(path, json={"reason": ALL["formulas"]})
    content = laboratory.service.call("GET", f"{path}/{made['id']}").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert all(set(name) <= set(SAFE) and ".." not in name for name in names)
        found = {name: archive.read(name) for name in names}
    rows = [row for name in names if "results/" in name for row in rows_of(found[name])]
    check_rows(laboratory, rows)
    manifest = json.loads(found["manifest.json"])
    found["manifest.json"].decode("ascii")
    assert manifest["study"]["name"] == ALL["script"]
    said = {text.strip() for text in laboratory.texts.values()}
    assert {each["site"] for each in manifest["members"] if each.get("site")} <= said
    for row in rows_of(found["queries.csv"]):
        text = laboratory.texts[row["analysis"]].strip()
        plain = harmless(text)
        assert row["site"] in {plain, ""}
        assert MARKER not in row["code"] + row["query"]


SAFE = "abcdefghijklmnopqrstuvwxyzSHAUM0123456789-./"
