"""What the bedside is told: the same of every class, whatever was answered."""

import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trial_patients import (
    LOW,
    MALS,
    NEITHER,
    NO,
    NOT_KNOWN,
    OPEN,
    SEPSIS,
    TRIAL,
    YES,
    judged,
)

from hladr.trial import WITHHELD, Times

TOO_LATE = Times(SEPSIS, SEPSIS.replace(day=20))


@given(
    given_=st.fixed_dictionaries(
        {
            each.id.replace("-", "_"): st.sampled_from([None, YES, NO, NOT_KNOWN])
            for each in TRIAL.questions
        }
    )
)
def test_classes_with_an_arm_are_never_told_apart(given_):
    seen = [
        judged(each, **given_).bedside_dict()
        for each in (MALS, LOW, replace(MALS, decisive=False), replace(LOW, abc=None))
    ]
    for one, other in itertools.pairwise(seen):
        assert one == other


@pytest.mark.parametrize("question", ["covid_19", "autoimmune_disease"])
def test_an_outcome_that_would_tell_the_class_is_withheld_whatever_the_class_is(question):
    for immune_class in (MALS, LOW, NEITHER, OPEN):
        told = judged(immune_class, **{question: YES}).bedside_dict()
        assert told["outcome"] == WITHHELD
        assert "would tell the class" in told["withheld"]
    whole = [judged(each, **{question: YES}).to_dict()["outcome"] for each in (MALS, LOW)]
    assert whole == ["eligible", "not eligible"]


@pytest.mark.parametrize(
    ("changes", "times", "outcome"),
    [
        ({}, None, "eligible"),
        ({"covid_19": YES, "adult": NO}, None, "not eligible"),  # which rules out every class
        ({"covid_19": YES}, TOO_LATE, "not eligible"),
        ({"consent": NOT_KNOWN}, None, "undetermined"),
    ],
)
def test_an_outcome_that_is_the_same_of_every_class_is_told(changes, times, outcome):
    more = {} if times is None else {"times": times}
    for immune_class in (MALS, LOW):
        told = judged(immune_class, **more, **changes).bedside_dict()
        assert (told["outcome"], told["withheld"]) == (outcome, None)


def test_the_bedside_record_has_no_word_of_class_arm_or_number():
    for immune_class, covid in itertools.product((MALS, LOW, NEITHER, OPEN), (YES, NO)):
        text = json.dumps(judged(immune_class, covid_19=covid).bedside_dict()).lower()
        for word in ("mals", "immunoparalysis", "anakinra", "interferon", "hyper", "3394", "9000",
                     "812", "reasons", "unclassified"):  # fmt: skip
            assert word not in text.replace("immune classification", ""), word
        assert '"routes": ["intravenous", "subcutaneous"]' in text
