"""The report of what left: its numbers, its state, its figures, and what is not in it."""

import html
import io
import json
import re
import subprocess
import sys

import pypdf
import pytest
from hostile_texts import ALL, elements, poisoned, sent
from laboratory import (
    BEADS,
    LOT,
    SAMPLES,
    answer,
    describe,
    now_text,
    regate,
    rejected,
    release,
    running,
    site_key,
    tube_file,
    two_people,
)

import hladr
from hladr.gate_files import write_gatingml
from service.doors.report import figures, pdf
from service.store.audit import last_of

KNOWN = {
    "subject": "ATH-0101", "barcode": "B-17", "site": "Athens", "visit": "D3",
    "drawn_at": "2026-03-14T08:00", "received_at": "2026-03-14T08:20",
    "stained_at": "2026-03-14T08:40", "tube_type": "EDTA on ice", "preparation": "lyse-no-wash",
    "antibody_lot": "DR-4711", "operator": "anna", "requester": "Ward 7", "ferritin_ng_ml": "1240",
}  # fmt: skip


@pytest.fixture
def database_url():
    """What is written does not depend on the database that it is read from."""
    return


@pytest.fixture
def analysis(service):
    two_people(service)
    return service.analyse(service.calibration(), tube_file(_SRC="ATH-0101"), **KNOWN)


def report(service, analysis, status=200):
    answered = service.call("GET", f"analyses/{analysis['id']}/report.html")
    assert answered.status_code == status, answered.text
    return answered


def words(page):
    """What a reader sees of a report, one blank between words."""
    text = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))


def record(page):
    (found,) = re.findall(r'<script type="application/json" id="record">(.*?)</script>', page)
    return json.loads(found)


def digits(analysis):
    result = analysis["result"]
    told = result["hla_dr"] or result["unreleasable"]
    return [str(told[name])[:6] for name in ("abc", "abc_median", "mfi")] + [
        f"{told[name]:,.0f}" for name in ("abc", "abc_median")
    ]


def test_nothing_is_reported_before_it_is_released(service, analysis):
    assert report(service, analysis, 409).json()["code"] == "NOT_RELEASED"
    service.sign(analysis, "anna", "performed")
    assert report(service, analysis, 409).json()["code"] == "NOT_RELEASED"


def test_the_numbers_are_those_of_the_result(service, analysis):
    told = release(service, analysis)["result"]
    answered = report(service, analysis)
    shown, number = words(answered.text), told["hla_dr"]
    assert f"{number['abc']:,.0f} AB/c" in shown
    assert f"{number['ci95'][0]:,.0f} to {number['ci95'][1]:,.0f}" in shown
    assert f"{number['ci95_analysis'][0]:,.0f} to {number['ci95_analysis'][1]:,.0f}" in shown
    assert f"{number['monocytes']:,} monocytes" in shown
    assert "1240 ng/mL" in shown
    assert told["classification"]["class"] in shown
    said = record(answered.text)
    assert (said["analysis"], said["version"], said["status"]) == (analysis["id"], 1, "final")
    assert said["result"] == told


def test_everything_that_is_known_of_the_tube_is_on_it(service, analysis):
    release(service, analysis)
    shown = words(report(service, analysis).text)
    for name, value in KNOWN.items():
        assert (value.replace("T", " ") if name.endswith("_at") else value) in shown
    for value in ("2026-03-14 08:00:00 +00:00", "Canto 1", "V00000001", "474, 5,359", "automatic"):
        assert value in shown
    for name in ("Anna", "Boris", "performed", "reviewed", "looked at"):
        assert name in shown
    assert analysis["result"]["sample"]["sha256"] in shown
    assert analysis["result"]["calibration"]["beads"]["sha256"] in shown


