"""Help is there, shows examples that run, and costs no time."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hladr.cli.main import app
from hladr.version import software_version

COMMANDS = (
    "demo", "calibrate", "quantify", "classify", "inspect", "manifest", "batch", "compare",
    "validate", "simulate", "deidentify",
)  # fmt: skip


def examples(text):
    return [line.strip() for line in text.splitlines() if line.strip().startswith("hladr ")]


def test_the_overview_names_every_command_and_that_it_is_for_research(hladr):
    ran = hladr("--help")
    assert ran.status == 0
    for name in COMMANDS:
        assert f" {name} " in ran.out
    assert "Research use only" in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_summary_and_examples(hladr, name):
    ran = hladr(name, "--help")
    assert ran.status == 0
    assert "Examples:" in ran.out
    shown = examples(ran.out)
    assert shown
    assert all(line.startswith(f"hladr {name}") for line in shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_uses_options_that_exist(hladr, name):
    ran = hladr(name, "--help")
    before = ran.out.split("Examples:")[0]
    for line in examples(ran.out):
        for word in shlex.split(line):
            if word.startswith("-"):
                assert f" {word} " in before, line


def test_the_examples_of_classify_and_simulate_run(hladr, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("classify", "simulate"):
        for line in examples(hladr(name, "--help").out):
            assert hladr(*shlex.split(line)[1:]).status == 0, line


def test_the_version_is_that_of_the_distribution(hladr):
    assert hladr("--version").out == f"hladr {software_version()}\n"


@pytest.mark.parametrize("arguments", [("nonsense",), ("quantify", "--nonsense"), ("--nonsense",)])
def test_what_does_not_exist_is_wrong_usage(hladr, arguments):
    ran = hladr(*arguments)
    assert (ran.status, ran.out) == (2, "")


def loaded_by(*arguments):
    """Modules loaded by a run in a process of its own."""
    code = (
        "import sys\nfrom hladr.cli.main import run\n"
        f"try: run({list(arguments)!r})\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stderr.split())


def test_a_console_of_a_small_alphabet_does_not_end_the_run(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", "from hladr.cli.main import run; run()",
         "simulate", "healthy", "--events", "200", "-o", tmp_path / "患者"],
        capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, check=False,
    )  # fmt: skip
    assert ran.returncode == 0
    assert rb"\u60a3\u8005" in ran.stdout


def test_help_loads_neither_numpy_nor_the_compiler():
    assert not loaded_by("quantify", "--help") & {"numpy", "scipy", "numba", "jinja2", "flowkit"}


def test_gate_files_are_read_without_flowkit(tmp_path):
    (tmp_path / "gates.xml").write_text("<a/>")
    samples = Path(__file__).resolve().parents[2] / "sample_fcs"
    loaded = loaded_by("gate", f"{samples}/mals.fcs", "--gates", f"{tmp_path}/gates.xml")
    assert "hladr.gate_files" in loaded
    assert not loaded & {"flowkit", "lxml", "pandas", "scipy.stats", "jinja2"}


def test_a_class_needs_no_compiler_and_no_report():
    loaded = loaded_by("classify", "--abc", "3394", "--ferritin", "812")
    assert not loaded & {"numba", "jinja2", "flowkit", "scipy.stats", "pandas", "rich"}


def test_a_bug_outside_the_samples_exits_with_seventy(hladr, monkeypatch):
    def failing(*_, **__):
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr("hladr.criterion.load_criterion", failing)
    ran = hladr("classify", "--abc", "3394")
    assert ran.status == 70
    assert "ZeroDivisionError: a slip" in ran.err
    assert "error [INTERNAL_ERROR]: " in ran.err


def test_the_program_is_called_hladr():
    assert app.info.name == "hladr"
