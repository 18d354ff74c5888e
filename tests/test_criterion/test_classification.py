"""The class itself: every boundary and every missing value of the published rules."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.criterion import (
    AbcEvidence,
    BareAbc,
    ClassName,
    CutOff,
    Inequality,
    InvalidAbc,
    Quantity,
    classify,
    classify_numbers,
    load_criterion,
)
from hladr.criterion.definition import Span
from hladr.criterion.parsing import parse_criterion
from hladr.ferritin import AmbiguousFerritin, Ferritin, parse_ferritin

IMMUNOSEP = load_criterion("immunosep-2025")
PROVIDE = load_criterion("provide-2022")
MEISEL = load_criterion("meisel-2009")
GRID = load_criterion("grid-2023")

JUST_BELOW_5000 = math.nextafter(5000.0, 0.0)
JUST_BELOW_8000 = math.nextafter(8000.0, 0.0)
JUST_ABOVE_4420 = math.nextafter(4420.0, math.inf)

abcs = st.floats(min_value=1.0, max_value=1e6)
ferritins = st.floats(min_value=1e-3, max_value=1e7)

BOUNDARIES = [
    # abc, ferritin, class
    (6000.0, "4420.0", "unclassified"),  # exactly 4420 is not MALS
    (3000.0, "4420.0", "immunoparalysis"),
    (3000.0, JUST_ABOVE_4420, "MALS"),
    (3000.0, "4420.5", "MALS"),
    (6000.0, "4420.5", "MALS"),
    (5000.0, "812", "unclassified"),  # exactly 5000 is not immunoparalysis
    (JUST_BELOW_5000, "812", "immunoparalysis"),
    (4999.6, "812", "immunoparalysis"),  # compared unrounded
    (5000.3, "812", "unclassified"),
    (5000.0, "4420", "unclassified"),
    (3394.0, "9000", "MALS"),  # MALS takes precedence
    (60_000.0, "9000", "MALS"),
]
MISSING = [
    (None, "9000", "MALS"),  # MALS rests on ferritin alone
    (None, "4420.5", "MALS"),
    (3000.0, None, "undetermined"),  # ferritin might be above 4420
    (5000.0, None, "undetermined"),
    (60_000.0, None, "undetermined"),
    (None, "812", "undetermined"),
    (None, "4420", "undetermined"),
    (None, None, "undetermined"),
]
BEYOND_A_LIMIT = [
    (None, ">40000", "MALS"),
    (3000.0, ">40000", "MALS"),
    (3000.0, ">4420", "MALS"),
    (3000.0, ">4000", "undetermined"),  # may lie on either side of 4420
    (60_000.0, ">4419.9", "undetermined"),
    (None, ">4000", "undetermined"),
    (3000.0, "<5", "immunoparalysis"),
    (6000.0, "<5", "unclassified"),
    (None, "<5", "undetermined"),
    (3000.0, "<4420", "immunoparalysis"),
    (3000.0, "<4421", "undetermined"),
]


@pytest.mark.parametrize("criterion", [IMMUNOSEP, PROVIDE], ids=lambda each: each.name)
@pytest.mark.parametrize(("abc", "ferritin", "expected"), BOUNDARIES + MISSING + BEYOND_A_LIMIT)
def test_boundary_and_missing_values(criterion, abc, ferritin, expected):
    ferritin = None if ferritin is None else parse_ferritin(ferritin)
    bare = classify(criterion, abc=None if abc is None else BareAbc(abc), ferritin=ferritin)
    evidence = None if abc is None else AbcEvidence(abc, 0.04, 10.0)
    measured = classify(criterion, abc=evidence, ferritin=ferritin)
    assert (bare.class_name, measured.class_name) == (expected, expected)


def test_the_trials_own_words_stand_beside_the_class():
    assert classify_numbers(PROVIDE, abc=6000.0, ferritin="812").label == "intermediate"
    assert classify_numbers(PROVIDE, abc=6000.0, ferritin="812").class_name == "unclassified"
    assert classify_numbers(IMMUNOSEP, abc=6000.0, ferritin="812").label == "unclassified"


@pytest.mark.parametrize("abc", [100.0, 7999.0, 8000.0, 60_000.0])
def test_meisel_one_value_alone_is_undetermined(abc):
    alone = classify(MEISEL, abc=BareAbc(abc), ferritin=parse_ferritin("9000"))
    assert alone.class_name == "undetermined"
    assert "HLA-DR of the day before is needed" in alone.reasons[0]


@pytest.mark.parametrize(
    ("day_before", "today", "expected"),
    [
        (7000.0, 6000.0, "immunoparalysis"),
        (JUST_BELOW_8000, JUST_BELOW_8000, "immunoparalysis"),
        (8000.0, 6000.0, "unclassified"),
        (6000.0, 8000.0, "unclassified"),
        (20_000.0, 20_000.0, "unclassified"),
        (6000.0, None, "undetermined"),
        (20_000.0, None, "undetermined"),
    ],
)
def test_meisel_asks_for_both_days_below_8000(day_before, today, expected):
    result = classify(
        MEISEL,
        abc=None if today is None else BareAbc(today),
        previous_day_abc=BareAbc(day_before),
        ferritin=None,
    )
    assert result.class_name == expected


@pytest.mark.parametrize(
    ("abc", "day", "expected"),
    [
        (JUST_BELOW_8000, 3, "immunoparalysis"),
        (8000.0, 3, "unclassified"),
        (6000.0, None, "undetermined"),
        (60_000.0, None, "undetermined"),
        (6000.0, 2, "undetermined"),
        (6000.0, 4, "undetermined"),
        (None, 3, "undetermined"),
    ],
)
def test_grid_is_defined_at_day_3(abc, day, expected):
    evidence = None if abc is None else BareAbc(abc)
    result = classify(GRID, abc=evidence, ferritin=parse_ferritin("9000"), study_day=day)
    assert result.class_name == expected


def test_a_criterion_that_does_not_ask_for_a_day_ignores_it():
    with_day = classify(IMMUNOSEP, abc=BareAbc(3000.0), ferritin=None, study_day=9)
    assert with_day == classify(IMMUNOSEP, abc=BareAbc(3000.0), ferritin=None)


@pytest.mark.parametrize("name", ["immunosep-2025", "provide-2022", "meisel-2009", "grid-2023"])
def test_nothing_known_is_undetermined(name):
    nothing = classify(load_criterion(name), abc=None, ferritin=None)
    assert nothing.class_name is ClassName.UNDETERMINED
    assert (nothing.decisive, nothing.probability) == (None, None)
    assert nothing.reasons


RANK = {"MALS": 0, "immunoparalysis": 1, "unclassified": 2}


@given(abc=abcs, more=abcs, ferritin=ferritins)
def test_more_hla_dr_never_moves_towards_immunoparalysis(abc, more, ferritin):
    low, high = sorted((abc, more))
    ranks = [
        RANK[classify_numbers(IMMUNOSEP, abc=value, ferritin=ferritin).class_name]
        for value in (low, high)
    ]
    assert ranks == sorted(ranks)


@given(abc=abcs, ferritin=ferritins, more=ferritins)
def test_more_ferritin_never_moves_away_from_mals(abc, ferritin, more):
    low, high = sorted((ferritin, more))
    names = [
        classify_numbers(IMMUNOSEP, abc=abc, ferritin=value).class_name for value in (low, high)
    ]
    assert names[0] == names[1] or names[1] == "MALS"


@given(abc=st.none() | abcs, ferritin=ferritins)
def test_mals_rests_on_ferritin_alone(abc, ferritin):
    name = classify_numbers(IMMUNOSEP, abc=abc, ferritin=ferritin).class_name
    assert (name == "MALS") == (ferritin > 4420)


@given(abc=abcs, ferritin=ferritins)
def test_a_missing_input_is_undetermined_or_the_class_whatever_it_may_be(abc, ferritin):
    whole = classify_numbers(IMMUNOSEP, abc=abc, ferritin=ferritin).class_name
    for part in (
        classify_numbers(IMMUNOSEP, abc=abc, ferritin=None),
        classify_numbers(IMMUNOSEP, abc=None, ferritin=ferritin),
    ):
        assert part.class_name in {"undetermined", whole}


@given(
    limit=st.floats(min_value=1.0, max_value=9000.0),
    share=st.floats(min_value=0.001, max_value=0.999),
    abc=st.none() | abcs,
    sign=st.sampled_from("<>"),
)
def test_a_reporting_limit_never_states_a_class_that_the_number_would_not(limit, share, abc, sign):
    hidden = limit * share if sign == "<" else limit / share
    limited = parse_ferritin(sign + Ferritin("", limit).canonical)
    evidence = None if abc is None else BareAbc(abc)
    stated = classify(IMMUNOSEP, abc=evidence, ferritin=limited).class_name
    true = classify(IMMUNOSEP, abc=evidence, ferritin=Ferritin("", min(hidden, 1e7))).class_name
    assert stated in {"undetermined", true}


@pytest.mark.parametrize(
    ("inequality", "below", "at", "above"),
    [
        (Inequality.ABOVE, False, False, True),
        (Inequality.AT_OR_ABOVE, False, True, True),
        (Inequality.BELOW, True, False, False),
        (Inequality.AT_OR_BELOW, True, True, False),
    ],
)
def test_an_inequality_is_exactly_as_written(inequality, below, at, above):
    cutoff = CutOff(Quantity.ABC, inequality, 8000.0)
    values = (JUST_BELOW_8000, 8000.0, math.nextafter(8000.0, math.inf))
    assert tuple(cutoff.holds(value) for value in values) == (below, at, above)
    assert tuple(cutoff.met(value) for value in values) == (below, at, above)


def test_one_answer_is_enough_to_exclude_a_class():
    text = """
