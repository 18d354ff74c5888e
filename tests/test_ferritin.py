"""Ferritin as people write it: read when there is one reading, refused when there are two."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.ferritin import (
    LARGEST_NG_ML,
    AmbiguousFerritin,
    Ferritin,
    FerritinError,
    FerritinUnit,
    InvalidFerritin,
    Relation,
    parse_ferritin,
)

amounts = st.floats(min_value=1e-6, max_value=LARGEST_NG_ML)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("812", 812.0),
        (" 812 ", 812.0),
        ("4420.0", 4420.0),
        ("4420,5", 4420.5),
        ("44,2", 44.2),
        ("4,4201", 4.4201),
        ("1,234,567", 1_234_567.0),
        ("1.234.567", 1_234_567.0),
        ("4,420.5", 4420.5),
        ("4.420,5", 4420.5),
        ("1,234,567.25", 1_234_567.25),
        ("10000000", 1e7),
    ],
)
def test_a_number_with_one_reading_is_read(text, value):
    assert parse_ferritin(text) == Ferritin(text, value, Relation.EXACT)


@pytest.mark.parametrize(
    ("text", "relation", "value"),
    [
        (">40000", Relation.ABOVE, 40_000.0),
        ("> 40000", Relation.ABOVE, 40_000.0),
        (" >40000 ng/mL", Relation.ABOVE, 40_000.0),
        ("<5", Relation.BELOW, 5.0),
        ("<0,5 µg/L", Relation.BELOW, 0.5),
    ],
)
def test_a_result_beyond_the_reporting_limit_keeps_its_side(text, relation, value):
    ferritin = parse_ferritin(text)
    assert (ferritin.relation, ferritin.value) == (relation, value)


@pytest.mark.parametrize(
    "unit", ["ng/mL", "ng/ml", "NG/ML", "µg/L", "\u03bcg/L", "µg/l", "ug/L", "UG/L", "mcg/L"]
)
@pytest.mark.parametrize("gap", ["", " "])
def test_ng_per_ml_and_its_equals_are_one_unit(unit, gap):
    assert parse_ferritin(f"4420{gap}{unit}").value == 4420.0


@pytest.mark.parametrize(
    "unit",
    [
        "pmol/L", "nmol/L", "mg/L", "MG/L", "µg/dL", "ug/dl", "µg/mL", "ng/L", "ng/dL", "pg/mL",
        "g/L", "IU/mL", "%", "high", "ng/mL H", "\u039cG/L",
    ],
)  # fmt: skip
def test_another_unit_is_refused_by_name(unit):
    with pytest.raises(FerritinUnit, match="convert it and give ng/mL") as caught:
        parse_ferritin(f"812 {unit}")
    assert caught.value.code == "FERRITIN_UNIT"
    assert caught.value.unit == unit
    assert repr(unit) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("4.420", ("4420", "4.42")),
        ("4,420", ("4420", "4.42")),
        ("4,420 ng/mL", ("4420", "4.42")),
        (">4,420", (">4420", ">4.42")),
        ("44.201", ("44201", "44.2010")),
        ("0.812", ("812", "0.8120")),
        ("4420.000", ("4420000", "4420")),
    ],
)
def test_one_separator_with_three_digits_after_it_asks_which_is_meant(text, readings):
    with pytest.raises(AmbiguousFerritin, match="which is meant") as caught:
        parse_ferritin(text)
    assert caught.value.code == "AMBIGUOUS_FERRITIN"
    assert caught.value.readings == readings
    for reading in readings:
        assert f"`{reading}`" in str(caught.value)
        parse_ferritin(reading)  # what the sentence tells people to write is understood


def test_the_unit_is_named_before_the_separator_is_questioned():
    with pytest.raises(FerritinUnit):
        parse_ferritin("4.420 pmol/L")


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "-5", "- 5", "\u22125", "0", "0.0", "<0", ">0", "nan", "NaN", "inf", "1e4",
        "4.4E+03", "4 420", "4\u00a0420", "4\u202f420", "4'420", "4\u2019420", "812.", ".5", ",5",
        "1,23,456", "1,234,56", "1.234.56", "4,420.567", "1,234.567,8", "1..5", "4,4,2",
        "~800", "\u2248800", ">=40000", "\u226540000", "<<5", "<>5", "5>", "+812", "812/900",
        "812-900", "812 900", "ferritin", "ng/mL", ">", "\u0668\u0661\u0662", "\uff18\uff11\uff12",
        "10000001", "1" * 60, "812\n813", "812;", "0,123,456",
        pytest.param("1" * 5000, id="endless"),
        pytest.param("8" + " " * 5000 + "x", id="spaces"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_refused(text):
    with pytest.raises(FerritinError) as caught:
        parse_ferritin(text)
    assert caught.value.code in {"INVALID_FERRITIN", "FERRITIN_UNIT"}
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "it is empty"),
        ("-5", "ferritin is not negative"),
        pytest.param("8" + " " * 90 + "1", "longer than 80 characters", id="long"),
        ("1e4", "it is not one plain number"),
        ("10000001", "above 10,000,000 ng/mL"),
        (float("nan"), "it is not a number"),
        (float("inf"), "above 10,000,000 ng/mL"),
        pytest.param(10**5000, "above 10,000,000 ng/mL", id="huge"),
        (-1.0, "ferritin is above zero"),
        (0, "ferritin is above zero"),
    ],
)
def test_the_refusal_says_why(given, reason):
    with pytest.raises(InvalidFerritin, match="expected ferritin in ng/mL") as caught:
        parse_ferritin(given)
    assert reason in str(caught.value)


@pytest.mark.parametrize("given", [None, True, b"812", [812], np.True_])
def test_what_is_neither_text_nor_number_is_a_mistake_of_the_program(given):
    with pytest.raises(TypeError, match="ferritin is text or a number"):
        parse_ferritin(given)


@pytest.mark.parametrize("given", [812, 812.0, np.int64(812), np.float64(812.0), np.float32(812)])
def test_a_number_is_taken_as_it_is(given):
    assert parse_ferritin(given) == Ferritin("812", 812.0)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("812", "812"), ("4420.0 ng/mL", "4420"), ("> 40000 ug/L", ">40000"), ("0,50", "0.5")],
)
def test_the_canonical_form_is_relation_and_number(text, canonical):
    assert parse_ferritin(text).canonical == canonical


@given(value=amounts, relation=st.sampled_from(Relation))
def test_the_canonical_form_is_read_back_to_the_same_value(value, relation):
    again = parse_ferritin(Ferritin("given", value, relation).canonical)
    assert (again.value, again.relation) == (value, relation)


@given(value=st.integers(min_value=1, max_value=10_000_000))
def test_whole_numbers_survive_every_way_of_writing_them_that_is_not_refused(value):
    for text in (str(value), f"{value}.0", f"{value},0", f"{value} ng/mL", f"{value:,}.0"):
        assert parse_ferritin(text).value == value


@given(value=st.integers(min_value=1000, max_value=999_999))
def test_one_thousands_separator_is_never_guessed(value):
    for text in (f"{value:,}", f"{value:,}".replace(",", ".")):
        with pytest.raises(AmbiguousFerritin):
            parse_ferritin(text)


@given(text=st.text(alphabet="0123456789.,<> eE+-ngmL/µ\u00a0", max_size=20))
def test_any_text_is_read_or_refused_with_a_code(text):
    try:
        ferritin = parse_ferritin(text)
    except (InvalidFerritin, AmbiguousFerritin, FerritinUnit):
        return
    assert 0 < ferritin.value <= LARGEST_NG_ML


@pytest.mark.parametrize("text", ["4,420", "", "4 mg/L"])
def test_a_refusal_survives_the_way_out_of_a_worker(text):
    with pytest.raises(FerritinError) as caught:
        parse_ferritin(text)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own object
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))
    assert vars(again) == vars(caught.value)


def test_ferritin_made_by_hand_is_checked_too():
    with pytest.raises(InvalidFerritin):
        Ferritin("-1", -1.0)
