"""What is too large, too slow or too much is refused, and nothing of it is kept."""

import contextlib
import io
import threading
import time
import zipfile

import pytest
from laboratory import BEADS, LOT, SAMPLES, part, running
from wire import listening, told

GIB = 1 << 30
FORM = "Content-Type: multipart/form-data; boundary=b"
LOT_TEXT = ",".join(map(str, LOT["assigned"]))
UPLOADS = ("/api/v1/quantify", "/api/v1/calibrations", "/api/v1/analyses")


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def strict(settings):
    """Settings of a service that loses its patience soon."""
    limits = {
        "largest_request": 1 << 20, "largest_json": 2048, "slowest_bytes_a_second": 1000,
        "idle_seconds": 0.5,
    }  # fmt: skip
    return settings.model_copy(update=limits)


@pytest.fixture
def server(strict):
    with listening(strict) as found:
        yield found
        left_nothing(found.app)


def left_nothing(app):
    """Nothing is on its way, nothing was kept."""
    archive, end = app.state.laboratory.archive, time.monotonic() + 5
    coming = archive.folder.parent / "incoming"
    while any(coming.iterdir()) and time.monotonic() < end:
        time.sleep(0.02)
    assert list(coming.iterdir()) == []
    assert list(archive.all_hashes()) == []


def part_head(name, file="x.fcs"):
    said = f'Content-Disposition: form-data; name="{name}"; filename="{file}"'
    return f"--b\r\n{said}\r\n\r\n".encode()


@pytest.mark.parametrize("path", UPLOADS)
def test_three_gigabytes_announced_are_refused_before_they_come(server, path):
    answer = server.ask("POST", path, FORM, f"Content-Length: {3 * GIB}")
    assert (answer.status, answer.problem) == (413, "BODY_TOO_LARGE")
    assert answer.headers["connection"] == "close"
    assert answer.closed


@pytest.mark.parametrize("path", UPLOADS)
def test_more_bytes_than_are_taken_are_refused_when_they_have_come(server, path):
    with server.connect() as connection:
        connection.sendall(server.head("POST", path, FORM, "Transfer-Encoding: chunked"))
        field = b"file" if "quantify" not in path else b"sample"
        send_chunk(connection, part_head(field.decode()))
        for _ in range(20):
            send_chunk(connection, b"x" * (1 << 16))
        answer = told(connection)
    assert (answer.status, answer.problem) == (413, "BODY_TOO_LARGE")
    assert answer.closed


@pytest.mark.parametrize("path", ["/api/v1/classify", "/api/v1/session", "/setup"])
@pytest.mark.parametrize("kind", ["application/json", FORM.partition(": ")[2]])
def test_a_call_without_files_takes_no_large_body_whatever_it_is_called(server, path, kind):
    size = 1 << 19  # a form of this size is taken where files are
    answer = server.ask("POST", path, f"Content-Type: {kind}", f"Content-Length: {size}")
    assert (answer.status, answer.problem) == (413, "BODY_TOO_LARGE")


def test_a_body_that_comes_too_slowly_is_refused(server):
    with server.connect() as connection:
        connection.sendall(server.head("POST", UPLOADS[0], FORM, "Content-Length: 500000"))
        connection.sendall(part_head("sample"))
        trickle = threading.Thread(target=send_slowly, args=(connection,))
        begun = time.monotonic()
        trickle.start()
        answer = told(connection)
        assert time.monotonic() - begun < 7
        trickle.join()
    assert (answer.status, answer.problem) == (408, "BODY_TOO_SLOW")
    assert answer.closed


@pytest.mark.parametrize("path", ["/api/v1/classify", "/api/v1/quantify"])
def test_a_body_that_does_not_come_at_all_is_refused(server, path):
    kind = FORM if "quantify" in path else "Content-Type: application/json"
    answer = server.ask("POST", path, kind, "Content-Length: 100")
    assert (answer.status, answer.problem) == (408, "BODY_TOO_SLOW")


@pytest.mark.parametrize("path", UPLOADS)
def test_of_a_body_that_breaks_off_nothing_is_left(server, path):
    with server.connect() as connection:
        connection.sendall(server.head("POST", path, FORM, "Content-Length: 500000"))
        connection.sendall(part_head("sample" if "quantify" in path else "file") + b"x" * 100_000)
        coming = server.app.state.laboratory.archive.folder.parent / "incoming"
        while not any(coming.iterdir()):
            time.sleep(0.01)
    # the fixture looks whether it is gone


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip"])
def test_a_compressed_body_is_refused(server, encoding):
    more = FORM, f"Content-Encoding: {encoding}", "Content-Length: 5"
    answer = server.ask("POST", UPLOADS[0], *more, body=b"abcde")
    assert (answer.status, answer.problem) == (415, "BODY_ENCODED")


