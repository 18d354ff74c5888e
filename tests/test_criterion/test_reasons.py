"""The sentences beside a class."""

import pytest

from hladr.criterion import AbcEvidence, BareAbc, classify, load_criterion
from hladr.criterion.parsing import parse_criterion
from hladr.ferritin import parse_ferritin

IMMUNOSEP = load_criterion("immunosep-2025")


def criterion_of(mals_when, immunoparalysis_when):
    text = f"""
schema = "hladr.criterion/1"
name = "invented"
version = "1"
title = "Invented"
source = {{ citation = "none" }}
[[class]]
name = "MALS"
label = "MALS"
certainty = "unverified"
when = {mals_when}
[[class]]
name = "immunoparalysis"
label = "immunoparalysis"
certainty = "unverified"
when = {immunoparalysis_when}
[[class]]
name = "unclassified"
label = "neither"
certainty = "unverified"
"""
    return parse_criterion(text.encode(), file="invented.toml")


def reasons(abc, ferritin, *, sd_ln=0.04):
    return classify(
        IMMUNOSEP,
        abc=None if abc is None else AbcEvidence(abc, sd_ln, 20.0),
        ferritin=None if ferritin is None else parse_ferritin(ferritin),
    ).reasons


def test_a_class_names_the_facts_it_rests_on():
    assert reasons(3394.0, "812") == (
        "ferritin 812 ng/mL is at or below 4,420 ng/mL",
        "HLA-DR 3,394 AB/c is below 5,000 AB/c",
    )
    assert reasons(3394.0, ">40000") == ("ferritin >40000 ng/mL is above 4,420 ng/mL",)


def test_unclassified_names_what_excludes_the_other_classes():
    assert reasons(20_000.0, "812") == (
        "ferritin 812 ng/mL is not above 4,420 ng/mL",
        "HLA-DR 20,000 AB/c is not below 5,000 AB/c",
    )


def test_a_missing_input_is_named_with_the_question_that_needs_it():
    ferritin = "a usable ferritin is needed: MALS asks whether it is above 4,420 ng/mL"
    hla_dr = "a usable HLA-DR is needed: immunoparalysis asks whether it is below 5,000 AB/c"
    assert reasons(3000.0, None) == (ferritin,)
    assert reasons(20_000.0, None) == (ferritin,)
    assert reasons(None, "812") == (hla_dr,)
    assert reasons(None, None) == (ferritin, hla_dr)


def test_a_reporting_limit_that_does_not_tell_is_named():
    (reason,) = reasons(3000.0, ">4000")
    assert reason == (
        "ferritin >4000 ng/mL does not tell whether it is above 4,420 ng/mL, as MALS asks: "
        "get the number itself"
    )


def test_a_number_near_its_cutoff_is_never_written_on_the_other_side():
    assert "HLA-DR 4,999.6 AB/c is below 5,000 AB/c" in reasons(4999.6, "812")
    assert "ferritin 4420.4 ng/mL is above 4,420 ng/mL" in reasons(4999.6, "4420.4")


@pytest.mark.parametrize(
    ("abc", "ferritin", "named"),
    [
        (4900.0, "812", ["HLA-DR"]),
        (3000.0, "4300", ["ferritin"]),
        (4900.0, "4300", ["ferritin", "HLA-DR"]),
        (4900.0, "4500", ["ferritin"]),  # HLA-DR does not matter to MALS
        (3000.0, "812", []),
    ],
)
def test_what_keeps_a_class_from_being_decisive_is_named_once(abc, ferritin, named):
    crossing = [text for text in reasons(abc, ferritin) if "holds the cut-off" in text]
    assert sorted(text.split(" of ")[1].split(" (")[0] for text in crossing) == sorted(named)


def test_the_interval_stands_in_its_sentence():
    (*_, crossing) = reasons(5000.0, "812", sd_ln=0.05)
    assert crossing == (  # 5000 * exp(-+ 2.0859634 * 0.05)
        "the 95 % interval of HLA-DR (4,505 to 5,550 AB/c) holds the cut-off 5,000 AB/c"
    )
    (*_, above) = reasons(3000.0, ">4500")
    assert above == (  # 4500 * exp(-1.959964 * sqrt(ln(1 + 0.05**2)))
        "the 95 % interval of ferritin (4,080 ng/mL and more) holds the cut-off 4,420 ng/mL"
    )
    (*_, below) = reasons(3000.0, "<4400")
    assert below == (
        "the 95 % interval of ferritin (up to 4,853 ng/mL) holds the cut-off 4,420 ng/mL"
    )


def test_two_days_that_only_together_could_change_the_class_are_both_named():
    result = classify(
        load_criterion("meisel-2009"),
        abc=AbcEvidence(8100.0, 0.04, 20.0),
        previous_day_abc=AbcEvidence(8200.0, 0.04, 20.0),
        ferritin=None,
    )
    assert result.class_name == "unclassified"
    assert result.decisive is False
    assert sum("holds the cut-off 8,000 AB/c" in text for text in result.reasons) == 2


def test_every_unmet_need_is_named():
    grid = classify(load_criterion("grid-2023"), abc=None, ferritin=None, study_day=5)
    assert grid.reasons == (
        "the study day is 5: grid-2023 is defined for day 3",
        "a usable HLA-DR is needed: immunoparalysis asks whether it is below 8,000 AB/c",
    )
    meisel = load_criterion("meisel-2009")
    (reason,) = classify(meisel, abc=BareAbc(6000.0), ferritin=None).reasons
    assert reason == (
        "a usable HLA-DR of the day before is needed: "
        "immunoparalysis asks whether it is below 8,000 AB/c"
    )
    assert classify(meisel, abc=BareAbc(9000.0), ferritin=None).reasons == (
        "a usable HLA-DR of the day before is needed: meisel-2009 states no class without it",
    )
    assert len(classify(meisel, abc=None, ferritin=None).reasons) == 2


def test_a_question_that_no_answer_could_change_is_not_asked():
    criterion = criterion_of(
        '[{ quantity = "ferritin", above = 4420 }]',
        '[{ quantity = "ferritin", below = 3000 }, { quantity = "abc", below = 5000 }]',
    )
    (reason,) = classify(criterion, abc=None, ferritin=parse_ferritin(">4000")).reasons
    assert reason.startswith("ferritin >4000 ng/mL does not tell whether it is above 4,420")


def test_an_input_that_the_criterion_does_not_ask_for_leaves_no_trace():
    asked = classify(IMMUNOSEP, abc=BareAbc(3000.0), ferritin=parse_ferritin("812"))
    more = classify(
        IMMUNOSEP,
        abc=BareAbc(3000.0),
        previous_day_abc=BareAbc(9000.0),
        ferritin=parse_ferritin("812"),
        study_day=3,
    )
    assert more == asked


def test_the_record_has_the_fields_of_the_result_schema():
    result = classify(
        IMMUNOSEP, abc=AbcEvidence(3394.0, 0.04, 11.0), ferritin=parse_ferritin("812 ng/mL")
    )
    assert result.to_dict() == {
        "criterion": {"name": "immunosep-2025", "version": "1"},
        "ferritin_ng_ml": "812",
        "class": "immunoparalysis",
        "decisive": True,
        "probability": 0.999,
    }
    nothing = classify(IMMUNOSEP, abc=None, ferritin=None).to_dict()
    assert nothing["ferritin_ng_ml"] is None
    assert (nothing["class"], nothing["decisive"], nothing["probability"]) == (
        "undetermined", None, None,
    )  # fmt: skip