def test_reference_interval_and_the_software_of_the_cytometer_are_on_it(settings):
    said = "15,000 to 45,000 AB/c, 40 donors of this laboratory, 2025"
    with running(settings.model_copy(update={"reference_interval": said})) as service:
        two_people(service)
        file = tube_file(CREATOR="BD FACSDiva Software Version 8.0.1")
        told = release(service, service.analyse(service.calibration(), file, subject="blood"))
        shown = words(report(service, told).text)
    assert f"Reference interval: {said}. Cut-offs of immunosep-2025: 5,000 AB/c. Source:" in shown
    assert "doi:10.1001/jama.2025.24175." in shown
    assert "Acquired with BD FACSDiva Software Version 8.0.1" in shown


def test_the_last_row_of_the_audit_about_it_is_on_it(service, analysis):
    release(service, analysis)
    with service.laboratory.database.reading() as connection:
        head = last_of(connection, analysis["id"])
    assert f"row {head.seq}, {head.hash}" in words(report(service, analysis).text)
    last = service.get(f"audit?after={head.seq - 1}&most=1")["entries"][0]
    assert (last["hash"], last["action"]) == (head.hash, "analysis.signed")


def test_the_same_is_the_same_bytes_until_something_is_said(service, analysis):
    release(service, analysis)
    first = report(service, analysis).content
    service.analyse(service.get("calibrations")["calibrations"][0], "mals.fcs", subject="P-2")
    assert report(service, analysis).content == first
    call = {"told": "Dr Papadaki", "told_at": now_text(), "read_back": True}
    service.post(f"analyses/{analysis['id']}/notices", json=call, version=1)
    assert "Dr Papadaki" in words(report(service, analysis).text)


def test_states_are_told_with_what_they_replace_and_why(service, analysis):
    service.sign(analysis, "anna", "preliminary")
    assert "Preliminary" in words(report(service, analysis).text)
    final = release(service, analysis)
    assert "Final" in words(report(service, final).text)
    said = "without a finding against it; there are notes."
    assert said in words(report(service, final).text)
    second = describe(service, final, reason="the visit was another", visit="D7")
    assert "version 1" in words(report(service, second).text)  # version 2 waits
    release(service, second)
    shown = words(report(service, second).text)
    assert "Amended" in shown
    assert "It replaces version 1, which was given out before. Reason: the visit was an" in shown
    service.sign(second, "boris", "rejected", comment="it is the wrong tube")
    shown = words(report(service, second).text)
    assert "Withdrawn" in shown
    assert "Version 2 was given out, and is withdrawn. Reason: it is the wrong tube" in shown


@pytest.mark.parametrize("after", ["release", "nothing"])
def test_a_rejected_number_is_not_on_it(service, analysis, after):
    if after == "release":
        release(service, analysis)
    service.sign(analysis, "boris", "rejected", comment="it is the wrong tube")
    answered = report(service, analysis)
    assert not [each for each in digits(analysis) if each in answered.text]
    assert "it is the wrong tube" in words(answered.text)
    assert "No number is given" in words(answered.text)
    assert "FEW_MONOCYTES" not in answered.text  # says where the number was


@pytest.mark.parametrize(("ferritin", "alone"), [("7200", True), ("1240", False), (None, False)])
def test_a_class_without_a_number_says_that_it_rests_on_ferritin(service, ferritin, alone):
    two_people(service)
    said = {"subject": "blood"} | ({} if ferritin is None else {"ferritin_ng_ml": ferritin})
    told = service.analyse(service.calibration(), tube_file(), **said)
    release(service, told)
    assert "ferritin alone" not in words(report(service, told).text)
    service.sign(told, "boris", "rejected", comment="the tube had clots")
    assert ("It rests on ferritin alone." in words(report(service, told).text)) is alone


def test_a_number_that_its_findings_reject_is_not_on_it(service):
    two_people(service)
    told = rejected(service)
    service.sign(told, "anna", "rejected", comment="another instrument")
    page = report(service, told).text
    assert not [each for each in digits(told) if each in page]
    assert record(page)["result"]["verdict"] == "reject"