@pytest.mark.parametrize("path", UPLOADS)
def test_who_nobody_knows_is_answered_before_the_file_comes(server, path):
    begun = time.monotonic()
    answer = server.ask("POST", path, FORM, "Content-Length: 900000", key=False)
    assert (answer.status, answer.problem) == (401, "NOT_SIGNED_IN")
    assert time.monotonic() - begun < 4.0
    assert answer.headers["connection"] == "close"
    assert answer.closed


def test_who_sends_it_all_at_once_can_still_read_why_it_is_refused(server):
    body = part_head("sample") + b"x" * 700_000
    length = f"Content-Length: {len(body)}"
    answer = server.ask("POST", UPLOADS[0], FORM, length, body=body, key=False)
    assert answer.problem == "NOT_SIGNED_IN"


def test_two_requests_on_one_connection_stay_two(server):
    body = b'{"abc": 5000}'
    one = server.head("POST", "/api/v1/classify", "Content-Type: application/json",
                      f"Content-Length: {len(body)}") + body  # fmt: skip
    with server.connect() as connection:
        connection.sendall(one)
        assert told(connection, look=0.05).status == 200
        connection.sendall(one)
        assert told(connection, look=0.05).status == 200


def send_chunk(connection, piece):
    with contextlib.suppress(OSError):  # refused already
        connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))


def send_slowly(connection):
    for _ in range(60):
        try:
            connection.sendall(b"xxxxx")
        except OSError:
            return
        time.sleep(0.15)


def quantify(service, status, **more):
    files = {"sample": part(SAMPLES / "healthy.fcs"), "beads": part(BEADS)}
    return service.post("quantify", status, files=files, data={"lot": LOT_TEXT}, **more)


def test_an_archive_is_no_sample(service):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../bomb.fcs", b"\0" * 10_000_000)
    files = {"sample": ("bomb.fcs", packed.getvalue()), "beads": part(BEADS)}
    refused = service.post("quantify", 422, files=files, data={"lot": LOT_TEXT})
    assert refused["code"] == "NOT_FCS"
    calibration = service.calibration()
    kept = set(service.laboratory.archive.all_hashes())
    service.analyse(calibration, files["sample"], status=422)
    assert set(service.laboratory.archive.all_hashes()) == kept


@pytest.mark.parametrize("limit", ["most_events", "most_channels"])
def test_more_than_is_measured_is_refused_before_any_work(settings, limit):
    with running(settings.model_copy(update={limit: 6})) as service:
        refused = quantify(service, 422)
    assert refused["code"] == "TOO_MANY_EVENTS"
    assert limit.removeprefix("most_") in refused["detail"]


def test_a_full_disk_takes_nothing_and_says_so(settings):
    with running(settings.model_copy(update={"least_free": 1 << 60})) as service:
        assert quantify(service, 507)["code"] == "DISK_FULL"
        files = {"file": part(BEADS)}
        ids = {"lot_id": service.lot()["id"], "instrument_id": service.instrument()["id"]}
        assert service.post("calibrations", 507, files=files, data=ids)["code"] == "DISK_FULL"
        left_nothing(service.app)


def test_who_asks_too_often_waits(service):
    key = service.api_key("quantify", "read", requests_a_minute=3)["key"]
    hasty = service.as_key(key)
    for _ in range(3):
        hasty.get("lots")
    answer = hasty.call("GET", "lots")
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(answer.headers["Retry-After"]) <= 21
    service.get("lots")  # others do not wait


def test_who_sent_too_much_in_a_day_goes_on_tomorrow(service):
    calibration = service.calibration()
    limit = (SAMPLES / "healthy.fcs").stat().st_size
    small = service.as_key(service.api_key("analyse", "read", bytes_a_day=limit)["key"])
    first = small.analyse(calibration)
    said = {"subject": "B", "calibration_id": calibration["id"]}
    answer = small.call("POST", "analyses", files={"file": part(SAMPLES / "mals.fcs")}, data=said)
    assert (answer.status_code, answer.json()["code"]) == (429, "QUOTA_USED")
    assert int(answer.headers["Retry-After"]) > 0
    assert [each["id"] for each in service.get("analyses")["analyses"]] == [first["id"]]


def test_who_finds_no_place_to_measure_is_told_to_come_again(settings):
    with running(settings.model_copy(update={"concurrency": 1, "wait_seconds": 0.2})) as service:
        done, threads = threading.Event(), service.app.state.heavy._threads
        for _ in range(threads._max_workers):
            threads.submit(done.wait, 20)
        files = {"sample": part(SAMPLES / "healthy.fcs"), "beads": part(BEADS)}
        answer = service.call("POST", "quantify", files=files, data={"lot": LOT_TEXT})
        assert service.get("/health")["status"] == "ok"
        done.set()
    assert (answer.status_code, answer.json()["code"]) == (503, "TOO_BUSY")
    assert int(answer.headers["Retry-After"]) > 0
