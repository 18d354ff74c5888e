"""Hostile keywords, file names and subjects go through every door and do no harm anywhere."""

import io
import json
import sys

import pytest
from hostile_texts import ALL, MARKER, elements, lines, poisoned, sent
from laboratory import BEADS, LOT, PASSWORD, SAMPLES, part, running

import hladr
from hladr.report import render

LOT_TEXT = ",".join(map(str, LOT["assigned"]))
BLOOD = SAMPLES / "healthy.fcs"
each_text = pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())


@pytest.fixture
def database_url():
    return None


@pytest.fixture(scope="module")
def plain():
    """Elements of reports of samples that mean no harm, one of them rejected."""
    samples = (BLOOD, SAMPLES / "forgotten-stain.fcs")
    results = (hladr.quantify(sample, beads=BEADS, lot=LOT_TEXT) for sample in samples)
    return {each for result in results for each in elements(render(result))}


@pytest.fixture
def logged(settings, monkeypatch):
    """A service that logs all it does; at its end its log is read."""
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with running(settings.model_copy(update={"log_level": "DEBUG"})) as service:
        yield service
    assert len(lines(log.getvalue())) > 0
    assert MARKER.lower() not in log.getvalue().lower()


def called(text):
    """As a file name that a client can send."""
    return text.encode("utf-8", "replace").decode()


def taken_or_refused(answer, said, *, of=lambda told: told):
    """An answer gives a text back as it was sent, or it is a refusal; both are JSON."""
    told = json.loads(answer.content)
    answer.content.decode("ascii")
    if answer.status_code in {200, 201}:
        assert of(told) == said.strip()
        return True
    assert answer.status_code in {404, 422}, told
    assert told["code"].isupper()
    return False


@each_text
def test_keywords_file_name_and_subject_come_back_as_texts_or_not_at_all(logged, text):
    files = {"sample": (called(text), poisoned(BLOOD, text)), "beads": part(BEADS)}
    said = {"lot": LOT_TEXT, "subject": sent(text)}
    answer = logged.call("POST", "quantify", files=files, data=said)
    if taken_or_refused(answer, text, of=lambda told: told["context"]["subject"]):
        file = answer.json()["sample"]["file"]
        assert file.isprintable()
        assert not {"/", "\\", "\0"} & set(file)
        assert len(file) <= 200


@each_text
def test_an_analysis_keeps_a_hostile_text_as_a_text_or_refuses_it(logged, text):
    calibration = logged.calibration()
    files = {"file": (called(text), poisoned(BLOOD, text))}
    data = {"subject": sent(text), "calibration_id": calibration["id"], "operator": sent(text)}
    answer = logged.call("POST", "analyses", files=files, data=data)
    kept = taken_or_refused(answer, text, of=lambda told: told["tube"]["subject"])
    assert kept == (text.isprintable() and len(text) <= 200)
    found = logged.call("GET", "analyses", params={"subject": text} if kept else {})
    assert len(found.json()["analyses"]) == kept
    assert logged.audit()
    stored = [path.name for path in logged.laboratory.archive.folder.glob("**/*")]
    assert all(set(name) <= set("0123456789abcdef") for name in stored)
    for page in ("/metrics", "/health"):
        assert MARKER not in logged.call("GET", page).text


@each_text
def test_keywords_alone_change_no_number(logged, text):
    asked = [BLOOD.read_bytes(), poisoned(BLOOD, text)]
    told = []
    for content in asked:
        files = {"sample": ("a.fcs", content), "beads": part(BEADS)}
        told.append(logged.call("POST", "quantify", files=files, data={"lot": LOT_TEXT}))
    if told[1].status_code == 200:
        one, other = (each.json()["hla_dr"] or each.json()["unreleasable"] for each in told)
        assert one["abc"] == other["abc"]
    else:
        assert told[1].status_code == 422


