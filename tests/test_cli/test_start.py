"""What a run loads and compiles: as little as the answer needs, and after a warm-up nothing."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_fcs"
LOT = SAMPLES / "simulated-lot.toml"

WATCHED = """
import json, sys
import numba.core.event as event
from hladr.cli.program import main
with event.install_recorder("numba:compile") as compiled:
    try:
        main()
    except SystemExit as left:
        status = left.code
started = [record.data["dispatcher"].py_func for _, record in compiled.buffer if record.is_start]
print("|", json.dumps([status, [each.__qualname__ for each in started], sorted(sys.modules)]))
"""

# What a table on the terminal needs none of.
NEEDLESS = {
    "asyncio", "click", "jinja2", "matplotlib", "numba.np.arrayobj", "flowio",
    "flowkit", "flowutils", "pandas", "pyarrow", "pydantic", "pydantic_core", "rich.console",
    "scipy.linalg", "scipy.optimize", "scipy.signal", "scipy.stats", "sklearn", "statsmodels",
    "urllib.request", "http.client", "ssl", "xml.parsers.expat", "hladr.gate_files",
    "hladr.report", "hladr.simulate", "hladr.deidentify", "hladr.calibrated_export",
}  # fmt: skip


def watched(folder, *arguments):
    """Exit status, functions compiled and modules loaded of a run in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, *map(str, arguments)],
        env={**os.environ, "HLADR_CACHE_DIR": str(folder)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(ran.stdout.rpartition("| ")[2])


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A cache folder after ``hladr warm-up``, and what the command printed."""
    folder = tmp_path_factory.mktemp("cache")
    ran = subprocess.run(
        [sys.executable, "-c", "from hladr.cli.program import main; main()", "warm-up"],
        env={**os.environ, "HLADR_CACHE_DIR": str(folder)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return folder, ran.stdout


def kept(folder):
    """Names and times of the kept kernels."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_table_on_the_terminal_loads_nothing_that_it_does_not_need(warm):
    status, _, modules = watched(
        warm[0], "quantify", SAMPLES / "mals.fcs", "--beads", SAMPLES / "canto-beads.fcs",
        "--lot", LOT, "--ferritin", "812",
    )  # fmt: skip
    assert status == 0
    assert "numba" in modules
    assert NEEDLESS & set(modules) == set()


def test_warm_up_names_every_kernel_that_the_program_calls(warm):
    calls = "\n".join(
        path.read_text("utf-8") for path in (ROOT / "hladr").rglob("*.py")
        if path.parent.name != "kernels"
    )  # fmt: skip
    for path in (ROOT / "hladr" / "kernels").glob("*.py"):
        for name in re.findall(r"^@kernel\ndef (\w+)", path.read_text("utf-8"), re.MULTILINE):
            if re.search(rf"\b{name}\(", calls):
                assert f"{path.stem}.{name}(" in warm[1], "no job of hladr.warm_up comes by it"


def test_warm_up_says_how_long_it_took_and_where_the_kernels_are(warm):
    folder, printed = warm
    last = printed.splitlines()[-1]
    found = re.fullmatch(r"(\d+) compiled in \d+\.\d s, (\d+) ready in (.+)", last)
    assert int(found[1]) == len(printed.splitlines()) - 1 == len(kept(folder))
    assert Path(found[3]).parent == folder
    assert int(found[2]) == len(kept(folder))


def test_a_second_warm_up_has_nothing_to_do(warm):
    before = kept(warm[0])
    status, compiled, _ = watched(warm[0], "warm-up")
    assert (status, compiled) == (0, [])
    assert kept(warm[0]) == before


GATES = """<gating:Gating-ML
 xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
 xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations"
 xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">
 <transforms:transformation transforms:id="lgcl">
  <transforms:logicle transforms:T="262144" transforms:W="0.5" transforms:M="4.5" transforms:A="0"/>
 </transforms:transformation>
 <gating:PolygonGate gating:id="monocytes">
  <gating:dimension gating:compensation-ref="FCS" gating:transformation-ref="lgcl">
   <data-type:fcs-dimension data-type:name="PerCP-Cy5-5-A"/></gating:dimension>
  <gating:dimension gating:compensation-ref="uncompensated">
   <data-type:fcs-dimension data-type:name="SSC-A"/></gating:dimension>
  <gating:vertex><gating:coordinate data-type:value="0.6"/>
   <gating:coordinate data-type:value="15000"/></gating:vertex>
  <gating:vertex><gating:coordinate data-type:value="1.0"/>
   <gating:coordinate data-type:value="15000"/></gating:vertex>
  <gating:vertex><gating:coordinate data-type:value="1.0"/>
   <gating:coordinate data-type:value="120000"/></gating:vertex>
  <gating:vertex><gating:coordinate data-type:value="0.6"/>
   <gating:coordinate data-type:value="120000"/></gating:vertex>
 </gating:PolygonGate>
</gating:Gating-ML>
"""


@pytest.mark.parametrize(
    "arguments",
    [
        "quantify {s}/mals.fcs --beads {s}/canto-beads.fcs --lot {lot}",
        (
            "quantify {s}/borderline.fcs {s}/healthy.fcs --beads {s}/canto-beads.fcs --lot {lot} "
            "--format json --report {t} --export {t} --save-gates {t}"
        ),
        "quantify {s}/mals.fcs --beads {s}/canto-beads.fcs --lot {lot} --gates {gates}",
        "gate {s}/mals.fcs --gates {gates} -o {t}/gates.csv",
        "calibrate {s}/calibur-beads.fcs --lot {lot} -o {t}/curve.json",
        "inspect {s}/mals.fcs",
        "demo -o {t}/demo",
    ],
    ids=["quantify", "all beside", "quantify by gates", "gate", "calibrate", "inspect", "demo"],
)
def test_after_a_warm_up_nothing_is_compiled(warm, tmp_path, arguments):
    gates = tmp_path / "gates.xml"
    gates.write_text(GATES)
    before = kept(warm[0])
    line = arguments.format(s=SAMPLES, lot=LOT, t=tmp_path, gates=gates)
    status, compiled, modules = watched(warm[0], *line.split())
    assert (status, compiled) == (0, [])
    assert "numba.np.arrayobj" not in modules, "numba got ready to compile"
    assert kept(warm[0]) == before


def test_a_folder_that_cannot_be_written_is_said_in_one_line_and_the_number_is_the_same(tmp_path):
    occupied = tmp_path / "occupied"
    occupied.write_text("no folder")
    line = f"quantify {SAMPLES}/mals.fcs --beads {SAMPLES}/canto-beads.fcs --lot {LOT}"
    runs = [
        subprocess.run(
            [sys.executable, "-c", "from hladr.cli.program import main; main()", *line.split()],
            env={**os.environ, **variables}, capture_output=True, text=True, check=True,
        )
        for variables in ({}, {"HLADR_CACHE_DIR": str(occupied)})
    ]  # fmt: skip
    assert runs[0].stdout == runs[1].stdout
    said = [each for each in runs[1].stderr.splitlines() if "kernels" in each]
    assert len(said) == 1
    assert said[0].startswith("note: compiled kernels are not kept")
    assert runs[1].stderr.replace(said[0] + "\n", "") == runs[0].stderr


def test_warm_up_fails_where_nothing_can_be_kept(tmp_path, hladr, monkeypatch):
    from hladr.kernels import store

    (tmp_path / "occupied").write_text("no folder")
    monkeypatch.setattr(store, "build_folder", lambda: tmp_path / "occupied" / "kernels")
    ran = hladr("warm-up")
    assert (ran.status, ran.out) == (1, "")
    assert "OUTPUT_NOT_WRITABLE" in ran.err


def test_what_is_compiled_beside_a_first_measurement_is_what_it_needs(tmp_path):
    """Nothing is compiled for other types, or in vain; what remains the process does itself."""
    folder = tmp_path / "cache"
    environment = {**os.environ, "HLADR_CACHE_DIR": str(folder)}
    subprocess.run(
        [sys.executable, "-P", "-m", "hladr.gating.ahead"], env=environment, check=True, timeout=120
    )
    beside = {path.name for path in kept(folder)}
    assert "mixture.expect" in {name.partition("-")[0] for name in beside}
    line = ("quantify", SAMPLES / "mals.fcs", "--beads", SAMPLES / "canto-beads.fcs", "--lot", LOT)
    status, compiled, _ = watched(folder, *line)
    assert status == 0
    own = {path.name.partition("-")[0].partition(".")[2] for path in kept(folder)} - {
        name.partition("-")[0].partition(".")[2] for name in beside
    }
    assert own
    assert {name for name in compiled if "<" not in name} & own == own
    assert len(beside) > len(own) / 2
    fresh = tmp_path / "fresh"
    watched(fresh, *line)
    assert {path.name for path in kept(fresh)} == {path.name for path in kept(folder)}


def test_a_first_measurement_ends_what_runs_beside_it(tmp_path, monkeypatch):
    from hladr.cli import first_run
    from hladr.kernels import store

    monkeypatch.setattr(store, "build_folder", lambda: tmp_path / "kernels-none")
    monkeypatch.setattr(first_run, "processors", lambda: 2)
    begun = []
    popen = subprocess.Popen

    def watched_popen(*arguments, **options):
        begun.append(popen(*arguments, **options))
        return begun[-1]

    monkeypatch.setattr(first_run.subprocess, "Popen", watched_popen)
    with first_run.compiling_beside():
        assert begun[0].poll() is None
    assert begun[0].returncode is not None
    monkeypatch.setattr(first_run, "processors", lambda: 1)
    with first_run.compiling_beside():
        pass
    (tmp_path / "kernels-none").mkdir()
    (tmp_path / "kernels-none" / "mixture.expect-1").touch()
    monkeypatch.setattr(first_run, "processors", lambda: 2)
    with first_run.compiling_beside():
        pass
    assert len(begun) == 1


def test_a_process_that_cannot_be_begun_is_done_without(tmp_path, monkeypatch):
    from hladr.cli import first_run
    from hladr.kernels import store

    def refused(*_arguments, **_options):
        raise BlockingIOError

    monkeypatch.setattr(store, "build_folder", lambda: tmp_path / "kernels-none")
    monkeypatch.setattr(first_run, "processors", lambda: 2)
    monkeypatch.setattr(first_run.subprocess, "Popen", refused)
    with first_run.compiling_beside():
        pass


def test_no_file_of_the_folder_at_hand_is_run_beside_a_first_measurement(tmp_path, monkeypatch):
    from hladr.cli import first_run
    from hladr.kernels import store

    (tmp_path / "numpy.py").write_text("open('RAN', 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(store, "build_folder", lambda: tmp_path / "kernels-none")
    monkeypatch.setattr(first_run, "processors", lambda: 2)
    begun = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        first_run.subprocess, "Popen", lambda *a, **k: begun.append(popen(*a, **k)) or begun[-1]
    )
    with first_run.compiling_beside():
        begun[0].wait(120)
    assert begun[0].returncode == 0
    assert not (tmp_path / "RAN").exists()
