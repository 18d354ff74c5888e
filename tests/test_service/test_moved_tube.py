"""A tube that is another patient's than was said: each is told of their own, and of nobody else."""

import pytest
from laboratory import answer, describe, now_text, release, running, tube_file, two_people
from receivers import RedcapServer, begun, ended, fields, sent
from test_report import record, words

DOORS = ("report.html", "fhir", "hl7", "redcap")
CHANGED = "the tube is of B-2, not of A-17"


@pytest.fixture
def bench(service):
    two_people(service)
    return service


@pytest.fixture
def calibration(bench):
    return bench.calibration()


def asked(service, told, door):
    answered = service.call("GET", f"analyses/{told['id']}/{door}")
    assert answered.status_code == 200, (door, answered.text)
    return answered


def moved(service, told, subject="B-2", **more):
    """The tube as it is described as another patient's, its findings answered for."""
    told = service.get(f"analyses/{told['id']}")
    told = describe(service, told, reason=CHANGED, subject=subject, barcode=None, **more)
    for finding in told["open_findings"]:
        told = answer(service, told, finding, text="A-17 was read wrongly")
    return told


def test_to_the_second_it_is_the_first_and_the_other_is_not_named(bench, calibration):
    told = bench.analyse(calibration, subject="A-17", barcode="BAR-9931")
    release(bench, told, comment="of A-17")
    again = release(bench, moved(bench, told), comment="BAR-9931 was A-17's; do not use it alone")
    assert again["release"] == {"version": 2, "status": "amended", "replaces": 1}
    for door in DOORS:
        text = asked(bench, told, door).text
        for name in ("A-17", "BAR-9931", CHANGED):
            assert name not in text, (door, name)
    message = fields(asked(bench, told, "hl7").content)
    assert message["OBR"][0][25] == message["OBX"]["HLADR-ABC"][11] == "F"
    assert "In the place of" not in str(message["NTE"])
    resources = asked(bench, told, "fhir").json()["entry"]
    own = {each["resource"].get("status") for each in resources if "subject" in each["resource"]}
    assert own == {"final", "available"}  # of the first nothing but that it is entered in error
    assert asked(bench, told, "redcap").json()["hladr_status"] == "final"
    page = words(asked(bench, told, "report.html").text)
    assert "It replaces" not in page
    assert "left out: it names another subject" in page


def test_a_file_that_is_named_by_the_first_is_not_named_to_the_second(bench, calibration):
    file = tube_file(name="A-17_day3.fcs")
    told = bench.analyse(calibration, file, subject="A-17")
    release(bench, told)
    before = asked(bench, told, "report.html").text
    assert "A-17_day3.fcs" in words(before)
    release(bench, moved(bench, told))
    page = asked(bench, told, "report.html").text
    assert "A-17" not in page
    assert "File left out: it names another subject" in words(page)
    assert page.count("<svg") >= before.count("<svg")  # the figures are drawn all the same
    kept = bench.get(f"analyses/{told['id']}")["result"]
    assert kept["sample"]["file"] == "A-17_day3.fcs"
    assert record(page)["result"] == {
        **kept, "sample": {**kept["sample"], "file": "left out: it names another subject"},
    }  # fmt: skip


def test_what_names_nobody_else_is_told(bench, calibration):
    told = bench.analyse(calibration, subject="A-17")
    release(bench, told)
    release(bench, moved(bench, told), comment="do not use it for randomisation")
    assert "do not use it for randomisation" in words(asked(bench, told, "report.html").text)
    back = describe(bench, bench.get(f"analyses/{told['id']}"), subject="a 17", reason="typed")
    release(bench, back)
    page = words(asked(bench, told, "report.html").text)
    assert "It replaces version 1, which was given out before. Reason: typed" in page


def test_a_rejection_withdraws_from_the_second_nothing_that_they_never_had(bench, calibration):
    told = bench.analyse(calibration, subject="A-17")
    release(bench, told)
    again = moved(bench, told)
    bench.sign(again, "boris", "rejected", comment="A-17 was mistaken for B-2, 32155 is useless")
    message = asked(bench, told, "hl7")
    lines = fields(message.content)
    assert (lines["OBR"][0][25], lines["OBX"]["HLADR-ABC"][11]) == ("F", "X")
    assert "A-17" not in message.text
    assert "32155" not in message.text
    third = moved(bench, again, visit="D3")
    bench.sign(third, "boris", "rejected", comment="nor is it now")
    lines = fields(asked(bench, told, "hl7").content)
    assert (lines["OBR"][0][25], lines["OBX"]["HLADR-ABC"][11]) == ("C", "X")
    assert "nor is it now" in str(lines["NTE"])


def test_who_was_told_by_telephone_of_another_is_not_named(bench, calibration):
    told = bench.analyse(calibration, subject="A-17")
    release(bench, told)
    for version, ward in ((1, "ward of the first"), (2, "ward of the second")):
        if version == 2:
            release(bench, moved(bench, told))
        said = {"told": ward, "told_at": now_text(), "read_back": True}
        bench.post(f"analyses/{told['id']}/notices", json=said, version=version)
    page = words(asked(bench, told, "report.html").text)
    assert "ward of the first" not in page
    assert "ward of the second" in page


