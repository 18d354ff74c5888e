"""The demonstration measures what it promises, and notices when it does not."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from hladr.cli import sample_files
from hladr.cli.demo import _wrong
from hladr.cli.sample_files import SampleFilesMissing, sample_cases, sample_folder
from hladr.criterion import ClassName
from hladr.result import Verdict


@pytest.fixture(scope="module")
def cases(samples):
    return sample_cases(samples)


def test_every_sample_comes_out_as_it_should_and_its_report_is_written(hladr, cases, tmp_path):
    ran = hladr("demo", "-o", tmp_path / "demo")
    pages = {page.name for page in (tmp_path / "demo").iterdir()}
    lines = ran.out.splitlines()
    assert len(pages) == len(cases)
    for case in cases:
        assert any(page.startswith(case.sample.stem) for page in pages)
        assert any(re.match(rf"{re.escape(case.sample.name)} ", line) for line in lines)
    assert ran.status == 0
    assert "NOT as it should be" not in ran.out
    for page in pages:
        assert page in ran.out
    for lot in {case.beads.name for case in cases}:
        assert lot in ran.out


def test_the_cases_show_every_class_and_a_rejection(cases):
    assert {case.expected_class for case in cases} == {name.value for name in ClassName}
    assert {case.expected_verdict for case in cases} >= {"pass", "reject"}


def outcome(case, *, verdict=None, class_name=None, factor=1.0):
    abc = None if case.true_abc is None else SimpleNamespace(abc=case.true_abc * factor)
    return SimpleNamespace(
        verdict=Verdict(verdict or case.expected_verdict),
        hla_dr=abc,
        classification=SimpleNamespace(class_name=ClassName(class_name or case.expected_class)),
    )


def test_another_class_verdict_or_number_is_noticed(cases):
    for case in cases:
        assert not _wrong(case, outcome(case))
        assert _wrong(case, outcome(case, verdict="review"))
        other = "MALS" if case.expected_class != "MALS" else "unclassified"
        assert _wrong(case, outcome(case, class_name=other))
        if case.true_abc is not None:
            assert not _wrong(case, outcome(case, factor=1.04))
            assert _wrong(case, outcome(case, factor=1.06))
            assert _wrong(case, outcome(case, factor=0.94))


def test_a_missing_result_or_one_that_should_be_missing_is_noticed(cases):
    for case in cases:
        swapped = outcome(case)
        swapped.hla_dr = SimpleNamespace(abc=1.0) if case.true_abc is None else None
        assert _wrong(case, swapped)


def test_a_sample_that_comes_out_otherwise_makes_the_run_fail(hladr, cases, tmp_path, monkeypatch):
    wrong = replace(cases[0], expected_class="MALS")
    monkeypatch.setattr(sample_files, "sample_cases", lambda _: (wrong, cases[1]))
    ran = hladr("demo", "-o", tmp_path)
    assert ran.status == 1
    assert f"{wrong.sample.name} did not come out as expected" in ran.err
    assert cases[1].sample.name not in ran.err
    assert ran.out.count("NOT as it should be") == 1


def test_an_installation_without_samples_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(sample_files, "files", lambda _: tmp_path / "hladr" / "cli")
    with pytest.raises(SampleFilesMissing, match="Install hladr again"):
        sample_folder()


def test_samples_inside_the_package_come_before_those_of_a_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(sample_files, "files", lambda _: tmp_path / "hladr" / "cli")
    for place in ("sample_fcs", "hladr/sample_fcs"):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        (folder / "manifest.csv").touch()
        assert sample_folder() == folder
