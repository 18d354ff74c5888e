"""Restored or not: by the rule of the class at entry, with three answers."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hladr.criterion import (
    AbcBeyondBeads,
    AbcEvidence,
    BareAbc,
    Certainty,
    ClassName,
    Quantity,
    available_criteria,
    load_criterion,
    restoration,
)
from hladr.ferritin import Ferritin, Relation, parse_ferritin

IMMUNOSEP = load_criterion("immunosep-2025")
MEISEL = load_criterion("meisel-2009")
GRID = load_criterion("grid-2023")
JUST_ABOVE_8000 = math.nextafter(8000.0, 9000.0)


def judged(entry_class, abc=None, now=None, entry=None, criterion=IMMUNOSEP):
    def ferritin(given):
        return None if given is None else parse_ferritin(given)

    measured = BareAbc(abc) if isinstance(abc, float) else abc
    return restoration(
        criterion,
        ClassName(entry_class),
        entry_ferritin=ferritin(entry),
        abc=measured,
        ferritin=ferritin(now),
    )


@pytest.mark.parametrize(
    ("abc", "ferritin", "answer"),
    [
        (8000.0, "812", "not met"),  # must exceed 8,000
        (JUST_ABOVE_8000, "812", "met"),
        (8000.3, "812", "met"),
        (5001.0, "812", "not met"),  # the cut-off of entry is not that of restoration
        (9000.0, "4419.9", "met"),
        (9000.0, "4420", "not met"),  # below 4,420, where entry says at or below
        (9000.0, None, "not known"),
        (None, "812", "not known"),
        (None, None, "not known"),
        (7000.0, None, "not met"),  # whatever ferritin is
        (None, "9000", "not met"),  # whatever HLA-DR is
        (9000.0, ">40000", "not met"),
        (9000.0, ">4000", "not known"),
        (9000.0, ">4420", "not met"),
        (9000.0, "<5", "met"),
        (9000.0, "<4420", "met"),
        (9000.0, "<4421", "not known"),
        (AbcBeyondBeads(62_336.0, Relation.ABOVE), "812", "met"),
        (AbcBeyondBeads(7_000.0, Relation.ABOVE), "812", "not known"),
        (AbcBeyondBeads(474.0, Relation.BELOW), "812", "not met"),
    ],
)
def test_immunoparalysis_is_restored_by_hla_dr_and_ferritin(abc, ferritin, answer):
    assert judged("immunoparalysis", abc, ferritin).answer == answer


@pytest.mark.parametrize(
    ("entry", "now", "answer"),
    [
        ("10000", "8500", "met"),  # exactly 15 %
        ("7000", "5950", "met"),
        ("4421.0", "3757.85", "met"),
        ("10000", "8500.1", "not met"),
        ("10000", "12000", "not met"),
        (None, "5000", "not known"),
        ("10000", None, "not known"),
        (">40000", "812", "met"),
        (">40000", "34000", "met"),  # entry is more, so the fall is
        (">40000", "34001", "not known"),
        (">40000", ">40000", "not known"),
        ("50000", ">40000", "not known"),
        ("40000", ">40000", "not met"),
        ("9000", "<5", "met"),
        (">40000", "<5", "met"),
        ("<5", "4", "not known"),
        ("<5", "5", "not met"),
    ],
)
@pytest.mark.parametrize("abc", [None, 3000.0, 60_000.0])
def test_mals_is_restored_by_the_fall_of_ferritin_whatever_hla_dr_says(abc, entry, now, answer):
    assert judged("MALS", abc, now, entry).answer == answer


@given(
    entry=st.decimals(min_value=1, max_value=60_000, places=1),
    now=st.decimals(min_value=1, max_value=60_000, places=1),
)
def test_the_fall_is_judged_on_the_decimals_as_reported(entry, now):
    found = restoration(
        IMMUNOSEP,
        ClassName.MALS,
        entry_ferritin=Ferritin(str(entry), float(entry)),
        abc=None,
        ferritin=Ferritin(str(now), float(now)),
    )
    assert (found.answer == "met") is ((entry - now) * 100 >= 15 * entry)
    printed = found.reasons[0].split(",")[1].strip().removesuffix(" %")
    assert (float(printed) >= 15.0) is (found.answer == "met")


values = st.floats(min_value=2.0, max_value=90_000.0)
relations = st.sampled_from(Relation)


@given(entry=values, now=values, sides=st.tuples(relations, relations), inside=st.randoms())
def test_beyond_a_limit_an_answer_holds_for_every_truth(entry, now, sides, inside):
    """Where the answer is known, no ferritin on that side of the limits has another one."""

    def truth(limit, relation):
        if relation is Relation.EXACT:
            return limit
        high = 10.0 * limit if relation is Relation.ABOVE else 0.999 * limit
        low = 1.001 * limit if relation is Relation.ABOVE else 0.001 * limit
        return inside.uniform(low, high)

    found = restoration(
        IMMUNOSEP,
        ClassName.MALS,
        entry_ferritin=Ferritin("entry", entry, sides[0]),
        abc=None,
        ferritin=Ferritin("now", now, sides[1]),
    )
    assume(found.answer != "not known")
    fall = 1.0 - truth(now, sides[1]) / truth(entry, sides[0])
    assume(abs(fall - 0.15) > 1e-9)
    assert (fall >= 0.15) is (found.answer == "met")


@pytest.mark.parametrize("name", available_criteria())
@pytest.mark.parametrize("entry_class", ["unclassified", "undetermined"])
def test_a_class_without_a_rule_has_no_answer(name, entry_class):
    found = judged(entry_class, 60_000.0, "100", "9000", load_criterion(name))
    assert (found.answer, found.certainty) == ("not known", None)
    why = "is not known" if entry_class == "undetermined" else "no restoration rule"
    assert why in found.reasons[0]


def test_provide_has_no_rule_of_its_own():
    assert judged("MALS", None, "100", "9000", load_criterion("provide-2022")).certainty is None


@pytest.mark.parametrize("criterion", [MEISEL, GRID], ids=lambda each: each.name)
def test_more_than_15000_is_unverified_and_printed_so(criterion):
    for abc, answer in ((15_000.0, "not met"), (15_001.0, "met")):
        found = judged("immunoparalysis", abc, criterion=criterion)
        assert found.answer == answer
        assert found.certainty is Certainty.UNVERIFIED
        assert "unverified" in found.reasons[-1]
    (rule,) = criterion.restoration
    assert [each.quantity for each in rule.cutoffs] == [Quantity.ABC]


@pytest.mark.parametrize(
    ("abc", "ferritin", "decisive"),
    [
        (9_500.0, "812", True),
        (8_200.0, "812", False),
        (7_900.0, "812", False),
        (6_000.0, "812", True),
        (9_500.0, "4300", False),
        (7_900.0, "9000", True),  # ferritin settles it
        (9_500.0, None, None),
    ],
)
def test_decisive_means_the_same_answer_inside_the_intervals(abc, ferritin, decisive):
    found = judged("immunoparalysis", AbcEvidence(abc, 0.05, math.inf), ferritin)
    assert found.decisive is decisive
    if decisive is False:
        assert any("interval" in each for each in found.reasons)


def test_a_bare_number_is_never_called_decisive():
    assert judged("immunoparalysis", 9_500.0, "812").decisive is None
    assert judged("MALS", None, "5000", "9000").decisive is True
    assert judged("MALS", None, "8000", "9000").decisive is False
    assert judged("MALS", None, "8000", "9500").decisive is False


def test_the_record_names_rule_version_and_source():
    record = judged("MALS", None, "5000", "9000").to_dict()
    assert record["criterion"]["sha256"] == IMMUNOSEP.sha256
    assert (record["answer"], record["certainty"]) == ("met", "second-hand")
    assert "Kyriazopoulou" in record["source"]
    assert record["reasons"] == ["the fall of ferritin since entry, 44.4 %, is at or above 15 %"]