def test_that_nothing_was_measured_is_a_first_to_the_second_as_well(bench):
    said = {"subject": "A-17", "outcome": "clotted", "outcome_reason": "A-17 had a full tube"}
    made = bench.post("analyses", files={name: (None, text) for name, text in said.items()})
    describe(bench, made, subject="B-2", reason=CHANGED)
    message = asked(bench, made, "hl7")
    assert fields(message.content)["OBR"][0][25] == "F"
    assert "A-17" not in message.text


def test_preliminary_in_the_place_of_a_rejection_says_so(bench, calibration):
    told = bench.analyse(calibration)
    bench.sign(told, "anna", "rejected", comment="a clot")
    again = describe(bench, bench.get(f"analyses/{told['id']}"), visit="D7", reason="looked again")
    answer(bench, again, "REJECTED_BEFORE")
    bench.sign(again, "anna", "preliminary", comment="none")
    lines = fields(asked(bench, told, "hl7").content)
    assert lines["OBR"][0][25] == "P"
    assert "In the place of what was told before: looked again" in str(lines["NTE"])
    assert "It replaces version 1" in words(asked(bench, told, "report.html").text)


def test_each_is_sent_what_is_theirs(settings, server, hasty):
    with running(settings.model_copy(update={"mllp": server.place, **hasty})) as service:
        two_people(service)
        told = service.analyse(service.calibration(), subject="A-17")
        release(service, told)
        ended(service)
        again = moved(service, told)
        service.sign(again, "boris", "rejected", comment="A-17 was mistaken for B-2")
        ended(service, 3)
        last = moved(service, again, subject="A-17")
        release(service, last)
        ended(service, 5)
        found = [fields(each) for each in server.messages]
        assert [
            (each["PID"][0][3], each["OBR"][0][25], each["OBX"]["HLADR-ABC"][11])
            for each in found
        ] == [
            ("A-17", "F", "F"), ("A-17", "C", "W"), ("B-2", "F", "X"), ("B-2", "C", "W"),
            ("A-17", "C", "C"),
        ]  # fmt: skip
        assert not [each for each in server.messages if b"A-17" in each and b"B-2" in each]
        assert not sent(service, "refused")


def test_no_class_and_no_ferritin_of_anothers_tube_stays_with_a_patient(settings, server, hasty):
    """MALS rests on ferritin alone: it outlives a number, but not whose blood it was."""
    with running(settings.model_copy(update={"mllp": server.place, **hasty})) as service:
        two_people(service)
        told = service.analyse(service.calibration(), subject="A-17", ferritin_ng_ml="9000")
        release(service, told)
        ended(service)
        release(service, moved(service, told))
        ended(service, 3)
    first, withdrawn, second = (fields(each)["OBX"] for each in server.messages)
    for each in (first, second):
        assert each["HLADR-CLASS"][5] == "MALS^MALS^L"
        assert each["2276-4"][5] == "^9000"
    said = {code: each[5] for code, each in withdrawn.items() if each[5]}
    assert said == {"HLADR-CLASS": "undetermined^undetermined^L"}
    assert set(withdrawn) == set(first)


@pytest.mark.parametrize("first", ["rejected", "preliminary"])
def test_no_field_of_a_record_stays_from_the_first(settings, tmp_path, hasty, first):
    with begun(RedcapServer(tmp_path / "project")) as project:
        token = project.folder / "token"
        more = {"redcap_url": project.url, "redcap_token_file": token, **hasty}
        with running(settings.model_copy(update=more)) as service:
            two_people(service)
            gone = {"ferritin_ng_ml": "9000", "drawn_at": "2026-03-14T08:00", "visit": "D3"}
            told = service.analyse(service.calibration(), subject="A-17", site="Athens", **gone)
            service.sign(told, "anna", first, comment="of a wrong tube")
            ended(service)
            service.sign(
                moved(service, told, **dict.fromkeys(gone)), "anna", "preliminary", comment="x"
            )
            ended(service, 3)
            record = project.records[told["id"]]
            shown = service.get(f"analyses/{told['id']}/redcap")
    assert {name: text for name, text in record.items() if text} == {
        name: text for name, text in shown.items() if text
    }
    assert record["hladr_subject"]
    assert "9000" not in str(record)


def test_a_record_is_erased_before_another_patient_stands_in_it(settings, tmp_path, hasty):
    """Between the two imports the project holds nothing of either."""
    with begun(RedcapServer(tmp_path / "project")) as project:
        token = project.folder / "token"
        more = {"redcap_url": project.url, "redcap_token_file": token, **hasty}
        with running(settings.model_copy(update=more)) as service:
            two_people(service)
            told = service.analyse(service.calibration(), subject="A-17", visit="D3")
            release(service, told)
            release(service, moved(service, told, visit=None))
            ended(service, 3)
    ways = [each["overwriteBehavior"] for each in project.asked]
    assert ways == ["overwrite", "normal"] * 3
