"""What a study hides of a subject is in no course, no eligibility, no export and on no page."""

import pytest
from laboratory import PASSWORD, site_key
from ward import HIGH, LOW, MIDDLE, TRIAL, opened, path_of

RANDOMISED = "2026-03-05T08:00:00+00:00"


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("ward")) as found:
        found.athens = site_key(found.service, "Athens")
        found.service.user("eleni", "technician", site="Athens")
        found.people = {name: _session(found.service, name) for name in ("anna", "eleni")}
        yield found


def _session(service, name):
    person = service.as_nobody()
    person.post("session", 200, json={"name": name, "password": PASSWORD})
    return person


class Blinded:
    """A subject of a study of their own, one draw before randomisation and one after it."""

    def __init__(self, ward):
        self.ward, self.subject = ward, ward.patient()
        self.study = ward.service.post("studies", json={"name": f"study of {self.subject}"})
        tube = {"site": "Athens", "study": self.study["id"]}
        self.before = ward.draw(self.subject, 1, LOW, "900", **tube)
        self.after = ward.draw(self.subject, 8, HIGH, "7777", **tube)
        path = f"studies/{self.study['id']}/subjects/{self.subject}"
        ward.service.put(path, json={"randomised_at": RANDOMISED})

    def secrets(self):
        """How the hidden number, its ferritin and its sample begin wherever they are told."""
        found = self.after["result"]["hla_dr"]
        abc = found["abc"]
        ends = [f"{each:.2f}"[:6] for each in found["ci95"]]
        return [f"{abc:.2f}"[:6], f"{abc:,.0f}", "7777", "7,777", self.after["id"], *ends]

    def unblind(self):
        path = f"studies/{self.study['id']}/unblinding"
        self.ward.service.post(path, 200, json={"reason": "the trial has ended"})


@pytest.fixture
def blinded(ward):
    made = Blinded(ward)
    yield made
    made.unblind()


def doors(ward, subject):
    """Every call and page of a subject, with who asks; all that is answered, as text."""
    asked = {"trial": TRIAL.name}
    calls = [(path_of(subject, "trajectory"), {})]
    calls += [(path_of(subject, "trajectory"), {"criterion": "grid-2023", "site": "Athens"})]
    calls += [(path_of(subject, f"eligibility{end}"), asked) for end in ("", "/fhir", "/redcap")]
    pages = [(f"/patients/{subject}", {}), (f"/patients/{subject}/eligibility", asked)]
    pages += [("/patients", {"subject": subject})]
    for by in (ward.service, ward.athens, *ward.people.values()):
        for path, said in calls:
            yield by.call("GET", path, params=said)
    for by in ward.people.values():
        for path, said in pages:
            yield by.call("GET", path, params=said)


def test_what_was_drawn_after_randomisation_is_reachable_through_no_door(ward, blinded):
    ward.assess(blinded.subject)
    answers = list(doors(ward, blinded.subject))
    assert len(answers) == 4 * 5 + 2 * 3
    assert sum(each.status_code == 200 for each in answers) > 12
    for each in answers:
        told = [secret for secret in blinded.secrets() if secret in each.text]
        assert not told, (each.request.url, told)


def test_those_secrets_are_told_once_the_study_is_unblinded(ward, blinded):
    blinded.unblind()
    text = ward.service.call("GET", path_of(blinded.subject, "trajectory")).text
    abc, _, ferritin, _, sample, *ends = blinded.secrets()
    assert all(secret in text for secret in (abc, ferritin, sample, *ends))


@pytest.mark.parametrize("by", ["laboratory", "site"])
def test_everybody_is_told_how_many_are_hidden_and_no_treatment(ward, blinded, by):
    who = ward.service if by == "laboratory" else ward.athens
    told = ward.course(blinded.subject, by=who)
    assert [each["id"] for each in told["points"]] == [blinded.before["id"]]
    assert (told["hidden"], told["treatments"]) == (1, [])


def test_treatment_is_marked_once_the_study_is_unblinded(ward, blinded):
    blinded.unblind()
    told = ward.course(blinded.subject, by=ward.athens)
    (mark,) = told["treatments"]
    assert mark["randomised_at"] == "2026-03-05T08:00:00.000000Z"
    assert (mark["day"], told["hidden"]) == (4.0, 0)
    page = ward.people["eleni"].call("GET", f"/patients/{blinded.subject}").text
    assert f"randomised, study of {blinded.subject}" in page


def test_a_randomisation_of_another_with_the_same_id_is_no_mark(ward):
    subject = ward.patient()
    study = ward.service.post("studies", json={"name": f"study of {subject}"})["id"]
    ward.draw(subject, 1, LOW, "900", site="Berlin")  # of no study
    path = f"studies/{study}/subjects/{subject}"
    ward.service.put(path, json={"randomised_at": RANDOMISED})
    ward.service.post(f"studies/{study}/unblinding", 200, json={"reason": "ended"})
    assert ward.course(subject)["treatments"] == []


def test_no_eligibility_rests_on_what_is_hidden(ward, blinded):
    made = ward.assess(blinded.subject)
    assert made["analysis"]["id"] == blinded.before["id"]  # not the last one
    for by in (ward.service, ward.athens):
        refused = ward.assess(blinded.subject, 403, by=by, analysis_id=blinded.after["id"])
        assert refused["code"] == "EMBARGOED"


def test_a_record_is_told_to_nobody_whose_result_is_hidden_afterwards(ward):
    subject = ward.patient()
    study = ward.service.post("studies", json={"name": f"study of {subject}"})["id"]
    ward.draw(subject, 8, MIDDLE, "7777", site="Athens", study=study)
    times = {"sepsis_classified_at": "2026-03-08T06:00", "first_dose_at": "2026-03-08T20:00"}
    made = ward.assess(subject, key=subject, times=times)
    assert made["record"]["eligible_for"] == "anakinra or placebo"
    path = f"studies/{study}/subjects/{subject}"
    ward.service.put(path, json={"randomised_at": RANDOMISED})
    for by in (ward.service, ward.athens):
        assert ward.eligibility(subject, 403, by=by)["code"] == "EMBARGOED"
    again = ward.assess(subject, 403, key=subject, times=times)
    assert again["code"] == "EMBARGOED"  # told again
    assert ward.assess(subject, 409)["code"] == "CLASS_NOT_RELEASED"
    for answer in doors(ward, subject):
        assert not [word for word in ("anakinra or", "7777", "MALS") if word in answer.text]
    ward.service.post(f"studies/{study}/unblinding", 200, json={"reason": "ended"})
    assert ward.eligibility(subject)["record"] == made["record"]


def test_a_tube_of_the_same_draw_is_hidden_with_it(ward, blinded):
    again = ward.tube(
        blinded.subject, 1, HIGH, related_to=blinded.after["id"], relation="duplicate",
        site="Athens", study=blinded.study["id"],
    )  # fmt: skip
    for name, meaning in (("anna", "performed"), ("boris", "reviewed")):
        said = {"name": name, "password": PASSWORD, "meaning": meaning, "comment": "looked at"}
        path = f"analyses/{again['id']}/signatures"
        ward.service.call("POST", path, json=said, version=again["version"])
    assert again["id"] not in str(ward.course(blinded.subject))
