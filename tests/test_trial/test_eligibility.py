"""Which arm: every boundary and missing value of the rules."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trial_patients import (
    ALL_NEEDED,
    ARM_ONLY,
    IMMUNOSEP,
    IN_TIME,
    JUST_BELOW_5000,
    LOW,
    MALS,
    NO,
    NOT_KNOWN,
    NOW,
    OPEN,
    OPPOSITE,
    SEPSIS,
    TRIAL,
    YES,
    answers,
    immune,
    judged,
)

from hladr.criterion import classify_numbers, load_criterion
from hladr.ferritin import parse_ferritin
from hladr.trial import (
    ClassOfOtherTrial,
    ImmuneClass,
    InvalidAnswer,
    Outcome,
    RecordedAnswer,
    Signature,
    Times,
    UnknownQuestion,
    eligibility,
)


@pytest.mark.parametrize(
    ("abc", "ferritin", "outcome", "eligible_for"),
    [
        # the class, by section "boundaries" of docs/criterion.md
        (3000.0, "4420.0", "eligible", "interferon-gamma or placebo"),  # 4420 is not MALS
        (6000.0, "4420.0", "not eligible", None),
        (3000.0, "4420.5", "eligible", "anakinra or placebo"),
        (60_000.0, "4420.5", "eligible", "anakinra or placebo"),
        (5000.0, "812", "not eligible", None),  # 5000 is not immunoparalysis
        (JUST_BELOW_5000, "812", "eligible", "interferon-gamma or placebo"),
        (3394.0, "9000", "eligible", "anakinra or placebo"),  # MALS goes first
        (None, "9000", "eligible", "anakinra or placebo"),  # MALS rests on ferritin alone
        (None, ">40000", "eligible", "anakinra or placebo"),
        (3000.0, None, "undetermined", None),
        (60_000.0, None, "undetermined", None),
        (None, "812", "undetermined", None),
        (None, None, "undetermined", None),
        (3000.0, ">4000", "undetermined", None),
        (3000.0, "<5", "eligible", "interferon-gamma or placebo"),
    ],
)
def test_the_class_chooses_the_arm(abc, ferritin, outcome, eligible_for):
    found = judged(immune(abc, ferritin))
    assert found.outcome == outcome
    assert found.to_dict()["eligible_for"] == eligible_for
    missing = [each.item for each in found.missing]
    assert missing == (["class"] if outcome == "undetermined" else [])


@pytest.mark.parametrize("question", [each.id for each in TRIAL.questions])
@pytest.mark.parametrize("immune_class", [MALS, LOW], ids=["MALS", "immunoparalysis"])
def test_each_question_keeps_out_by_its_other_answer(question, immune_class):
    name = question.replace("-", "_")
    found = judged(immune_class, **{name: OPPOSITE[ALL_NEEDED[question]]})
    of_the_other_arm = question in ARM_ONLY and immune_class is MALS
    if of_the_other_arm:
        assert found.outcome is Outcome.ELIGIBLE
    else:
        assert found.outcome is Outcome.NOT_ELIGIBLE
        assert [each.item for each in found.reasons] == [question]
        assert found.arm is None  # nobody is moved to the other arm


@pytest.mark.parametrize("question", [each.id for each in TRIAL.questions])
@pytest.mark.parametrize("immune_class", [MALS, LOW, OPEN], ids=["MALS", "low", "open"])
@pytest.mark.parametrize("value", [None, NOT_KNOWN], ids=["unasked", "not known"])
def test_each_question_is_needed_of_everyone(question, immune_class, value):
    found = judged(immune_class, **{question.replace("-", "_"): value})
    assert found.outcome is Outcome.UNDETERMINED
    assert question in [each.item for each in found.missing]


def test_covid_19_may_enter_the_hyper_inflammation_arm_only():
    assert judged(MALS, covid_19=YES).outcome is Outcome.ELIGIBLE
    assert judged(LOW, covid_19=YES).outcome is Outcome.NOT_ELIGIBLE


def test_autoimmune_disease_rules_out_the_interferon_arm_and_is_marked_unverified():
    assert judged(MALS, autoimmune_disease=YES).outcome is Outcome.ELIGIBLE
    found = judged(LOW, autoimmune_disease=YES)
    assert found.outcome is Outcome.NOT_ELIGIBLE
    assert found.reasons[0].grounds.certainty == "unverified"


def test_what_rules_out_decides_even_where_something_is_missing():
    found = judged(OPEN, times=Times(), adult=NO, consent=None)
    assert found.outcome is Outcome.NOT_ELIGIBLE
    assert {"class", "consent", "first-dose-at"} <= {each.item for each in found.missing}


def test_an_open_class_is_not_ruled_out_by_a_question_about_one_arm():
    assert judged(OPEN, covid_19=YES).outcome is Outcome.UNDETERMINED


def test_the_neutrophil_limits_disagree_and_both_are_recorded():
    question = next(each for each in TRIAL.questions if each.id == "neutrophils")
    assert [each.value for each in question.limits] == [1500.0, 1000.0]
    assert [each.grounds.certainty.value for each in question.limits] == ["stated", "second-hand"]
    assert "1,500" in question.text  # the stricter one is asked for
    assert any("disagree" in each for each in judged().remarks)


values = st.sampled_from([YES, NO, NOT_KNOWN, None])
hours = st.none() | st.floats(min_value=-10.0, max_value=100.0)


@given(
    given_=st.fixed_dictionaries(dict.fromkeys(ALL_NEEDED, values)),
    after=hours,
    abc=st.none() | st.floats(min_value=500.0, max_value=50_000.0),
    ferritin=st.none() | st.floats(min_value=10.0, max_value=40_000.0),
)
def test_eligible_only_when_everything_is_known_and_as_needed(given_, after, abc, ferritin):
    times = Times(SEPSIS, None if after is None else SEPSIS + dt.timedelta(hours=after))
    changes = {name.replace("-", "_"): value for name, value in given_.items()}
    found = judged(immune(abc, ferritin), times, **changes)
    mals = ferritin is not None and ferritin > 4420
    low = ferritin is not None and not mals and abc is not None and abc < 5000
    relevant = {name for name in given_ if not (mals and name in ARM_ONLY)}
    fine = (
        (mals or low)
        and after is not None
        and 0.0 <= after < 72.0
        and all(given_[name] is ALL_NEEDED[name] for name in relevant)
        and all(given_[name] in {YES, NO} for name in given_)
    )
    assert (found.outcome is Outcome.ELIGIBLE) is fine
    if fine:
        assert found.arm.treatments[0] == ("anakinra" if mals else "interferon-gamma")


def test_the_record_says_what_was_known_by_whom_and_by_which_rule():
    signed = [Signature("B. Doctor", NOW, "enrolled")]
    found = eligibility(
        TRIAL, answers(), LOW, IN_TIME, assessed_at=NOW, subject="S-1", signed=signed
    )
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["schema"] == "hladr.eligibility/1"
    assert record["trial"] == {"name": "immunosep-2025", "version": "1", "sha256": TRIAL.sha256}
    assert record["criterion"]["sha256"] == IMMUNOSEP.sha256
    assert record["classification"]["class"] == "immunoparalysis"
    assert record["classification"]["ferritin"]["ng_ml"] == "812"
    assert record["times"]["sepsis_classified_at"] == SEPSIS.isoformat()
    assert [each["question"] for each in record["answers"]] == list(ALL_NEEDED)
    assert record["answers"][0]["answer"] == {
        "value": "yes",
        "by": "A. Nurse",
        "at": NOW.isoformat(),
    }
    assert record["signed"] == [{"by": "B. Doctor", "at": NOW.isoformat(), "meaning": "enrolled"}]
    assert "No lot was drawn" in record["note"]
    assert record["outcome"] == "eligible"


def test_a_class_that_is_not_decisive_is_remarked_and_stays():
    near = replace(LOW, decisive=False)
    found = judged(near)
    assert found.outcome is Outcome.ELIGIBLE
    assert any("not decisive" in each for each in found.remarks)


def test_a_class_of_another_criterion_is_refused():
    other = classify_numbers(load_criterion("grid-2023"), abc=3000.0, ferritin=None)
    with pytest.raises(ClassOfOtherTrial, match="grid-2023"):
        judged(ImmuneClass.of(other, abc=3000.0))
    changed = replace(LOW, criterion=replace(LOW.criterion, sha256="0" * 64))
    with pytest.raises(ClassOfOtherTrial):
        judged(changed)
    assert judged(replace(LOW, criterion=replace(LOW.criterion, sha256=None))).arm is not None


def test_an_answer_to_no_question_is_refused():
    given_ = {**answers(), "age": RecordedAnswer(YES, "A. Nurse", NOW)}
    with pytest.raises(UnknownQuestion, match="'age'"):
        eligibility(TRIAL, given_, LOW, IN_TIME, assessed_at=NOW)


@pytest.mark.parametrize("by", ["", "  "])
def test_nobody_answers_and_nobody_signs_is_refused(by):
    with pytest.raises(InvalidAnswer):
        RecordedAnswer(YES, by, NOW)
    with pytest.raises(InvalidAnswer):
        Signature(by, NOW, "enrolled")


STORED = {
    "context": {"drawn_at": "2026-03-14T07:40"},
    "hla_dr": {"abc": 3394.0},
    "classification": {
        "criterion": {"name": "immunosep-2025", "version": "1"},
        "ferritin_ng_ml": "812",
        "class": "immunoparalysis",
        "decisive": True,
        "probability": 0.999,
    },
}


def test_the_class_of_a_stored_result_comes_with_its_numbers_and_times():
    found = ImmuneClass.of_record(STORED)
    assert judged(found).arm.words == "interferon-gamma or placebo"
    record = found.to_dict()
    assert record["hla_dr"] == {"abc": 3394.0, "drawn_at": "2026-03-14T07:40"}
    assert record["ferritin"] == {"ng_ml": "812", "drawn_at": "2026-03-14T07:40"}
    rejected = ImmuneClass.of_record({**STORED, "hla_dr": None})
    assert (rejected.abc, rejected.abc_drawn_at) == (None, None)


@pytest.mark.parametrize("broken", [{}, {**STORED, "classification": {}}, {**STORED, "context": 1}])
def test_what_is_no_result_is_refused(broken):
    with pytest.raises(InvalidAnswer):
        ImmuneClass.of_record(broken)


def test_ferritin_is_written_as_it_can_be_read_back():
    found = immune(None, ">40000").to_dict()["ferritin"]["ng_ml"]
    assert parse_ferritin(found).value == 40_000.0
