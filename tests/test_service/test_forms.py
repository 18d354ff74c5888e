"""A form is what the call describes, or it is refused with a word about what it is instead."""

import pytest
from laboratory import BEADS, LOT, SAMPLES, part

LOT_TEXT = ",".join(map(str, LOT["assigned"]))
BLOOD = (SAMPLES / "healthy.fcs").read_bytes()


@pytest.fixture
def database_url():
    return None


def field(name, value=b"x", *, file=None, more=()):
    said = f'form-data; name="{name}"' + ("" if file is None else f'; filename="{file}"')
    lines = [f"Content-Disposition: {said}", *more, "", ""]
    return b"--b\r\n" + "\r\n".join(lines).encode() + value + b"\r\n"


def send(service, body, kind="multipart/form-data; boundary=b", end=b"--b--\r\n"):
    answer = service.call(
        "POST", "quantify", content=body + end, headers={"Content-Type": kind} if kind else {}
    )
    coming = service.laboratory.archive.folder.parent / "incoming"
    assert list(coming.iterdir()) == []
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


WHOLE = (
    field("sample", BLOOD, file="a.fcs")
    + field("beads", BEADS.read_bytes(), file="b.fcs")
    + field("lot", LOT_TEXT.encode())
)
NESTED = field(
    "sample", b"--c\r\n\r\nx\r\n--c--", more=["Content-Type: multipart/mixed; boundary=c"]
)
INVALID = {
    "a field that nobody knows": WHOLE + field("surprise"),
    "a file that nobody knows": field("surprise", file="x.fcs") + WHOLE,
    "a field without a name": b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n",
    "a part without headers": b"--b\r\n\r\nx\r\n",
    "a name that is no text": b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n',
    "a text that is no text": WHOLE + field("assay", b"\xff\xfe"),
    "a text with NUL": WHOLE + field("assay", b"a\0b"),
    "a field twice": WHOLE + field("lot"),
    "a file twice": WHOLE + field("sample", BLOOD, file="c.fcs"),
    "a file and a text of one name": field("lot", file="lot.toml") + WHOLE,
    "a field too long": WHOLE + field("assay", b"x" * 2001),
    "a lot too long": field("lot", b"1," * 40_000),
    "a header too long": field("assay", more=[f"X-More: {'x' * 9000}"]),
    "many headers": field("assay", more=[f"X-{n}: 1" for n in range(200)]),
    "another boundary": WHOLE.replace(b"--b\r\n", b"--c\r\n"),
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID.keys())
def test_a_form_that_is_not_as_described_is_refused(service, body):
    assert send(service, body) == (422, "FORM_INVALID")


def test_a_program_is_told_where_the_form_is_described(service):
    wanted = {"files": {"relation": (None, "duplicate"), "outcome": (None, "lost")}}
    assert service.post("analyses", 422, **wanted)["detail"].endswith(". See /openapi.json.")


def test_a_form_that_is_as_described_is_taken(service):
    kinds = {"Content-Type": 'multipart/form-data; charset=utf-8; boundary="b"'}
    told = service.post("quantify", 200, content=WHOLE + b"--b--\r\n", headers=kinds)
    assert told["hla_dr"]["abc"] > 0


def test_a_form_in_a_form_is_a_file_of_bytes_and_no_sample(service):
    beads, lot = WHOLE.split(b"--b\r\n")[2:]
    body = NESTED + b"--b\r\n" + beads + b"--b\r\n" + lot
    assert send(service, body) == (422, "NOT_FCS")


@pytest.mark.parametrize("end", [b"", b"--b", b"--b\r\n"])
def test_a_form_that_breaks_off_is_refused(service, end):
    assert send(service, WHOLE, end=end) == (422, "FORM_INVALID")