def test_a_tube_without_a_number_is_reported_without_a_signature(service):
    files = {"subject": (None, "ATH-0101"), "outcome": (None, "clotted")}
    told = service.post("analyses", files=files)
    shown = words(report(service, told).text)
    assert "the blood was clotted" in shown
    assert "Final" in shown


def test_what_a_study_hides_is_reported_to_nobody(service):
    two_people(service)
    study = service.post("studies", json={"name": "ImmunoSep"})
    randomised = {"randomised_at": "2026-03-14T07:00:00+00:00"}
    service.put(f"studies/{study['id']}/subjects/ATH-0101", json=randomised)
    calibration = service.calibration()
    told = service.analyse(calibration, tube_file(_SRC="ATH-0101"), study=study["id"], **KNOWN)
    release(service, told)
    for kind in ("report.html", "report.pdf"):
        refused = service.call("GET", f"analyses/{told['id']}/{kind}")
        assert (refused.status_code, refused.json()["code"]) == (403, "EMBARGOED")
        assert refused.json()["study_id"] == study["id"]
    reason = {"reason": "the database was locked"}
    service.post(f"studies/{study['id']}/unblinding", 200, json=reason)
    assert "AB/c" in report(service, told).text


def test_a_site_reads_its_own_reports_alone(service, analysis):
    release(service, analysis)
    assert report(site_key(service, "Athens"), analysis)
    assert report(site_key(service, "Berlin"), analysis, 404).json()["code"] == "NOT_FOUND"


def test_a_series_is_on_it_without_what_is_withdrawn_or_of_others(service, analysis):
    release(service, analysis)
    calibration = service.get("calibrations")["calibrations"][0]
    earlier = {
        **KNOWN, "barcode": "B-15", "drawn_at": "2026-03-12T08:00", "stained_at": "2026-03-12T08:40"
    }  # fmt: skip
    file = tube_file("borderline.fcs", _SRC="ATH-0101")
    first = service.analyse(calibration, file, **earlier)
    other = service.analyse(calibration, "mals.fcs", subject="P-2", site="Athens")
    release(service, other)
    assert "over time" not in report(service, analysis).text
    release(service, first)
    shown = words(report(service, analysis).text)
    assert "This subject over time" in shown
    assert f"2026-03-12 08:00 {first['result']['hla_dr']['abc']:,.0f}" in shown
    assert f"{other['result']['hla_dr']['abc']:,.0f}" not in shown
    service.sign(first, "boris", "rejected", comment="it is the wrong tube")
    assert "over time" not in report(service, analysis).text


def test_figures_are_drawn_when_the_number_comes_out_as_it_was_stored(
    service, analysis, monkeypatch
):
    release(service, analysis)
    page = report(service, analysis).text
    assert page.count("<svg") > 6
    monkeypatch.setattr(figures, "_same", lambda *_: False)
    without = report(service, analysis).text
    assert "does not give this number again" in words(without)
    assert f"{analysis['result']['hla_dr']['abc']:,.0f} AB/c" in words(without)
    assert without.count("<svg") < 6


def test_gates_that_were_drawn_are_on_it_beside_the_automatic_one(service):
    two_people(service)
    lot = ",".join(map(str, LOT["assigned"]))
    strategy = hladr.quantify(SAMPLES / "healthy.fcs", beads=BEADS, lot=lot).gating.strategy
    gates = ("gates.xml", write_gatingml(strategy).encode(), "application/xml")
    told = service.analyse(service.calibration())
    again = regate(service, told, gates=gates, population="monocytes")
    release(service, again)
    shown = words(report(service, again).text)
    assert "drawn by hand" in shown
    assert "Beads and standard curve" in shown


