"""Samples in object storage, read from a real server of its protocol."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calibration.record import curve_to_dict
from hladr import gating_strategy, quantify
from hladr.batch.location import StoreUnknown, fingerprint, is_remote, read_table
from hladr.gate_files.writing import write_gatingml

SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
BEADS, LOT_FILE = SAMPLES / "canto-beads.fcs", SAMPLES / "simulated-lot.toml"

pytest.importorskip("s3fs")
pytest.importorskip("moto")


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert running.poll() is None
                time.sleep(0.1)
        yield address
    finally:
        running.kill()
        running.wait()


@pytest.fixture
def bucket(server, monkeypatch):
    """A bucket, and how workers find the server: by the variables of the AWS tools."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem()
    store.mkdir("trial")
    yield store
    store.rm("trial", recursive=True)
    s3fs.S3FileSystem.clear_instance_cache()


def test_samples_in_a_store_give_what_they_give_on_a_disk(bucket, archive, journal, idle):
    archive.add(3)
    expected = [result.record for result in archive.measured(journal)[0]]
    for path in archive.folder.glob("*.fcs"):
        bucket.put(str(path), f"trial/{path.name}")
    for row in archive.rows:
        row |= {name: f"s3://trial/{row[name]}" for name in ("sample", "beads")}
    there = journal.with_name("there")
    results, missing = archive.measured(there)
    assert sorted(missing) == [0, 1, 2]
    assert [result.record for result in results] == expected
    archive.measured(there, idle)
    bucket.pipe("trial/s001.fcs", bucket.cat("trial/s001.fcs") + b"x")
    bucket.invalidate_cache()
    assert archive.measured(there)[1] == [1]


def test_lots_curves_and_gates_lie_in_a_store_too(bucket, archive, journal, tmp_path):
    lot, result = tmp_path / "lot.toml", quantify(SAMPLES / "mals.fcs", beads=BEADS, lot=LOT_FILE)
    lot.write_bytes(LOT_FILE.read_bytes())
    (tmp_path / "curve.json").write_text(json.dumps(curve_to_dict(result.curve)))
    (tmp_path / "gates.xml").write_text(write_gatingml(gating_strategy(result)))
    archive.add(2)
    archive.rows[0] |= {"lot": str(lot), "gates": str(tmp_path / "gates.xml")}
    archive.rows[1] |= {"lot": "", "beads": "", "curve": str(tmp_path / "curve.json")}
    expected, _ = archive.measured(journal)
    assert [each.refusal for each in expected] == [None, None]
    for name in ("lot.toml", "curve.json", "gates.xml"):
        bucket.put(str(tmp_path / name), f"trial/{name}")
    archive.rows[0] |= {"lot": "s3://trial/lot.toml", "gates": "s3://trial/gates.xml"}
    archive.rows[1] |= {"curve": "s3://trial/curve.json"}
    results, _ = archive.measured(journal.with_name("there"))
    assert [each.record for each in results] == [each.record for each in expected]
    archive.rows[0] |= {"lot": "s3://trial/none.toml"}
    results, _ = archive.measured(journal.with_name("third"))
    assert (results[0].refusal, results[1].refusal) == ("FILE_UNREADABLE", None)


@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_a_row_with_its_code(archive, journal):
    archive.add(1)
    archive.rows[0] |= {"sample": "s3://trial/none.fcs"}
    (result,) = archive.measured(journal)[0]
    assert result.refusal == "FILE_UNREADABLE"
    assert "none.fcs" in result.record["error"]["message"]


def test_a_store_that_nobody_knows_is_said():
    with pytest.raises(StoreUnknown, match="nowhere"):
        fingerprint("nowhere://bucket/s.fcs")
    with pytest.raises(StoreUnknown, match=r"hladr\[s3\]"):
        read_table("nowhere://bucket/s.fcs")


@pytest.mark.parametrize(
    ("location", "expected"),
    [("s3://b/k.fcs", True), ("gs://b/k", True), ("C:\\a.fcs", False), ("c:/a.fcs", False),
     ("a/b.fcs", False), ("/a:b.fcs", False), ("s3:/b/k.fcs", False)],
)  # fmt: skip
def test_an_address_is_no_path(location, expected):
    assert is_remote(location) is expected
