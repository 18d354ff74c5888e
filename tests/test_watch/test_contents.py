"""What is known by its bytes: touched, renamed, written over or replaced."""

import os

from watched_folder import Bench, arrives


def test_an_export_that_is_written_over_is_another_row(bench, folder):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs", "tube.fcs")
    bench.after(0)
    bench.after(6)
    arrives(folder, "healthy.fcs", "tube.fcs")
    bench.after(1)
    assert bench.after(6) == [("tube.fcs", "pass")]
    first, second = bench.rows()
    assert first["sample_sha256"] != second["sample_sha256"]


def test_beads_that_are_replaced_by_others_of_their_name_are_said_once(bench, folder):
    beads = arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    touched(beads)
    bench.after(1)
    assert bench.after(6) == []
    with beads.open("ab") as file:
        file.write(b"another")
    bench.after(1)
    assert bench.after(6) == [("canto-beads.fcs", "replaced")]
    assert bench.after(6) == []


def test_nothing_is_read_again_while_nothing_changes(bench, folder, monkeypatch):
    from hladr.pairing import copies
    from hladr.watch import contents, watcher

    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    arrives(folder, "mals.fcs", "copy.fcs")
    bench.after(0)
    assert bench.after(6) == [("copy.fcs", "pass")]

    def read(*_given):
        raise AssertionError("read again")

    for module, name in ((watcher, "pair_tubes"), (copies, "sha256_of"), (contents, "Path")):
        monkeypatch.setattr(module, name, read)
    assert bench.after(6) == bench.after(6) == []


def touched(path):
    now = path.stat().st_mtime_ns + 7_000_000_000
    os.utime(path, ns=(now, now))


def test_what_is_touched_or_renamed_is_known_by_its_bytes(bench, folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    target = arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    touched(target)
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", "known")]
    target.rename(folder / "later-name.fcs")
    bench.after(1)
    assert bench.after(6) == [("later-name.fcs", "known")]
    assert bench.after(6) == []
    bench.close()
    again = Bench(folder, tmp_path / "results.csv")
    again.after(0)
    assert again.after(6) == [("later-name.fcs", "known")]
    assert [row["sample"] for row in again.rows()] == ["mals.fcs"]
    again.close()


def test_a_sample_that_its_beads_refused_is_measured_when_better_ones_come(bench, folder):
    arrives(folder, "mals.fcs")
    spoiled = arrives(folder, "canto-beads.fcs", "beads.fcs")
    content = bytearray(spoiled.read_bytes())
    header = content[:58].decode("ascii")
    first, last = int(header[26:34]), int(header[34:42])
    content[first : last + 1] = bytes(last + 1 - first)
    spoiled.write_bytes(content)
    bench.after(0)
    ((sample, code),) = bench.after(6)
    assert sample == "mals.fcs"
    touched(spoiled)
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", code)]
    assert [row["error"] for row in bench.rows()] == [code]
    arrives(folder, "canto-beads.fcs", "beads.fcs")
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", "pass")]
    assert bench.after(60) == []
    assert [row["verdict"] or row["error"] for row in bench.rows()] == [code, "pass"]
