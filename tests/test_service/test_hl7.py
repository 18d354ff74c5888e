"""HL7 v2.5.1: every number and time in its place, and no text that is taken for anything else."""

import datetime as dt
import re
from dataclasses import replace

import hl7
import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message
from hostile_texts import ALL, MARKER
from laboratory import answer, describe, release, running, tube_file, two_people
from receivers import fields

from hladr.criterion import format_abc
from service.doors.hl7.er7 import escaped, moment, segment
from service.doors.hl7.message import message, message_id
from service.doors.hl7.observations import code_of
from service.doors.hl7.validation import require_valid
from service.doors.leaving import leaving

ATHENS = "Europe/Athens"
FLAGS = {"abc": "HLADR-ABC", "low": "HLADR-ABC-LOW", "high": "HLADR-ABC-HIGH"}
each_text = pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def service(settings):
    more = {"time_zone": ATHENS, "laboratory": "Lab & Sons | Athens"}
    with running(settings.model_copy(update=more)) as found:
        two_people(found)
        yield found


def released(service, file="healthy.fcs", **tube):
    told = service.analyse(service.calibration(), file, **tube)
    for finding in told["open_findings"]:
        answer(service, told, finding)
    return release(service, told)


def shown(service, analysis):
    return service.call("GET", f"analyses/{analysis['id']}/hl7").content


def values(content):
    """Value, status and flag of each observation."""
    return {code: (each[5], each[11], each[8]) for code, each in fields(content)["OBX"].items()}


def test_a_result_is_told_number_for_number(service):
    told = released(
        service, subject="P-10", ferritin_ng_ml="812", barcode="P-10", tube_type="EDTA",
        requester="Dr O'Neil & son",
        drawn_at="2026-03-14T09:00", received_at="2026-07-14T10:15:30Z",
    )  # fmt: skip
    content = shown(service, told)
    parts, result = fields(content), told["result"]
    number = result["hla_dr"]
    plain = [format_abc(each, ()).replace(",", "") for each in (number["abc"], *number["ci95"])]
    found = values(content)
    assert [found[code][0] for code in FLAGS.values()] == plain
    assert found["HLADR-MONOCYTES"][0] == str(number["monocytes"])
    assert found["HLADR-CLASS"][0].split("^")[0] == result["classification"]["class"]
    assert found["HLADR-DECISIVE"][0].split("^")[0] == "Y"
    assert found["HLADR-PROBABILITY"][0] == "0.999"
    assert found["2276-4"] == ("^812", "F", "")
    assert found["HLADR-VERDICT"][0] == told["verdict"]
    assert {status for _, status, _ in found.values()} == {"F"}
    abc = parts["OBX"]["HLADR-ABC"]
    assert (abc[2], abc[6].split("^")[0]) == ("NM", "{Ab}/{cell}")
    assert (abc[7], abc[14], abc[19]) == ("", "20260314090000+0200", "20260314093107+0200")
    assert abc[16] == "anna^Anna~boris^Boris"
    assert (parts["PID"][0][3], parts["OBR"][0][7]) == ("P-10", "20260314090000+0200")
    assert parts["OBR"][0][16] == "^Dr O'Neil \\T\\ son"
    assert parts["OBR"][0][14] == parts["SPM"][0][18] == "20260714101530+0000"
    assert (parts["SPM"][0][2], parts["SPM"][0][27]) == ("P-10", "^EDTA")
    left = dt.datetime.fromisoformat(told["signatures"][-1]["at"])
    head = parts["MSH"][0]  # its first bar is a field itself
    assert head[6] == parts["OBR"][0][22] == f"{left:%Y%m%d%H%M%S}+0000"
    assert (head[3], head[9]) == ("Lab \\T\\ Sons \\F\\ Athens", message_id(told["id"], 1, "final"))
    assert parts["NTE"][0][3] == "Research use only; not for diagnosis."
    assert shown(service, told) == content


def test_the_code_of_the_test_is_the_laboratorys(settings):
    more = {"code": "12345-6", "code_text": "HLA-DR on monocytes", "code_system": "LN"}
    with running(settings.model_copy(update=more)) as service:
        two_people(service)
        parts = fields(shown(service, released(service)))
    assert parts["OBR"][0][4] == "12345-6^HLA-DR on monocytes^LN"
    assert parts["OBX"]["12345-6"][3] == parts["OBR"][0][4]


