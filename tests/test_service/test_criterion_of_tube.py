"""The criterion that is said of a tube is the one that its result rests on."""

from importlib.resources import files

import pytest
from laboratory import describe, finished, recalculate, running

OWN, OTHER = "immunosep-2025", "provide-2022"


def used(analysis):
    return analysis["result"]["classification"]["criterion"]["name"]


@pytest.fixture
def analysis(service):
    return service.analyse(service.calibration(), ferritin_ng_ml="812")


def test_a_criterion_that_is_taken_away_leaves_the_one_of_the_assay(service, analysis):
    assert used(analysis) == OWN
    told = describe(service, analysis, criterion=OTHER)
    assert (used(told), told["tube"]["criterion"]) == (OTHER, OTHER)
    told = describe(service, told, criterion=None)
    assert (used(told), told["tube"].get("criterion")) == (OWN, None)


def test_a_recalculation_says_its_criterion_of_the_tube(service, analysis):
    finished(service, recalculate(service, everything=True, criterion=OTHER))
    told = service.get(f"analyses/{analysis['id']}")
    assert (used(told), told["tube"]["criterion"]) == (OTHER, OTHER)
    told = describe(service, told, visit="D7")
    assert (used(told), told["tube"]["criterion"]) == (OTHER, OTHER)


@pytest.fixture
def with_another_assay(settings, tmp_path):
    """A service with an assay of its own, whose criterion is another one."""
    text = (files("hladr.assay") / "quantibrite-340827.toml").read_text()
    for old, new in (
        ('name = "quantibrite-340827"', 'name = "another"'),
        (f'criterion = "{OWN}"', f'criterion = "{OTHER}"'),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "own" / "assays").mkdir(parents=True)
    (tmp_path / "own" / "assays" / "another.toml").write_text(text)
    with running(settings.model_copy(update={"definitions_dir": tmp_path / "own"})) as service:
        yield service


@pytest.mark.parametrize(("said", "expected"), [({}, OTHER), ({"criterion": OWN}, OWN)])
def test_another_assay_brings_its_criterion_unless_one_is_said(with_another_assay, said, expected):
    service = with_another_assay
    analysis = service.analyse(service.calibration(), ferritin_ng_ml="812", **said)
    wanted = {"analyses": [analysis["id"]], "assay": "another"}
    assert finished(service, recalculate(service, **wanted))["items"]["done"] == 1
    told = service.get(f"analyses/{analysis['id']}")
    assert (used(told), told["tube"].get("criterion")) == (expected, said.get("criterion"))
