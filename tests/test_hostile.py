"""Hostile and unusual tubes: what is sound passes, what is not never passes with a wrong number.

One seed a case; the benchmark takes more.
"""

import io
import math

import numpy as np
import oracle_encodings
import oracle_hostile
import pytest
from oracle_blood import SINGLET_MONOCYTES
from oracle_hostile_case import breach

import hladr
from calibration.errors import CalibrationError

SEED = 1
FERRITIN = 900.0  # ng/mL, below 4420: the class rests on HLA-DR
CASES = [name for name, case in oracle_hostile.CASES.items() if not case.large]
FAITHFUL = [
    name
    for name in CASES
    if oracle_hostile.CASES[name].faithful and oracle_hostile.CASES[name].answer
]
GLOW = 40.0  # PE molecules that shine as much as an unstained monocyte


def result_of(pair):
    return hladr.quantify(
        io.BytesIO(pair.blood), beads=io.BytesIO(pair.beads), lot=pair.lot, ferritin_ng_ml=FERRITIN
    )


def number(pair):
    return result_of(pair).measured.abc


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_tube_gives_what_is_expected_of_it(case):
    pair = oracle_hostile.make_pair(case, SEED)
    try:
        result = result_of(pair)
        abc, verdict = result.measured.abc, result.verdict.value
        codes = [each.code for each in result.findings]
    except (hladr.HladrError, CalibrationError) as refusal:
        abc, verdict, codes = math.nan, "refused", [refusal.code]
    expects = oracle_hostile.CASES[case].expects
    assert breach(expects, pair.truth_abc, abc, verdict) == "", codes


@pytest.mark.parametrize("case", FAITHFUL)
def test_the_light_of_the_true_monocytes_is_their_truth(case):
    """The simulator's own honesty: nothing of the program is in it."""
    pair = oracle_hostile.make_pair(case, SEED)
    seen = pair.seen[np.isin(pair.labels, SINGLET_MONOCYTES)]
    measured = np.exp(np.log(seen[seen > 0]).mean())
    assert abs(measured / pair.truth_abc - 1.0) < 0.02 + GLOW / pair.truth_abc


def test_float_dialects_give_the_same_number():
    numbers = {name: number(pair) for name, pair in oracle_encodings.float_dialects(SEED).items()}
    least, most = min(numbers.values()), max(numbers.values())
    assert most / least - 1.0 < 1e-6, numbers


@pytest.mark.parametrize("encodings", [oracle_encodings.integers, oracle_encodings.logarithms])
@pytest.mark.parametrize("seed", [1, 2])
def test_integers_give_the_number_of_the_floats(encodings, seed):
    pairs = encodings(seed)
    numbers = {name: number(pair) for name, pair in pairs.items()}
    for name, found in numbers.items():
        assert abs(found / numbers["float"] - 1.0) < 0.01, numbers
        assert abs(found / pairs[name].truth_abc - 1.0) < 0.05


@pytest.mark.parametrize(
    ("expects", "truth", "abc", "verdict", "broken"),
    [
        ("sound", 4_000.0, 4_100.0, "pass", False),
        ("sound", 4_000.0, 4_100.0, "review", True),
        ("sound", 4_000.0, 4_300.0, "pass", True),
        ("doubtful", 4_000.0, 9_000.0, "review", False),
        ("doubtful", 4_000.0, 3_700.0, "pass", True),
        ("doubtful", math.nan, 3_700.0, "pass", True),
        ("doubtful", 4_000.0, math.nan, "refused", False),
        ("refuse", math.nan, math.nan, "refused", False),
        ("refuse", math.nan, 3_700.0, "reject", True),
    ],
)
def test_an_expectation_is_broken_by_what_breaks_it(expects, truth, abc, verdict, broken):
    assert bool(breach(expects, truth, abc, verdict)) is broken


@pytest.mark.parametrize(
    ("case", "seed"),
    [("granulocytes_only_cd64", 5), ("granulocytes_only_cd64", 8), ("no_monocytes", 8)],
)
def test_two_granulocytes_that_pass_together_are_no_monocyte(case, seed):
    with pytest.raises(hladr.HladrError) as caught:
        result_of(oracle_hostile.make_pair(case, seed))
    assert caught.value.code == "MONOCYTES_NOT_FOUND"
