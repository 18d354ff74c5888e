"""The command: exit statuses, several files, nothing overwritten, no key no output."""

import hashlib

from hladr.deidentify import PseudonymKey, deidentify
from hladr.fcs import read_fcs


def test_several_files_are_written_and_one_that_is_bad_does_not_stop_them(hladr, laden, tmp_path):
    good = [laden(name=f"{n}.fcs", text={"$SRC": f"Jane {n}"}) for n in range(2)]
    bad = tmp_path / "bad.fcs"
    bad.write_bytes(b"nothing of the kind")
    folder = tmp_path / "new" / "folder"
    ran = hladr("deidentify", good[0], bad, tmp_path / "missing.fcs", good[1], "-o", folder)
    assert ran.status == 1
    assert "error [NOT_FCS]: bad.fcs" in ran.err
    assert "error [FILE_NOT_FOUND]" in ran.err
    assert len(list(folder.iterdir())) == 2
    assert all(read_fcs(path).n_events == 3 for path in folder.iterdir())
    assert ran.out.count("Written") == 2


def test_all_written_is_status_zero_and_the_path_is_told(hladr, laden, tmp_path):
    ran = hladr("deidentify", laden(), "-o", tmp_path / "out", "--subject", "P-17")
    (path,) = (tmp_path / "out").iterdir()
    assert ran.status == 0
    assert str(path) in ran.out
    assert "P-17" not in ran.out


def test_without_a_key_or_with_a_short_one_nothing_is_written(hladr, laden, tmp_path, monkeypatch):
    short = tmp_path / "short.key"
    short.write_text("secret")
    ran = hladr("deidentify", laden(), "-o", tmp_path / "out", "--key-file", short)
    assert (ran.status, ran.out) == (1, "")
    assert "error [PSEUDONYM_KEY_SHORT]" in ran.err
    assert "secret" not in ran.err.replace("keep it secret", "")
    monkeypatch.delenv("HLADR_PSEUDONYM_KEY")
    for options in ((), ("--key-file", tmp_path / "missing.key")):
        ran = hladr("deidentify", laden(), "-o", tmp_path / "out", *options)
        assert (ran.status, ran.out) == (2, "")
        assert "error [PSEUDONYM_KEY_MISSING]" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_key_file_that_others_may_read_is_warned_of(hladr, laden, tmp_path):
    path = tmp_path / "lab.key"
    path.write_text("f3" + "0123456789abcdefghijklmnopqrstuv")
    for mode, warned in ((0o600, False), (0o640, True), (0o604, True)):
        path.chmod(mode)
        ran = hladr("deidentify", laden(), "-o", tmp_path / "out", "--key-file", path)
        assert ran.status == 0
        assert ("chmod 600" in ran.err) == warned


def test_wrong_usage_is_status_two(hladr, laden, tmp_path):
    for options in (
        ("--subject", "a", "--subject-keyword", "b", "-o", tmp_path),
        ("--subject", " ", "-o", tmp_path),
        (),
    ):
        assert hladr("deidentify", laden(), *options).status == 2


def test_the_subject_of_each_file_can_come_from_a_keyword(hladr, laden, tmp_path, key):
    for name, who in (("a.fcs", "P-1"), ("b.fcs", "P-2")):
        laden(name=name, text={"PATIENT ID": who})
    laden(name="c.fcs")
    files = [tmp_path / name for name in ("a.fcs", "b.fcs", "c.fcs")]
    ran = hladr("deidentify", *files, "-o", tmp_path / "out", "--subject-keyword", "patient id")
    assert ran.status == 1
    assert "error [SUBJECT_MISSING]: c.fcs" in ran.err
    found = {read_fcs(path).keyword("HLADR_SUBJECT") for path in (tmp_path / "out").iterdir()}
    assert found == {key.pseudonym("subject", who) for who in ("P-1", "P-2")}


def test_a_file_name_is_a_pseudonym_by_the_key(laden, tmp_path, key):
    path = laden()
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    done = deidentify(path, tmp_path, key=key, subject="P-17")
    assert done.path.name == key.pseudonym("file", f"P-17\0{content}") + ".fcs"
    other = PseudonymKey(b"another key of a laboratory, 32 bytes and more")
    assert deidentify(path, tmp_path, key=other, subject="P-17").path.name != done.path.name


def test_an_input_is_never_overwritten(hladr, laden, tmp_path, key):
    path = laden()
    target = tmp_path / deidentify(path, tmp_path, key=key).path.name
    target.unlink()
    target.symlink_to(path)
    before = path.read_bytes()
    ran = hladr("deidentify", path, "-o", tmp_path)
    assert ran.status == 1
    assert "error [FOLDER_NOT_WRITABLE]" in ran.err
    assert path.read_bytes() == before
    target.unlink()
    target.write_bytes(other := laden(name="other.fcs", text={"$SRC": "x"}).read_bytes())
    ran = hladr("deidentify", path, target, "-o", tmp_path)
    assert ran.status == 1
    assert target.read_bytes() == other


def test_a_folder_that_is_a_file_is_refused(hladr, laden):
    path = laden()
    ran = hladr("deidentify", path, "-o", path)
    assert ran.status == 1
    assert "error [OUTPUT_NOT_WRITABLE]" in ran.err


def test_a_hostile_file_name_cannot_command_the_terminal(hladr, laden, tmp_path):
    ran = hladr("deidentify", laden(name="a\x1b[31mb.fcs"), "-o", tmp_path / "out")
    assert ran.status == 0
    assert "\x1b" not in ran.out + ran.err
