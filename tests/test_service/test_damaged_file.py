"""A stored file whose bytes are not those that were received gives no number, and can be mended."""

import struct

import pytest
from laboratory import SAMPLES, finished, items, recalculate, regate, running

from hladr.fcs import read_fcs


@pytest.fixture
def calibration(service):
    return service.calibration()


def stored(service, sha256):
    return service.laboratory.archive.path(sha256)


def double_hla_dr(path):
    """Double every number of HLA-DR in a file: it stays a file that can be read."""
    table = read_fcs(path, name="x")
    names = [str(channel.marker) for channel in table.channels]
    place = next(number for number, name in enumerate(names) if "HLA" in name)
    width, begin = 4 * len(names), int(table.keywords["$BEGINDATA"])
    order = "<f" if table.keywords["$BYTEORD"].startswith("1") else ">f"
    raw = bytearray(path.read_bytes())
    for event in range(table.n_events):
        at = begin + width * event + 4 * place
        raw[at : at + 4] = struct.pack(order, 2 * struct.unpack(order, raw[at : at + 4])[0])
    put(path, bytes(raw))


def put(path, content):
    path.chmod(0o600)
    path.write_bytes(content)


def test_nothing_is_measured_again_from_a_damaged_file(service, calibration):
    made = service.analyse(calibration)
    double_hla_dr(stored(service, made["file"]["sha256"]))
    assert regate(service, made, 500)["code"] == "FILE_DAMAGED"
    asked = recalculate(service)
    assert finished(service, asked)["items"]["refused"] == 1
    assert items(service, asked)[0]["code"] == "FILE_DAMAGED"
    assert service.get(f"analyses/{made['id']}")["version"] == 1


def test_of_a_file_that_cannot_be_read_any_more_the_damage_is_told(service, calibration):
    made = service.analyse(calibration)
    put(stored(service, made["file"]["sha256"]), b"no FCS")
    assert regate(service, made, 500)["code"] == "FILE_DAMAGED"


@pytest.mark.parametrize("content", [b"", None])
def test_a_damaged_file_that_is_sent_again_is_whole_again(service, calibration, content):
    made = service.analyse(calibration)
    path = stored(service, made["file"]["sha256"])
    if content is None:
        double_hla_dr(path)
    else:
        put(path, content)
    service.analyse(calibration)
    assert path.read_bytes() == (SAMPLES / "healthy.fcs").read_bytes()
    regate(service, made)


def test_at_the_start_a_file_of_another_size_is_told(settings):
    with running(settings) as service:
        made = service.analyse(service.calibration())
        path = stored(service, made["file"]["sha256"])
    whole = path.read_bytes()
    put(path, whole[:-1])
    with running(settings) as service:
        assert service.as_nobody().get("/health")["files"] == {"ok": False, "lost": 1}
    put(path, whole)
    with running(settings) as service:
        assert service.as_nobody().get("/health")["files"] == {"ok": True, "lost": 0}