schema = "hladr.criterion/1"
name = "low-only"
version = "1"
title = "Low HLA-DR without high ferritin"
source = { citation = "none" }
[[class]]
name = "immunoparalysis"
label = "immunoparalysis"
certainty = "unverified"
when = [{ quantity = "ferritin", at_or_below = 4420 }, { quantity = "abc", below = 5000 }]
[[class]]
name = "unclassified"
label = "not so"
certainty = "unverified"
"""
    criterion = parse_criterion(text.encode(), file="low-only.toml")
    assert classify_numbers(criterion, abc=60_000.0, ferritin=None).class_name == "unclassified"
    assert classify_numbers(criterion, abc=None, ferritin=9000).class_name == "unclassified"
    assert classify_numbers(criterion, abc=3000.0, ferritin=None).class_name == "undetermined"


@given(
    inequality=st.sampled_from(Inequality),
    value=st.floats(min_value=-10, max_value=10),
    low=st.floats(min_value=-10, max_value=10),
    width=st.floats(min_value=1e-3, max_value=10),
    share=st.floats(min_value=0.01, max_value=0.99),
)
def test_a_cutoff_met_by_a_span_is_met_by_all_in_it(inequality, value, low, width, share):
    cutoff = CutOff(Quantity.ABC, inequality, value)
    answer = cutoff.met(Span(low, low + width))
    inside = low + share * width
    assert answer is None or answer == cutoff.holds(inside)
    if answer is None:
        assert low < value < low + width


def test_numbers_typed_in_are_read_as_strictly_as_everywhere():
    with pytest.raises(AmbiguousFerritin):
        classify_numbers(IMMUNOSEP, abc=3000.0, ferritin="4,420")


@pytest.mark.parametrize("abc", [0.0, -1.0, math.nan, math.inf])
def test_an_impossible_abc_is_refused(abc):
    with pytest.raises(InvalidAbc, match="positive number of antibodies per cell") as caught:
        classify_numbers(IMMUNOSEP, abc=abc, ferritin="812")
    assert caught.value.code == "INVALID_ABC"
    with pytest.raises(InvalidAbc):
        AbcEvidence(abc, 0.04, 10.0)
