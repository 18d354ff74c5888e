"""The criterion alone: numbers in, class out."""

import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--abc", "3394", "--ferritin", "812"), "immunoparalysis"),
        (("--abc", "5000", "--ferritin", "812"), "unclassified"),
        (("--abc", "4999.6", "--ferritin", "4420.0"), "immunoparalysis"),
        (("--ferritin", ">40000"), "MALS"),
        (("--abc", "1000", "--ferritin", "4421"), "MALS"),
        (("--abc", "3394"), "undetermined"),
        (("--ferritin", "812"), "undetermined"),
        (("--abc", "7000", "--ferritin", "1", "--criterion", "meisel-2009"), "undetermined"),
    ],
)
def test_the_class_follows_the_published_rule(hladr, arguments, expected):
    ran = hladr("classify", *arguments, "--format", "json")
    assert ran.status == 0
    record = json.loads(ran.out)
    assert record["class"] == expected
    if expected == "undetermined":
        assert record["decisive"] is None
        assert record["probability"] is None


def test_text_says_the_class_the_rule_and_why(hladr):
    ran = hladr("classify", "--abc", "3394", "--ferritin", "812")
    assert "immunoparalysis" in ran.out
    assert "immunosep-2025" in ran.out
    assert "below 5,000 AB/c" in ran.out
    assert "Research use only" in ran.err


@pytest.mark.parametrize("written", ["4,420", "4.420"])
def test_a_ferritin_with_two_readings_is_refused_with_both(hladr, written):
    ran = hladr("classify", "--ferritin", written)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("error [AMBIGUOUS_FERRITIN]: ")
    assert "4420" in ran.err
    assert "4.42" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--ferritin", "12 pmol/L"), "FERRITIN_UNIT"),
        (("--ferritin", "many"), "INVALID_FERRITIN"),
        (("--abc", "-1"), "INVALID_ABC"),
        (("--abc", "nan"), "INVALID_ABC"),
        (("--abc", "1", "--criterion", "nonsense"), "UNKNOWN_CRITERION"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_code(hladr, arguments, code):
    ran = hladr("classify", *arguments)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"error [{code}]: ")


@pytest.mark.parametrize("arguments", [(), ("--abc", "three"), ("--format", "xml", "--abc", "1")])
def test_wrong_usage_exits_with_two(hladr, arguments):
    assert hladr("classify", *arguments).status == 2