def test_a_ferritin_beyond_a_limit_keeps_its_sign(service):
    told = released(service, ferritin_ng_ml=">40000")
    assert values(shown(service, told))["2276-4"][0] == ">^40000"
    told = release(service, describe(service, told, ferritin_ng_ml="4420.5"))
    assert values(shown(service, told))["2276-4"][0] == "^4420.5"
    told = release(service, describe(service, told, ferritin_ng_ml=None))
    assert values(shown(service, told))["2276-4"] == ("", "X", "")


@pytest.mark.parametrize(("side", "flag"), [("above", ">"), ("below", "<"), ("within", "")])
def test_a_number_beyond_the_beads_has_its_flag(service, side, flag):
    told = released(service)
    with service.laboratory.database.reading() as connection:
        found = leaving(connection, service.laboratory, told["id"], None)
    found = replace(found, number=replace(found.number, range=side))
    assert values(message(found, service.laboratory.settings))["HLADR-ABC"][2] == flag


def test_of_a_rejected_number_no_sentence_tells_it(service):
    told = service.analyse(service.calibration(), "forgotten-stain.fcs")
    assert "3 AB/c" in str(told["result"]["findings"])
    service.sign(told, "anna", "rejected", comment="not stained")
    content = shown(service, told)
    notes = [each[3] for each in fields(content)["NTE"]]
    assert "Measured; the number may not be used: not stained" in notes
    assert "VOLTAGE_DIFFERS" in notes
    assert "BELOW_LOWEST_BEAD" not in notes  # it tells where the number was
    assert b"AB/c" not in content
    assert values(content)["HLADR-ABC"] == ("", "X", "")


def test_what_was_withdrawn_has_no_number_and_says_why(service):
    told = released(service, ferritin_ng_ml="9000")
    service.sign(told, "boris", "rejected", comment="wrong tube")
    content = shown(service, told)
    found = values(content)
    assert fields(content)["OBR"][0][25] == "C"
    for code in (*FLAGS.values(), "HLADR-MONOCYTES", "HLADR-VERDICT"):
        assert found[code] == ("", "W", "")
    assert found["HLADR-CLASS"] == ("MALS^MALS^L", "C", "")  # it rests on ferritin alone
    notes = [each[3] for each in fields(content)["NTE"]]
    assert "In the place of what was told before: wrong tube" in notes


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("insufficient", "QS"), ("clotted", "RC"), ("lost", None), ("not_done", None)],
)
def test_why_nothing_was_measured_stands_at_the_specimen(service, outcome, reason):
    said = {"subject": "P1", "outcome": outcome, "outcome_reason": "no staff"}
    parts = {name: (None, text) for name, text in said.items()}
    content = shown(service, service.post("analyses", files=parts))
    found = fields(content)
    assert values(content) == {"HLADR-ABC": ("", "X", "")}
    assert found["SPM"][0][21:22] == ([f"{reason}^{found['SPM'][0][21].split('^')[1]}^HL70490"]
                                      if reason else [])  # fmt: skip
    assert found["NTE"][-1][3].endswith(": no staff")


def test_of_nobody_knows_whom_there_is_no_message(service):
    told = service.analyse(service.calibration(), subject=None)
    answer(service, told, "SUBJECT_UNKNOWN")
    release(service, told)
    assert service.get(f"analyses/{told['id']}/hl7", 409)["code"] == "SUBJECT_NOT_SAID"


def test_what_has_not_left_is_not_shown(service):
    told = service.analyse(service.calibration())
    assert service.get(f"analyses/{told['id']}/hl7", 409)["code"] == "NOT_RELEASED"
    elsewhere = service.as_key(service.api_key("read", site="Athens")["key"])
    assert elsewhere.get(f"analyses/{told['id']}/hl7", 404)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-14", "20260314"),
        ("2026-03-14T09:31", "20260314093100+0200"),
        ("2026-07-14T09:31:07.25", "20260714093107+0300"),
        ("2026-03-14T09:31+05:30", "20260314093100+0530"),
        ("2026-03-14T23:31-13:00", "20260315123100+0000"),
        ("1900-01-01T00:00", "19000101000000+0134"),
        (None, ""),
        ("1899-12-31", ""),
        ("0001-01-01T00:10", ""),
        ("9999-12-31T23:59", ""),
    ],
)
def test_times_are_told_with_their_zone(service, text, told):
    assert moment(text, service.laboratory.settings.zone) == told