@each_text
def test_what_a_laboratory_calls_its_things_is_a_text(logged, text):
    asked = {
        "instruments": ({"name": text}, "name"),
        "studies": ({"name": text}, "name"),
        "lots": ({"maker": "m", "product": "p", "number": text, "assigned": LOT["assigned"]},
                 "number"),
        "keys": ({"label": text, "scopes": ["read"]}, "label"),
        "users": ({"name": "ann", "full_name": text, "password": PASSWORD,
                   "roles": ["reviewer"]}, "full_name"),
    }  # fmt: skip
    for path, (body, field) in asked.items():
        answer = logged.call(
            "POST", path, content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        taken_or_refused(answer, text, of=lambda told, field=field: told.get(field))
    assert logged.audit()


@each_text
def test_a_hostile_name_in_the_place_of_another_is_refused(logged, text):
    body = json.dumps({text: text, "abc": 5000})
    headers = {"Content-Type": "application/json"}
    answer = logged.call("POST", "classify", content=body, headers=headers)
    assert not taken_or_refused(answer, text)
    for field in ("criterion", "ferritin_ng_ml"):
        body = json.dumps({field: text, "abc": 5000})
        answer = logged.call("POST", "classify", content=body, headers=headers)
        assert not taken_or_refused(answer, text)
    files = {"sample": part(BLOOD), "beads": part(BEADS)}
    for field in ("assay", "criterion", "ferritin_ng_ml", "curve", "tube_type"):
        data = {"lot": LOT_TEXT, field: sent(text)}
        answer = logged.call("POST", "quantify", files=files, data=data)
        assert answer.status_code in {200, 422}, answer.text
        json.loads(answer.content)


@each_text
def test_headers_and_paths_hold_nothing_that_is_believed(logged, text):
    plain = text.encode("utf-8", "replace").replace(b"\0", b"").translate(None, b"\r\n")
    for name in ("Idempotency-Key", "If-Match", "Origin", "Cookie", "X-Request-Id", "Accept"):
        answer = logged.call("GET", "lots", headers={name.encode(): plain})
        assert answer.status_code in {200, 422}, answer.text
        assert MARKER not in str(answer.headers)
    nobody = logged.as_nobody()
    for name in ("Authorization", "Cookie", "Origin"):
        value = {"Authorization": b"Bearer ", "Cookie": b"hladr_session="}.get(name, b"") + plain
        nobody.get("lots", 401, headers={name.encode(): value})
    answer = logged.client.get("/api/v1/analyses/" + json.dumps(text).strip('"').replace("?", ""))
    assert answer.status_code in {404, 422}


def set_up(service, **said):
    form = {"key": service.key, "name": "ann", "full_name": "Ann", "password": PASSWORD, **said}
    sent_form = {name: sent(value) for name, value in form.items()}
    return service.as_nobody().call("POST", "/setup", data=sent_form)


@each_text
def test_the_setup_page_has_no_element_but_its_own(logged, text):
    refused = set_up(logged, key="wrong")
    assert refused.status_code == 422
    own = elements(refused.text)
    for field in ("key", "name", "password"):
        more = {"key": "wrong"} if field == "password" else {}
        answer = set_up(logged, **{field: text, **more})
        assert answer.status_code == 422
        assert elements(answer.text) == own
    answer = set_up(logged, full_name=text)
    assert answer.status_code in {201, 422}
    assert elements(answer.text) == (DONE if answer.status_code == 201 else own)


DONE = [
    ("html", ("lang",)), ("head", ()), ("meta", ("charset",)), ("meta", ("name", "content")),
    ("title", ()), ("link", ("rel", "href")), ("body", ()), ("main", ()), ("h1", ()), ("p", ()),
    ("code", ()), ("code", ()), ("a", ("href",)), ("p", ()),
]  # fmt: skip


@each_text
def test_the_report_has_no_element_but_its_own(tmp_path, plain, text):
    sample = tmp_path / "sample.fcs"
    sample.write_bytes(poisoned(BLOOD, text))
    context = hladr.Context(subject=text, tube_type=text, preparation=text, site=text, visit=text)
    result = hladr.quantify(sample, beads=BEADS, lot=LOT_TEXT, context=context)
    page = render(result)
    page.encode("utf-8")
    found = elements(page)
    assert set(found) <= plain
    assert [each for each in found if each[0] in {"script", "img", "link"}] == []
    assert [each[0] for each in found].count("style") == 1
