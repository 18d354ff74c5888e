"""Refusals on pages are sentences for the bench; programs get expected and found."""

import pytest
from browser import signed_in
from laboratory import SAMPLES, part, release

from calibration.errors import BeadPeaksNotFound
from hladr.drawn.errors import PopulationEmpty
from hladr.fcs.errors import KeywordMissing, NotFcs, TotMismatch, UnsupportedMode, UnsupportedWidth
from hladr.ferritin import FerritinUnit, InvalidFerritin
from hladr.gates.errors import InvalidGate
from hladr.panel import MarkerOnOtherDye, RoleAmbiguous
from service.http.body import BodyTooLarge
from service.http.heavy import TooBusy
from service.http.multipart import FormInvalid
from service.measuring.opened import TooManyEvents
from service.pages.bench_words import bench_words
from service.people.who import NotAllowed
from service.principal import Scope
from service.receiving import QuotaUsed
from service.receptions.reception import BarcodeAmbiguous
from service.store.heads import AlreadyThere, VersionMoved

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def database_url():
    return None


def test_a_page_of_nothing_and_one_for_others_say_so_in_plain_words(service):
    anna = signed_in(service, "anna", "technician")
    for path, status, words in (
        (f"/samples/{UNKNOWN}", 404, "There is no such sample here"),
        (f"/runs/{UNKNOWN}", 404, "There is no such run here"),
        ("/users", 403, "an administrator makes people and keys"),
    ):
        answer = anna.client.get(path)
        assert answer.status_code == status
        assert words in answer.text
        assert "expected" not in answer.text.lower()
    told = anna.get(f"analyses/{UNKNOWN}", 404)
    assert told["detail"].startswith("expected the id of one of the analyses, found")


def test_a_final_sample_says_that_it_is_signed(service, analysis):
    anna = signed_in(service, "anna", "technician")
    service.user("boris", "reviewer")
    release(service, analysis)
    page = anna.client.get(f"/samples/{analysis['id']}").text
    assert "<dt>Nothing more to sign</dt><dd>It is signed and released." in page
    assert "Not to be signed by you" not in page


@pytest.mark.parametrize("scope", Scope)
def test_whoever_may_not_is_told_who_may(scope):
    words = bench_words(NotAllowed(scope=scope))
    assert "This is not for you" in words
    assert "expected" not in words


REFUSED = [
    (NotFcs(size=12, start=b"PK"), "This is no FCS file. Drop the file"),
    (TotMismatch(events=3, event_bytes=4, found=2, unit="bytes"), "damaged or incomplete. Export"),
    (KeywordMissing(keyword="$PAR"), "What is wrong is the keyword $PAR."),
    (UnsupportedMode(mode="C"), "Export the tube in list mode"),
    (UnsupportedWidth(keyword="$P1B", found="65"), "Export it again at the cytometer, as FCS 3.1"),
    (RoleAmbiguous(role="cd14", file="a.fcs", channels=("A", "B")), "could be CD14 (monocyte): A"),
    (MarkerOnOtherDye(role="hla_dr", file="a.fcs", channel="B", dyes=("PE",)), "is measured on PE"),
    (BeadPeaksNotFound(events=6, peaks=1, share=0.1, broadest_cv_percent=None), "one peak among"),
    (PopulationEmpty(gate="Monocytes", found=3, of=20000), "holds 3 of 20,000 events, too few"),
    (InvalidGate(gate="g", expected="three vertices or more", found="2"), "needs three vertices"),
    (InvalidFerritin(text="much", reason="it is no number"), "Ferritin “much” cannot be read"),
    (FerritinUnit(text="8 g/L", unit="g/L"), "Ferritin is in g/L. Write it in ng/mL"),
    (TooManyEvents(what="events", limit=9, found=10), "The file holds 10 events, more than the 9"),
    (BodyTooLarge(limit=250_000_000), "larger than the 250 MB"),
    (QuotaUsed(limit=5_000_000), "the 5 MB that you may send in a day"),
    (TooBusy(), "try again in a moment"),
    (VersionMoved(kind="analysis", base=1, current=2), "Somebody else changed it"),
    (AlreadyThere(kind="instrument", label="Canto 1"), "already an instrument “Canto 1”"),
    (AlreadyThere(kind="barcode of a tube that waits", label="B-1"), "“B-1” waits already"),
    (BarcodeAmbiguous(sites=("North", "South")), "wait with this barcode: North, South."),
    (FormInvalid(expected="the password of whoever signs", found="none"), "Type your password"),
    (FormInvalid(expected="drawn_at: Value error, no time", found="another"), "Drawn: no time."),
]  # fmt: skip


@pytest.mark.parametrize(("error", "words"), REFUSED, ids=lambda each: type(each).__name__)
def test_what_is_wrong_with_a_file_or_a_form_is_said_to_the_bench(error, words):
    said = bench_words(error)
    assert words in said
    assert "expected" not in said.lower()
    assert "found none" not in said


def test_scripts_of_a_page_get_both_sentences_and_programs_their_own(service):
    anna = signed_in(service, "anna", "technician")
    files = {"file": part(SAMPLES / "real" / "corrupted_10bytes.fcs")}
    run = service.calibration()
    said = {"subject": "A-1", "calibration_id": run["id"]}
    mine, theirs = (each.post("analyses", 422, files=files, data=said) for each in (anna, service))
    assert mine.pop("bench").startswith("This is no FCS file.")
    assert mine == theirs
    assert mine["detail"].startswith("not an FCS file")


def test_a_field_that_is_refused_is_called_as_it_is_on_the_page(service, analysis):
    anna = signed_in(service, "anna", "technician")
    wanted = {"tube": {"drawn_at": "2026-14-03"}, "reason": "misread"}
    path = f"/api/v1/analyses/{analysis['id']}/tube"
    told = anna.client.put(path, json=wanted, headers={"If-Match": '"1"'}).json()
    assert told["bench"] == "Drawn: expected a date and time such as 2026-03-14 08:30"
