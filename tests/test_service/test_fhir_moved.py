"""A tube that is another patient's than was said: no resource of FHIR is ever of two patients."""

import pytest
from fhir_r4 import fhir, observation, resources
from laboratory import release, running, site_key, two_people
from leaks import leaked
from test_moved_tube import moved

ERROR = "entered-in-error"
OF_PATIENTS = {"DiagnosticReport", "Observation", "Specimen", "Provenance"}
MHLADR = "HLADR-ABC"


@pytest.fixture
def database_url():
    """What is written does not depend on the database that it is read from."""
    return


class Receiver:
    """Whoever keeps resources by their ids, and updates them by what comes."""

    def __init__(self):
        self.kept, self.subjects = {}, {}

    def take(self, bundle):
        for each in bundle["entry"]:
            resource = each["resource"]
            if resource["resourceType"] not in OF_PATIENTS:
                continue
            self.kept[resource["id"]] = resource
            if "subject" in resource:
                name = resource["subject"]["identifier"]["value"]
                self.subjects.setdefault(resource["id"], set()).add(name)

    def stands_for(self, subject):
        """Codes of the observations that stand for a subject."""
        return {
            each["code"]["coding"][0]["code"]
            for each in self.kept.values()
            if each["resourceType"] == "Observation" and each["status"] != ERROR
            and each["subject"]["identifier"]["value"] == subject
        }  # fmt: skip


@pytest.fixture
def told(bench):
    made = bench.analyse(bench.calibration(), "mals.fcs", subject="A-17", ferritin_ng_ml="50000")
    return release(bench, made)


def test_whoever_keeps_resources_by_their_ids_has_each_patients_own(bench, told):
    receiver = Receiver()
    receiver.take(fhir(bench, told))
    all_ = {MHLADR, "HLADR-CLASS", "2276-4"}
    assert (receiver.stands_for("A-17"), receiver.stands_for("B-2")) == (all_, set())
    release(bench, moved(bench, told))
    receiver.take(fhir(bench, told))
    assert (receiver.stands_for("A-17"), receiver.stands_for("B-2")) == (set(), all_)
    again = moved(bench, told, subject="A-17")
    release(bench, again)
    receiver.take(fhir(bench, told))
    assert (receiver.stands_for("A-17"), receiver.stands_for("B-2")) == (all_, set())
    assert {frozenset(each) for each in receiver.subjects.values()} == {
        frozenset({"A-17"}), frozenset({"B-2"}),
    }  # fmt: skip


@pytest.mark.parametrize("outside", [{}, {"pseudonym": "true"}])
def test_the_first_is_entered_in_error_and_nothing_of_it_is_told(bench, told, outside):
    before = fhir(bench, told, **outside)
    release(bench, moved(bench, told, ferritin_ng_ml=None))
    after = fhir(bench, told, **outside)
    own = {each["fullUrl"]: each["resource"] for each in before["entry"]}
    wrong = {
        each["fullUrl"]: each["resource"] for each in after["entry"]
        if each["resource"].get("status") == ERROR
    }  # fmt: skip
    assert set(wrong) == {
        url for url, each in own.items()
        if each["resourceType"] in OF_PATIENTS - {"Provenance"}
    }  # fmt: skip
    for url, each in wrong.items():
        assert each["resourceType"] == own[url]["resourceType"]
        assert each.get("code") == own[url].get("code")
        assert int(each["meta"]["versionId"]) > int(own[url]["meta"]["versionId"])
        assert not {"subject", "valueQuantity", "effectiveDateTime", "component"} & set(each)
    (first,), (second, error) = (resources(each, "DiagnosticReport") for each in (before, after))
    assert first["identifier"] == error["identifier"] != second["identifier"]
    assert (second["status"], error["status"]) == ("final", ERROR)
    assert (
        observation(after, MHLADR)["valueQuantity"] == observation(before, MHLADR)["valueQuantity"]
    )


def test_control_blood_takes_back_what_a_patient_was_told(bench, told):
    release(bench, moved(bench, told, subject="CD-Chex", kind="control"))
    bundle = fhir(bench, told)
    assert {each["resource"]["status"] for each in bundle["entry"]} == {ERROR}
    receiver = Receiver()
    receiver.take(fhir(bench, told))
    assert receiver.stands_for("A-17") == set()
    assert not leaked(told, bench.call("GET", f"analyses/{told['id']}/fhir").text)


def test_an_embargo_of_the_second_keeps_nothing_of_the_first(bench, told):
    study = bench.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/B-2"
    bench.put(path, json={"randomised_at": "2026-03-14T07:00+00:00"})
    drawn = {"study": study["id"], "drawn_at": "2026-03-14T08:00"}
    release(bench, moved(bench, told, **drawn))
    text = bench.call("GET", f"analyses/{told['id']}/fhir").text
    assert not leaked(told, text)
    bundle = fhir(bench, told)
    assert {each["resource"]["status"] for each in bundle["entry"]} == {ERROR}
    bench.post(f"studies/{study['id']}/unblinding", 200, json={"reason": "locked"})
    assert observation(fhir(bench, told), MHLADR)["valueQuantity"]


def test_a_site_is_told_of_its_own_patients_alone(settings):
    with running(settings) as service:
        two_people(service)
        made = service.analyse(service.calibration(), subject="A-17", site="Athens")
        release(service, made)
        ids = {each["fullUrl"] for each in fhir(site_key(service, "Athens"), made)["entry"]}
        release(service, moved(service, made, site="Lyon"))
        lyon = fhir(site_key(service, "Lyon"), made)
        of_devices = {each["fullUrl"] for each in lyon["entry"]
                      if each["resource"]["resourceType"] == "Device"}  # fmt: skip
        assert ids & {each["fullUrl"] for each in lyon["entry"]} == of_devices
        assert ERROR not in str(lyon)
        assert ERROR in str(fhir(service, made))
