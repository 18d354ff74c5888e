"""The report as a file."""

import dataclasses
import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.report import render, write
from hladr.report.rendering import report_name

DIGEST = "0123456789abcdef" * 4


@given(st.text(max_size=300))
def test_a_report_name_is_one_plain_name_whatever_the_sample_is_called(file):
    name = report_name(file, DIGEST)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*-0123456789ab\.html", name)
    assert len(name) < 120
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("patient.fcs", "patient"),
        ("Patient 017.FCS", "Patient_017"),
        ("tube.001", "tube.001"),
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\run 1.lmd", "run_1"),
        ("<img src=x>.fcs", "img_src_x"),
        ("..fcs", "sample"),
        ("\udcff", "sample"),
        ("", "sample"),
    ],
)
def test_the_stem_is_kept_as_far_as_it_is_safe(file, stem):
    assert report_name(file, DIGEST) == f"{stem}-0123456789ab.html"


def test_samples_of_one_name_do_not_overwrite_one_another(passed, tmp_path):
    other = dataclasses.replace(passed, sample=dataclasses.replace(passed.sample, sha256="d" * 64))
    first, second = write(passed, tmp_path), write(other, tmp_path)
    assert first != second
    assert first.read_bytes().decode("utf-8") == render(passed)
    assert second.read_bytes().decode("utf-8") == render(other)


def test_a_second_report_of_a_sample_replaces_the_first(passed, reviewed, tmp_path):
    assert write(passed, tmp_path) == write(reviewed, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["patient_017_d1-aaaaaaaaaaaa.html"]
    assert next(tmp_path.iterdir()).read_text(encoding="utf-8") == render(reviewed)