KINDS = {
    "no kind": "",
    "no boundary": "multipart/form-data",
    "an empty boundary": "multipart/form-data; boundary=",
    "json": "application/json",
    "another form": "application/x-www-form-urlencoded",
    "mixed": "multipart/mixed; boundary=b",
    "nearly": "multipart/form-data-not; boundary=b",
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_body_of_another_kind_is_refused(service, kind):
    assert send(service, WHOLE, kind) == (415, "NOT_MULTIPART")


@pytest.mark.parametrize("boundary", ["x" * 5000, "\xe9", "b;b"])
def test_a_boundary_that_is_none_is_refused(service, boundary):
    kind = f"multipart/form-data; boundary={boundary}".encode("latin-1")
    code, said = send(service, WHOLE.replace(b"--b", b"--q"), kind)
    assert (code, said) in {(422, "FORM_INVALID"), (415, "NOT_MULTIPART")}


@pytest.mark.parametrize("kind", ["image/png", "text/html", "application/zip", "x" * 100])
def test_what_a_part_says_of_its_kind_changes_nothing(service, kind):
    files = {"sample": ("a.fcs", BLOOD, kind), "beads": part(BEADS)}
    told = service.post("quantify", 200, files=files, data={"lot": LOT_TEXT})
    assert told["sample"]["file"] == "a.fcs"


@pytest.mark.parametrize("name", [b"\xff\xfe.fcs", b"\xed\xa0\x80.fcs", b"a\x1b[0m.fcs", b""])
def test_a_file_name_that_is_no_text_is_shown_as_far_as_it_is_one(service, name):
    named = WHOLE.replace(b"a.fcs", name)
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    told = service.post("quantify", 200, content=named + b"--b--\r\n", headers=kind)
    assert told["sample"]["file"].isprintable()
    assert told["sample"]["file"]


def test_an_empty_field_is_as_none(service):
    files = {"sample": part(SAMPLES / "healthy.fcs"), "beads": part(BEADS)}
    said = {"lot": LOT_TEXT, "subject": "", "curve": ""}
    told = service.post("quantify", 200, files=files, data=said)
    assert told["context"]["subject"] is None


JSON = {
    "no number": b'{"abc": NaN}',
    "no end": b'{"abc": Infinity}',
    "an endless ferritin": b'{"ferritin_ng_ml": Infinity}',
    "no ferritin": b'{"ferritin_ng_ml": NaN}',
    "too many digits": b'{"abc": ' + b"9" * 5000 + b"}",
    "a large ferritin": b'{"ferritin_ng_ml": 1e400}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "half a pair": b'{"abc": 1, "criterion": "\\ud800"}',
    "a key of half a pair": b'{"abc": 1, "\\ud800": 1}',
    "NUL": b'{"abc": 1, "criterion": "a\\u0000b"}',
    "no text": b"\xff\xfe{}",
    "cut off": b'{"abc": 1',
    "a list": b"[]",
    "a lone word": b"null",
    "nothing": b"",
    "a mark before": b'\xef\xbb\xbf{"abc": 5000, "x": 1}',
    "a truth": b'{"abc": true}',
    "a true ferritin": b'{"ferritin_ng_ml": true}',
    "a number in words": b'{"abc": "5000"}',
}


@pytest.mark.parametrize("body", JSON.values(), ids=JSON.keys())
def test_json_that_is_none_is_refused(service, body):
    headers = {"Content-Type": "application/json"}
    answer = service.call("POST", "classify", content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.json()["code"].isupper()
    answer.content.decode("ascii")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=b"]
)
def test_json_that_is_called_otherwise_is_refused(service, kind):
    answer = service.call(
        "POST", "classify", content=b'{"abc": 5000}', headers={"Content-Type": kind}
    )
    assert answer.status_code == 422


ODD = ("most=%00", "most=9" + "9" * 5000, "most=1e3", "most=NaN", "after=%ff",
       "most=1&most=2&most=x", "subject=%ed%a0%80", "subject=%00", "since=0001-01-01",
       "since=%F0%9F%92%A9", "after=" + "," * 79, "&&&=&=", "state=%25s",
       "study=" + "f" * 37)  # fmt: skip


@pytest.mark.parametrize("query", ["site=Athens", "subjekt=ATH-0101", "state=open&limit=3"])
def test_a_way_to_choose_that_is_none_is_not_passed_over(service, query):
    told = service.get(f"analyses?{query}", 422)
    assert told["code"] == "INVALID_REQUEST"
    assert told["errors"][0]["field"].split(".")[-1] in query


@pytest.mark.parametrize("query", ODD)
def test_an_odd_question_is_answered_or_refused(service, query):
    answer = service.call("GET", f"analyses?{query}")
    assert answer.status_code in {200, 422}, answer.text