def bytes_apart(text):
    """A text as `hl7` reads it: it takes each byte that is written by its number for a sign."""
    apart = (*range(0x80, 0xA0), 0x2028, 0x2029)
    return text.translate({code: chr(code).encode().decode("latin-1") for code in apart})


@each_text
def test_both_parsers_give_every_text_back(text):
    """hl7apy finds each field whole, and another reads in it what was written."""
    whole = text.encode("utf-8", "replace").decode()
    segments = [
        "MSH|^~\\&|HLADR||||20260314||ORU^R01^ORU_R01|A|P|2.5.1||||||UNICODE UTF-8",
        segment("PID", {1: "1", 3: text, 5: ("", "", "", "", "", "", "U")}),
        segment("OBR", {1: "1", 4: ("A", text, "L")}),
        segment("NTE", {1: "1", 3: text}),
        segment("OBX", {1: "1", 2: "ST", 3: ("A", "a", "L"), 5: text, 11: "F"}),
        segment("SPM", {1: "1", 2: text, 4: ("BLD", text, "HL70487")}),
    ]
    content = "".join(f"{each}\r" for each in segments)
    assert content.count("\r") == len(segments)
    assert not set(content) & (set(map(chr, range(0x20))) - {"\r"})
    require_valid(content)
    level = VALIDATION_LEVEL.TOLERANT
    found = parse_message(content, validation_level=level, find_groups=False)
    assert [each.name for each in found.children] == [each[:3] for each in segments]
    raw = escaped(text)
    read, whole = hl7.parse(content), bytes_apart(whole)
    assert str(read.segment("PID")[3]) == raw
    for value in (read.segment("PID")[3], read.segment("NTE")[3], read.segment("OBX")[5],
                  read.segment("OBR")[4][0][1], read.segment("SPM")[4][0][1]):  # fmt: skip
        assert read.unescape(str(value)) == whole


def test_no_sign_that_ends_a_line_anywhere_stands_in_a_message():
    unseen = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)))
    written = escaped(f"a{unseen}é")
    assert written.splitlines() == [written]
    assert written.isprintable()
    assert "\\XC285\\" in written  # U+0085 in UTF-8, as the message is
    assert "\\XE280A8\\" in written
    by_bytes = re.sub(
        r"(?:\\X[0-9A-F]+\\)+",
        lambda found: bytes.fromhex(re.sub(r"\\X?", "", found[0])).decode(),
        written,
    )
    assert by_bytes == f"a{unseen}é"


@pytest.mark.parametrize("text", ["\\F\\", "\\X0D\\", "\\.br\\", "\\", "\\\\", "a\\E\\F\\E\\b"])
def test_what_looks_like_an_escape_is_a_text(text):
    read = hl7.parse(f"MSH|^~\\&|{escaped(text)}\r")
    assert read.unescape(str(read.segment("MSH")[3])) == text


@each_text
def test_a_hostile_text_that_is_kept_harms_no_message(service, text):
    kept = text if text.isprintable() and len(text) <= 200 else "P1"
    texts = dict.fromkeys(("subject", "barcode", "tube_type", "operator"), kept)
    file = tube_file(_SRC=None)
    told = service.analyse(service.calibration(), (text.split("\0")[0][:80].encode(
        "utf-8", "replace").decode(), *file[1:]), **texts)  # fmt: skip
    for finding in told["open_findings"]:
        answer(service, told, finding)
    comment = text if text.isprintable() and len(text) <= 2000 else "doubtful"
    service.sign(told, "anna", "performed", comment=comment)
    service.sign(told, "boris", "rejected", comment=comment)
    content = shown(service, told)
    require_valid(content.decode())
    read = hl7.parse(content.decode())
    assert read.unescape(str(read.segment("PID")[3])) == told["tube"]["subject"]
    assert [str(each[0]) for each in read][:3] == ["MSH", "PID", "OBR"]
    assert len(read.segments("OBX")) == len(fields(content)["OBX"])
    assert (MARKER in content.decode()) == (MARKER in kept + comment)


@pytest.mark.parametrize(
    ("system", "named"),
    [("L", "L"), ("99ABC", "99ABC"), ("LN", "LN"), ("http://loinc.org", "LN"),
     ("https://lab.example/codes", "L")],
)  # fmt: skip
def test_systems_of_codes_have_names_in_messages(settings, system, named):
    told = settings.model_copy(update={"code_system": system})
    assert code_of(told) == ("HLADR-ABC", "Monocyte HLA-DR, antibodies bound per cell", named)
