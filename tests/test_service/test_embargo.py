"""Results after randomisation are hidden from the sites, and from nobody else."""

import datetime as dt

import pytest
from laboratory import (
    LOT,
    PASSWORD,
    describe,
    regate,
    release,
    running,
    site_key,
    tube_file,
    two_people,
)

RANDOMISED = "2026-03-14T08:00:00+00:00"
BEFORE, AFTER = "2026-03-14T07:30", "2026-03-14T08:30"  # the laboratory's zone here is UTC
SCOPES = ("read", "analyse", "manage", "recalculate", "administer")


class Trial:
    """A study with a subject who was randomised, its laboratory, and one of its sites."""

    def __init__(self, service):
        self.service = service
        self.study = service.post("studies", json={"name": "ImmunoSep"})
        self.athens = site_key(service, "Athens", *SCOPES)
        self.calibration = service.calibration()
        path = f"studies/{self.study['id']}/subjects/ATH-0101"
        service.put(path, json={"randomised_at": RANDOMISED})

    def send(self, drawn_at, by=None, named="ATH-0101", **tube):
        said = {"subject": "ATH-0101", "study": self.study["id"], "site": "Athens", **tube}
        file = tube_file(_SRC=named)
        by = by or self.service
        return by.analyse(self.calibration, file, drawn_at=drawn_at, **said)


@pytest.fixture
def trial(service):
    return Trial(service)


def digits(answer):
    """How the numbers of an analysis begin, as they would stand in any answer."""
    return [str(answer["result"]["hla_dr"][name])[:7] for name in ("abc", "abc_median", "mfi")]


def hidden(told):
    return told["result"] is None and told["verdict"] is None and told["replicates"] is None


def test_the_laboratory_sees_all(trial):
    assert trial.send(AFTER)["result"]["hla_dr"]["abc"] > 0


def test_what_was_drawn_before_is_seen_by_the_site(trial):
    told = trial.send(BEFORE, trial.athens)
    assert told["result"]["hla_dr"]["abc"] > 0
    assert (told["verdict"], told["embargo"]) == ("pass", None)


def test_what_was_drawn_after_is_in_no_answer_to_the_site(trial):
    numbers = digits(trial.send(BEFORE))
    sent = trial.send(AFTER, trial.athens)
    path = f"analyses/{sent['id']}"
    regate(trial.service, sent)
    other = trial.athens.get(path)
    texts = [
        trial.athens.call("GET", each).text
        for each in (path, f"{path}/versions/1", f"{path}/versions/2")
    ]
    changed = describe(trial.athens, other, visit="D7")
    for told in (sent, other, changed):
        assert hidden(told)
        assert told["embargo"] == {"study": trial.study["id"]}
    listed = trial.athens.get(f"analyses?study={trial.study['id']}&state=open&subject=ATH-0101")
    shown = {each["id"]: each for each in listed["analyses"]}
    assert hidden(shown[sent["id"]])
    for text in [*texts, *map(str, (sent, other, changed, shown[sent["id"]]))]:
        assert not [number for number in numbers if number in text]


def test_the_digits_that_are_looked_for_are_those_of_the_answer(trial):
    sent = trial.send(AFTER)
    text = trial.service.call("GET", f"analyses/{sent['id']}").text
    assert all(number in text for number in digits(sent))


def test_an_answer_to_a_finding_hides_the_result(trial):
    sent = trial.send(AFTER, trial.athens, subject="ath 0101", barcode="B-9")
    assert hidden(sent)
    other = trial.athens.analyse(
        trial.calibration, tube_file(_SRC="ATH-0199"), subject="ATH-0101",
        study=trial.study["id"], drawn_at=AFTER,
    )  # fmt: skip
    trial.service.user("anna", "technician")
    said = {
        "finding": "SUBJECT_MISMATCH", "answer": "typed wrong", "name": "anna",
        "password": PASSWORD,
    }  # fmt: skip
    told = trial.athens.post(f"analyses/{other['id']}/answers", json=said, version=1)
    assert hidden(told)


def test_a_replayed_request_hides_it_as_the_first_did(trial):
    said = {
        "subject": "ATH-0101", "study": trial.study["id"], "drawn_at": AFTER, "key": "once",
    }  # fmt: skip
    first, again = (trial.athens.analyse(trial.calibration, **said) for _ in range(2))
    assert first == again
    assert hidden(again)


def test_a_person_of_a_site_sees_no_more_than_its_systems(trial):
    trial.service.user("eleni", "technician", site="Athens")
    person = trial.service.as_nobody()
    said = {"name": "eleni", "password": "a sentence that is long enough"}
    person.post("session", 200, json=said)
    before = trial.send(BEFORE)
    assert not hidden(person.get(f"analyses/{before['id']}"))
    assert hidden(person.get(f"analyses/{trial.send(AFTER)['id']}"))


def test_where_the_draw_is_not_known_the_acquisition_counts(trial):
    assert hidden(trial.send(None, trial.athens))  # acquired at 09:31
    early = tube_file(_SRC="ATH-0101", _BTIM="07:59:59")
    said = {"subject": "ATH-0101", "study": trial.study["id"]}
    assert not hidden(trial.athens.analyse(trial.calibration, early, **said))