def test_its_own_page_lets_nothing_run(service, analysis):
    release(service, analysis)
    headers = report(service, analysis).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def signed_with(service, text, calibration, subject):
    """A report of a tube about which everything that people may say is this text."""
    said = dict.fromkeys(("visit", "tube_type", "preparation", "operator", "barcode"), sent(text))
    file = ("tube.fcs", poisoned(SAMPLES / "healthy.fcs", text), "application/octet-stream")
    data = {"subject": subject, "calibration_id": calibration["id"], **said}
    told = service.call("POST", "analyses", files={"file": file}, data=data)
    if told.status_code == 422:  # refused on its way in
        return None
    analysis = told.json()
    for finding in analysis["open_findings"]:
        answer(service, analysis, finding, text=text)
    release(service, analysis, comment=text)
    return report(service, analysis).text


def test_hostile_texts_are_only_text(service):
    """The elements of a page are those of one that nobody wanted to do harm with."""
    two_people(service)
    calibration = service.calibration()
    known = {*elements(signed_with(service, "harmless", calibration, "P-0"))}
    reported = 0
    for number, text in enumerate(ALL.values(), 1):
        page = signed_with(service, text, calibration, f"P-{number}")
        if page is not None:
            reported += 1
            assert {each for each in elements(page) if each[0] != "svg"} <= known, text
            assert record(page)["analysis"]
    assert reported > 10


def of_pdf(service, analysis):
    answered = service.call("GET", f"analyses/{analysis['id']}/report.pdf")
    if answered.status_code == 501:
        pytest.skip("Pango is not installed")
    assert answered.status_code == 200, answered.text
    return answered.content


@pytest.fixture
def written(settings):
    """A service, a report of it, and that report as PDF."""
    with running(settings.model_copy(update={"laboratory": "Laboratory of Athens"})) as service:
        two_people(service)
        told = service.analyse(service.calibration(), tube_file(_SRC="ATH-0101"), **KNOWN)
        release(service, told)
        yield service, told, of_pdf(service, told)


def test_pdf_says_on_each_page_whose_it_is_which_page_and_that_it_is_for_research(written):
    _, told, content = written
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        text = " ".join(page.extract_text().split())
        assert f"Page {number} of {len(pages)}" in text
        assert f"{told['id'].upper()[:8]} version 1 · final · ATH-0101" in text
        assert "Research use only. Not for diagnosis." in text
    first = " ".join(pages[0].extract_text().split())
    assert f"{told['result']['hla_dr']['abc']:,.0f}" in first
    assert "Laboratory of Athens" in first


def test_pdf_is_the_same_bytes_and_holds_what_it_reports(written):
    service, told, content = written
    assert of_pdf(service, told) == content
    attached = pypdf.PdfReader(io.BytesIO(content)).attachments
    (held,) = attached["report.json"]
    assert json.loads(held)["result"] == service.get(f"analyses/{told['id']}")["result"]


@pytest.mark.parametrize(
    "harm",
    [
        '<link rel="attachment" href="file:///etc/hostname">',
        '<img src="file:///etc/hostname">',
        '<style>@import "http://127.0.0.1:9/x.css";</style>',
    ],
)
def test_pdf_fetches_nothing(harm):
    page = f'<p>x</p>{harm}<script type="application/json" id="record">{{}}</script>'
    order = json.dumps({"html": page, "identifier": "1"}).encode()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "service.doors.report.pdf"], input=order,
        capture_output=True, env={**pdf._environment(), "SOURCE_DATE_EPOCH": "0"}, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stdout == b""


def test_without_weasyprint_it_says_what_to_install(service, analysis, monkeypatch):
    release(service, analysis)
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    refused = service.call("GET", f"analyses/{analysis['id']}/report.pdf")
    assert (refused.status_code, refused.json()["code"]) == (501, "PDF_NOT_INSTALLED")


def test_an_answer_stands_beside_its_finding(service):
    two_people(service)
    told = service.analyse(service.calibration(), tube_file(_SRC="ATH-0199"), subject="ATH-0101")
    answer(service, told, "SUBJECT_MISMATCH", text="the label was held against the list")
    release(service, told)
    shown = words(report(service, told).text)
    assert "SUBJECT_MISMATCH Answer: the label was held against the list (otto)" in shown
