"""Compiled kernels on disk: found again, never another's, and never the cause of a failure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hladr.kernels import store, store_folder
from hladr.kernels.store import KernelStore

WIDTHS = """
import json, sys
import numba.core.event as event
import numpy as np
with event.install_recorder("numba:compile") as compiled:
    from hladr.kernels.binning import edge_doubt
    from hladr.kernels.gating import in_ellipse
    from hladr.kernels.inverse import inverse
    values = np.linspace(-3.0, 3.0, 7)
    round_ = inverse(np.eye(2))
    inside = in_ellipse(values, np.zeros(7), np.zeros(2), round_, 4.0)
    doubt = edge_doubt(-1.0, 1.0, 100)
numba = sorted(name for name in sys.modules if name.startswith("numba."))
starts = sum(record.is_start for _, record in compiled.buffer)
print(json.dumps([inside.tolist(), doubt, starts, numba]))
"""
ANSWER = [[False, True, True, True, True, True, False], 2e-15 * 100 * 1.5]


def begun(folder, code=WIDTHS, **variables):
    """Process that keeps its kernels in this folder."""
    environment = {**os.environ, "HLADR_CACHE_DIR": str(folder), **variables}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process):
    """Answers, compilations and modules of a process, and what it wrote to standard error."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    *answers, compiled, modules = json.loads(out)
    return answers, compiled, modules, err


def files(folder):
    """Kept kernels by path below the folder."""
    return {path.relative_to(folder): path for path in folder.rglob("*-*") if path.is_file()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder in which a process has left its kernels."""
    folder = tmp_path_factory.mktemp("kept")
    answers, compiled, _, err = ended(begun(folder))
    assert (answers, err) == (ANSWER, "")
    assert compiled >= 3
    return folder


def test_the_next_process_compiles_nothing_and_gets_ready_for_nothing(kept):
    before = {path: file.stat().st_mtime_ns for path, file in files(kept).items()}
    answers, compiled, modules, err = ended(begun(kept))
    assert (answers, compiled, err) == (ANSWER, 0, "")
    assert "numba.np.arrayobj" not in modules
    assert {path: file.stat().st_mtime_ns for path, file in files(kept).items()} == before
    assert len(before) >= 3


def test_a_new_signature_is_compiled_beside_those_that_were_loaded(kept):
    single = "single = in_ellipse(*np.zeros((2, 7), 'f4'), np.zeros(2), round_, 4.0)"
    code = WIDTHS.replace("print(", f"{single}\nprint(")
    code = code.replace("inside.tolist()", "(inside & single).tolist()")
    assert ended(begun(kept, code))[0] == ANSWER


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda held: held[: len(held) // 2],
        lambda held: held[:-1] + bytes([held[-1] ^ 1]),
        lambda held: os.urandom(len(held)),
    ],
    ids=["empty", "cut short", "one bit", "noise"],
)
def test_a_damaged_file_is_compiled_anew(kept, tmp_path, damage):
    for path, file in files(kept).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(damage(file.read_bytes()))
    answers, compiled, _, err = ended(begun(tmp_path))
    assert (answers, err) == (ANSWER, "")
    assert compiled >= 3
    assert ended(begun(tmp_path))[1] == 0, "and written anew"


def test_a_file_under_the_name_of_another_is_not_taken_for_it(kept, tmp_path):
    held = files(kept)
    names = sorted(held)
    for path, other in zip(names, names[1:] + names[:1], strict=True):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(held[other].read_bytes())
    answers, compiled, _, _ = ended(begun(tmp_path))
    assert answers == ANSWER
    assert compiled >= 3


def test_processes_that_begin_together_do_not_disturb_each_other(tmp_path):
    together = [begun(tmp_path) for _ in range(4)]
    assert [ended(process)[0] for process in together] == [ANSWER] * 4
    assert ended(begun(tmp_path))[1] == 0
    assert not list(tmp_path.rglob(".*")), "nothing unfinished is left"


def test_another_processor_has_kernels_of_its_own(kept, tmp_path):
    for path, file in files(kept).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(file.read_bytes())
    generic = begun(tmp_path, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="")
    answers, compiled, _, _ = ended(generic)
    assert answers == ANSWER
    assert compiled >= 3
    assert len(list(tmp_path.iterdir())) == 2


def test_where_nothing_can_be_written_the_kernels_still_work_and_it_is_said(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("no folder")
    answers, compiled, _, err = ended(begun(occupied))
    assert answers == ANSWER
    assert compiled >= 3
    assert err.count("KernelsNotKept") == 1
    assert "HLADR_CACHE_DIR" in err


def test_kernels_of_another_source_or_compiler_are_another_build(monkeypatch):
    name = store_folder.build_name(["0.60", "x86"])
    assert name == store_folder.build_name(["0.60", "x86"])
    assert name != store_folder.build_name(["0.61", "x86"])
    monkeypatch.setattr(store_folder, "_SOURCE", "of an older version")
    assert name != store_folder.build_name(["0.60", "x86"])
    monkeypatch.setattr(store_folder, "_SOURCE", None)
    assert store_folder.build_name(["0.60", "x86"]) is None


def test_functions_of_one_name_that_do_different_things_share_no_file():
    def one(x):
        return x + 1.0

    first = KernelStore(one)

    def one(x):
        return x + 2.0

    types = (object(),)
    assert first._file(types) is not None
    assert first._file(types) != KernelStore(one)._file(types)


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, "/home/mtl/.cache/hladr"),
        ("linux", {"XDG_CACHE_HOME": "/scratch/mtl"}, "/scratch/mtl/hladr"),
        ("linux", {"XDG_CACHE_HOME": "not/absolute"}, "/home/mtl/.cache/hladr"),
        ("darwin", {"XDG_CACHE_HOME": "/scratch"}, "/home/mtl/Library/Caches/hladr"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/hladr"),
        ("win32", {}, "/home/mtl/AppData/Local/hladr"),
        ("linux", {"HLADR_CACHE_DIR": "/opt/kernels", "XDG_CACHE_HOME": "/x"}, "/opt/kernels"),
    ],
)
def test_the_folder_is_where_the_user_keeps_caches(monkeypatch, platform, variables, folder):
    for name in ("HLADR_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/mtl"))
    monkeypatch.setattr(store_folder.sys, "platform", platform)
    assert store_folder.cache_folder() == Path(folder)


def test_a_user_without_a_home_has_no_folder_and_is_told(monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("HLADR_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    store._say_once.cache_clear()
    with pytest.warns(store.KernelsNotKept, match="no home"):
        assert store.build_folder.__wrapped__() is None
    store._say_once.cache_clear()