@pytest.mark.parametrize(
    ("day", "acquired", "is_hidden"),
    [
        ("2026-03-14", "09:31:07", True),  # of which it is not told that it was before
        ("2026-03-14", "07:59:59", False),
        ("2026-03-13", "09:31:07", False),
        ("2026-03-15", "07:59:59", True),
    ],
)
def test_a_day_alone_counts_as_its_end_or_as_the_acquisition_on_it(trial, day, acquired, is_hidden):
    file = tube_file(_SRC="ATH-0101", _BTIM=acquired)
    said = {"subject": "ATH-0101", "study": trial.study["id"], "site": "Athens", "drawn_at": day}
    told = trial.service.analyse(trial.calibration, file, **said)
    assert hidden(trial.athens.get(f"analyses/{told['id']}")) is is_hidden


def test_a_day_alone_counts_as_its_end_where_nothing_was_measured(trial):
    said = {"subject": "ATH-0101", "site": "Athens", "outcome": "clotted", "drawn_at": "2026-03-14"}
    parts = {name: (None, text) for name, text in said.items()}
    told = trial.service.post("analyses", files=parts)
    assert told["embargo"] == {"study": trial.study["id"]}


@pytest.mark.parametrize(("drawn_at", "is_hidden"), [("10:00", True), ("09:59", False)])
def test_a_draw_without_a_zone_is_of_the_laboratory(settings, drawn_at, is_hidden):
    # 10:00 in Athens in winter is 08:00 UTC, when the subject was randomised.
    with running(settings.model_copy(update={"time_zone": "Europe/Athens"})) as service:
        trial = Trial(service)
        told = trial.send(f"2026-03-14T{drawn_at}", trial.athens)
        assert hidden(told) is is_hidden
        zoned = trial.send("2026-03-14T07:59Z", trial.athens, visit="D1")
        assert hidden(zoned) is is_hidden  # the same file was sent, and says the same number


def test_a_subject_who_is_randomised_later_is_hidden_from_then_on(trial):
    sent = trial.send(AFTER, trial.athens, subject="ATH-0102")
    path = f"studies/{trial.study['id']}/subjects/ATH-0102"
    trial.service.put(path, json={"randomised_at": RANDOMISED})
    assert hidden(trial.athens.get(f"analyses/{sent['id']}"))


def test_a_randomisation_is_neither_moved_nor_in_the_future(trial):
    path = f"studies/{trial.study['id']}/subjects/ATH-0101"
    trial.service.put(path, json={"randomised_at": RANDOMISED})
    moved = trial.service.put(path, 409, json={"randomised_at": "2026-03-15T08:00Z"})
    assert moved["code"] == "RANDOMISED_ALREADY"
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()
    later = trial.service.put(path, 422, json={"randomised_at": tomorrow})
    assert later["code"] == "RANDOMISED_LATER"


def test_unblinding_opens_and_says_who_and_why(trial):
    sent = trial.send(AFTER, trial.athens)
    assert hidden(sent)
    path = f"studies/{trial.study['id']}/unblinding"
    study = trial.service.post(path, 200, json={"reason": "the database was locked"})
    assert study["unblinded_by"] == "key:administrator"
    assert trial.athens.get(f"analyses/{sent['id']}")["result"]["hla_dr"]["abc"] > 0
    entry = trial.service.get("audit?most=1000")["entries"][-1]
    assert (entry["action"], entry["actor"]) == ("study.unblinded", "key:administrator")
    assert entry["facts"] == {"reason": "the database was locked"}
    trial.service.post(path, 200, json={"reason": "once more"})
    assert trial.service.audit().count("study.unblinded") == 1


def test_nobody_of_a_site_lifts_or_sets_an_embargo(trial):
    path = f"studies/{trial.study['id']}"
    refused = trial.athens.post(f"{path}/unblinding", 403, json={"reason": "curious"})
    assert refused["code"] == "NOT_ALLOWED"
    said = {"randomised_at": RANDOMISED}
    assert trial.athens.put(f"{path}/subjects/ATH-0105", 403, json=said)["code"] == "NOT_ALLOWED"


def test_recalculations_are_closed_to_sites(trial):
    made = trial.service.post("recalculations", json={"reason": "a test", "everything": True})
    lot = trial.service.get("lots")["lots"][0]
    assert lot["number"] == LOT["number"]
    path = f"recalculations/{made['id']}"
    for method, each in (
        ("GET", "recalculations"), ("GET", path), ("GET", f"{path}/items"), ("DELETE", path),
        ("GET", f"lots/{lot['id']}/outdated"),
    ):  # fmt: skip
        assert trial.athens.call(method, each).status_code == 403, (method, each)
    said = {"reason": "curious", "everything": True}
    assert trial.athens.post("recalculations", 403, json=said)["code"] == "NOT_ALLOWED"


def test_comments_on_a_hidden_number_are_hidden_with_it(trial):
    two_people(trial.service)
    sent = trial.send(AFTER)
    number = f"{sent['result']['hla_dr']['abc']:.0f}"
    signed = release(trial.service, sent, comment=f"{number} is as low as it was")
    describe(trial.service, signed, reason=f"{number} once more", visit="D7")
    text = trial.athens.call("GET", f"analyses/{sent['id']}").text
    assert number not in text
    assert '"full_name":"Boris"' in text
