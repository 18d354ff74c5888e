"""The class at entry, and restoration by its rule along a course."""

import pytest
from courses import LOW, MALS, MEISEL, at, course

from hladr.criterion import ClassName, load_criterion
from hladr.ferritin import parse_ferritin
from hladr.result import Verdict
from hladr.trajectory import Classified, Entry


def restored(found):
    return {each.point: each.restoration.answer.value for each in found.restoration}


def test_immunoparalysis_is_restored_by_hla_dr_and_ferritin(point):
    found = course(
        point(1, 3_000.0, "5000.0", classified=LOW),
        point(3, 8_000.0, "812"),
        point(5, 9_000.0, "812"),
        point(6, 9_000.0, "4420"),
        point(7, 9_000.0),
        point(8, 70_000.0, "812"),
        point(9, None, "812", verdict=Verdict.REJECT),
    )
    assert restored(found) == {
        "day 3": "not met",
        "day 5": "met",
        "day 6": "not met",
        "day 7": "not known",
        "day 8": "met",  # above the brightest bead is above 8,000
        "day 9": "not known",
    }


def test_mals_is_restored_by_the_fall_of_ferritin_alone(point):
    found = course(
        point(1, 3_000.0, "10000", classified=MALS),
        point(3, 9_000.0, "8500.1"),
        point(5, 3_000.0, "8500"),
        point(7, None, "4000", verdict=Verdict.REJECT),
        point(8, 9_000.0),
        point(9, 9_000.0, ">7000"),
    )
    assert restored(found) == {
        "day 3": "not met",  # HLA-DR above 8,000 is the other class's rule
        "day 5": "met",
        "day 7": "met",  # ferritin does not ask for a usable HLA-DR
        "day 8": "not known",
        "day 9": "not known",
    }


def test_the_class_at_entry_can_be_said_and_is_not_guessed(point):
    days = (point(1, 3_000.0, "812"), point(5, 9_000.0, "812"))
    unknown = course(*days)
    assert unknown.entry.class_name is ClassName.UNDETERMINED
    assert restored(unknown) == {"day 5": "not known"}
    said = Entry(ClassName.IMMUNOPARALYSIS, parse_ferritin("812"), "as enrolled")
    assert restored(course(*days, entry=said)) == {"day 5": "met"}
    other = Classified("grid-2023", "1", ClassName.IMMUNOPARALYSIS)
    wrong = course(point(1, 3_000.0, "812", classified=other), point(5, 9_000.0, "812"))
    assert wrong.entry.class_name is ClassName.UNDETERMINED
    assert "grid-2023" in wrong.entry.reason


def test_an_unverified_rule_is_printed_as_such(point):
    meisel = load_criterion("meisel-2009")
    low = Classified("meisel-2009", "1", ClassName.IMMUNOPARALYSIS)
    found = course(point(1, 3_000.0, classified=low), point(5, 16_000.0), criterion=meisel)
    judged = found.restoration[0].to_dict()
    assert (judged["answer"], judged["certainty"]) == ("met", "unverified")
    assert "unverified" in judged["reasons"][-1]


def of_meisel(class_name=ClassName.UNDETERMINED):
    """The class that one result alone has: none, for the criterion asks for two days."""
    return Classified("meisel-2009", "1", class_name)


def test_a_criterion_of_two_days_finds_its_class_in_the_first_two_that_follow_one_another(point):
    found = course(
        point(1, 3_000.0, "812", classified=of_meisel()),
        point(3, 7_999.0, "900"),
        point(4, 7_500.0, "950"),
        point(6, 15_000.0),
        point(8, 15_100.0),
        criterion=MEISEL,
    )
    assert found.entry.class_name is ClassName.IMMUNOPARALYSIS
    assert (found.entry.day, found.entry.ferritin.canonical) == (3.0, "950")
    for words in ("day 3 and day 4", "is below 8,000"):
        assert words in found.entry.reason
    assert restored(found) == {"day 6": "not met", "day 8": "met"}


@pytest.mark.parametrize(
    ("before", "after", "class_name"),
    [
        (7_999.0, 8_000.0, ClassName.UNCLASSIFIED),
        (8_000.0, 3_000.0, ClassName.UNCLASSIFIED),
        (7_999.0, 7_999.0, ClassName.IMMUNOPARALYSIS),
    ],
)
def test_both_days_count_and_neither_exactly(point, before, after, class_name):
    found = course(point(1, before), point(2, after), criterion=MEISEL)
    assert found.entry.class_name is class_name


def test_consecutive_days_are_those_of_the_calendar(point):
    late, early = point(1, 3_000.0, moment=at(1, 23.0)), point(2, 3_000.0, moment=at(2, 1.0))
    assert course(late, early, criterion=MEISEL).entry.class_name is ClassName.IMMUNOPARALYSIS
    late, early = point(1, 3_000.0, moment=at(1, 1.0)), point(2, 3_000.0, moment=at(1, 23.0))
    for days in ((late, early), (point(1, 3_000.0), point(3, 3_000.0))):
        found = course(*days, criterion=MEISEL)
        assert found.entry.class_name is ClassName.UNDETERMINED
        assert "two consecutive days, and the series has none" in found.entry.reason


def test_days_without_a_usable_number_are_no_days_of_the_class(point):
    found = course(
        point(1, 3_000.0),
        point(2, None, verdict=Verdict.REJECT),
        point(3, 70_000.0),
        point(4, 3_000.0),
        criterion=MEISEL,
    )
    assert found.entry.class_name is ClassName.UNDETERMINED


def test_draws_of_two_days_that_contradict_each_other_give_no_class(point):
    twice = point(2, 9_000.0, id="again", moment=at(2, 20.0))
    found = course(point(1, 3_000.0), point(2, 3_000.0), twice, criterion=MEISEL)
    assert found.entry.class_name is ClassName.UNDETERMINED
    assert "contradict" in found.entry.reason
    assert "again" in found.entry.reason


def test_what_a_class_lacks_is_said_plainly(point):
    grid = load_criterion("grid-2023")
    first = Classified("grid-2023", "1", ClassName.UNDETERMINED)
    found = course(
        point(1, 3_000.0, classified=first), point(2, 20_000.0, classified=first), criterion=grid
    )
    assert found.entry.class_name is ClassName.UNDETERMINED
    assert "study day 3" in found.entry.reason
    (judged,) = found.restoration
    assert judged.restoration.answer == "not known"
    assert judged.restoration.reasons == (
        "the class at entry is not known, and it chooses the rule",
    )
