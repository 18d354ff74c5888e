"""A table of results to its studies: what is used for which, and what is said of the rest."""

import math

import numpy as np
import pytest
from oracle_replicates import row, table_of
from oracle_result_tables import refused, rejected
from scipy import stats

from hladr.validation import limits_beside, validate
from hladr.validation.errors import (
    ValidationCellInvalid,
    ValidationColumnsMissing,
    ValidationFilesMissing,
    ValidationLimitsInvalid,
)
from hladr.validation.limits import NAMES, NONE
from hladr.validation.source import find_source


def studied(folder, rows):
    return validate(table_of(folder, rows), NONE)


def not_done(found):
    return {each.study for each in found.not_done}


def runs(n=3, repeats=2, **said):
    rng = np.random.default_rng(4)
    return [
        row(9000 * math.exp(rng.normal(0, 0.03)), run=str(r), **said)
        for r in range(n)
        for _ in range(repeats)
    ]


def test_replicates_of_runs_are_repeatability_and_between_runs(tmp_path):
    found = studied(tmp_path, runs())
    assert [part.levels for part in found.precision.overall.components] == [("run",), ("repeat",)]
    assert not_done(found) == {
        "between days", "between operators", "between instruments", "linearity", "carry-over",
        "lots side by side",
    }  # fmt: skip


def test_single_results_of_runs_are_no_repeatability(tmp_path):
    assert "repeatability" in not_done(studied(tmp_path, runs(repeats=1)))


def test_without_a_run_nothing_is_called_repeatability(tmp_path):
    rows = [row(9000 + i, day="1") for i in range(4)]
    assert {"repeatability", "between days"} <= not_done(studied(tmp_path, rows))


def test_a_result_that_leaves_a_level_empty_is_left_out_and_counted(tmp_path):
    rows = [*runs(day="1"), row(90000, run="2", day="")]
    found = studied(tmp_path, rows)
    assert found.precision.left_out == 1
    assert found.precision.overall.n == 6


def test_what_has_no_number_is_listed_and_used_nowhere(tmp_path):
    bad = [refused("x") | {"specimen": "S"}, rejected("y") | {"specimen": "S", "run": "1"}]
    found = studied(tmp_path, [*runs(), *bad, row(1.0, specimen="", run="1")])
    assert [each.sample for each in found.found.no_number] == ["x.fcs", "y.fcs"]
    assert found.found.no_specimen == 1
    assert found.precision.overall.n == 6


def test_a_series_is_linearity_and_no_imprecision(tmp_path):
    series = [row(1000.0 * f, "mix", run="1", dilution=str(f)) for f in (1, 2, 4) for _ in "ab"]
    found = studied(tmp_path, [*runs(), *series])
    assert [each.specimen for each in found.linearity] == ["mix"]
    assert found.precision.overall.n == 6
    two = studied(tmp_path, [each for each in series if each["dilution"] != "4"])
    assert "linearity" in not_done(two)


def test_expected_goes_before_dilution(tmp_path):
    series = [
        row(1000.0 * f, "mix", expected=str(1000 * f), dilution=str(f / 4)) for f in (1, 2, 4)
    ]
    (line,) = studied(tmp_path, series).linearity
    assert [level.expected for level in line.levels] == [1000, 2000, 4000]


@pytest.mark.parametrize("text", ["0", "-3", "1:4", "1,5", "nan", "inf", "high"])
def test_an_expected_value_that_is_no_number_is_named_with_its_line(tmp_path, text):
    with pytest.raises(ValidationCellInvalid, match="line 3, expected") as refusal:
        studied(tmp_path, [row(1.0, expected="1"), row(1.0, expected=text)])
    assert repr(text) in str(refusal.value)


def sequence(name, high, low, order=None):
    rows = [row(abc, "H", sequence=name) for abc in high]
    rows += [row(abc, "L", sequence=name) for abc in low]
    if order:
        rows = [each | {"replicate": str(i)} for i, each in enumerate(rows, 1)]
        rows = [rows[i] for i in order]
    return rows


def test_carry_over_by_hand(tmp_path):
    rows = [
        *sequence("1", [40000, 41000, 40200], [2400, 2020, 2000]),
        *sequence("2", [40000, 40000, 41000], [2195, 2000, 2000]),
        *sequence("3", [40000, 40000, 40000], [2100, 2010, 2100]),
    ]
    found = studied(tmp_path, rows).carry_over
    k = [100 * 400 / 38200, 0.5, 0.0]
    assert [each.k for each in found.sequences] == pytest.approx(k)
    assert found.k == pytest.approx(np.mean(k))
    ends = stats.t.interval(0.95, 2, np.mean(k), stats.sem(k))
    assert (found.interval.low, found.interval.high) == pytest.approx(ends)


def test_a_sequence_is_no_imprecision(tmp_path):
    rows = [each | {"run": "1"} for each in sequence("1", [40000, 40500], [2400, 2000])]
    assert studied(tmp_path, [*runs(), *rows]).precision.overall.n == 6


def test_the_column_replicate_says_the_order(tmp_path):
    mixed = sequence("1", [40000, 40200], [2400, 2000], order=(3, 1, 0, 2))
    (found,) = studied(tmp_path, mixed).carry_over.sequences
    assert (found.high, found.low) == ((40000, 40200), (2400, 2000))


def test_what_is_no_high_then_low_is_named(tmp_path):
    rows = [
        *sequence("low first", [2000], [40000, 40000]),
        *sequence("one low", [40000], [2000]),
        *sequence("back", [40000], [2000, 2000]), row(4e4, "H", sequence="back"),
    ]  # fmt: skip
    found = studied(tmp_path, rows)
    assert found.carry_over.no_sequence == ("low first", "one low", "back")
    assert "carry-over" in not_done(found)
    assert math.isnan(found.carry_over.k)


def test_one_sequence_has_no_interval(tmp_path):
    found = studied(tmp_path, sequence("1", [40000], [2400, 2000])).carry_over
    assert found.k == pytest.approx(100 * 400 / 38000)
    assert math.isnan(found.interval.low)


@pytest.mark.parametrize("column", ["reagent_lot", "lot", "instrument", "operator"])
def test_the_bias_of_another_is_that_of_paired_logarithms(tmp_path, column):
    rng = np.random.default_rng(8)
    old = rng.uniform(3000, 30000, 7)
    new = old * 1.05 * np.exp(rng.normal(0, 0.03, 7))
    rows = [
        row(value, f"P{i}", **{column: name})
        for i, pair in enumerate(zip(old, new, strict=True))
        for value, name in zip(pair, ("first", "second"), strict=True)
    ]
    found = studied(tmp_path, [*rows, row(5.0, "alone", **{column: "second"})])
    (side,) = [each for each in found.side_by_side if each.column == column]
    ends = stats.ttest_rel(np.log(new), np.log(old)).confidence_interval()
    assert (side.reference, side.other, side.specimens) == ("first", "second", 7)
    assert side.limits.bias == pytest.approx(100 * (stats.gmean(new / old) - 1))
    assert [side.limits.bias_interval.low, side.limits.bias_interval.high] == pytest.approx(
        [100 * np.expm1(ends.low), 100 * np.expm1(ends.high)]
    )


def test_a_table_without_specimens_says_what_each_study_needs(tmp_path):
    rows = [{k: v for k, v in row(1.0).items() if k != "specimen"} | {"run": "1"}]
    with pytest.raises(ValidationColumnsMissing, match="found run beside") as refusal:
        studied(tmp_path, rows)
    for word in ("specimen", "run", "day", "operator", "instrument", "expected", "sequence"):
        assert word in str(refusal.value)


def test_a_folder_without_a_list_says_how_to_make_one(tmp_path):
    with pytest.raises(ValidationFilesMissing, match="hladr manifest"):
        find_source(tmp_path)


def test_limits_are_read_with_their_source(tmp_path):
    assert limits_beside(tmp_path) == NONE
    (tmp_path / "validation.toml").write_text(
        'schema = "hladr.validation-limits/1"\nsource = "SOP 12"\n[percent]\n'
        + "".join(f"{name} = {place}\n" for place, name in enumerate(NAMES, 1))
    )
    found = limits_beside(tmp_path)
    assert [found.of(name) for name in NAMES] == list(range(1, len(NAMES) + 1))
    assert found.source == "SOP 12"
    assert math.isnan(found.of("another"))


SCHEMA = 'schema = "hladr.validation-limits/1"\n'


@pytest.mark.parametrize(
    "text",
    [
        "", "\0", "[percent]\n", SCHEMA, SCHEMA + "percent = 3", SCHEMA + "[percent]\ncv = 3",
        SCHEMA + "[percent]\ntotal_cv = '3'", SCHEMA + "[percent]\ntotal_cv = true",
        SCHEMA + "[percent]\ntotal_cv = nan", SCHEMA + "[percent]\ntotal_cv = -1",
        SCHEMA + "source = 3\n[percent]\n", SCHEMA + "limit = 3\n[percent]\n",
        SCHEMA + f"[percent]\ntotal_cv = 1{'0' * 400}", SCHEMA + "#" * 70_000,
        SCHEMA + f"[percent]\ntotal_cv = 0x{'f' * 9000}", SCHEMA + f"percent = 1{'0' * 9000}",
        SCHEMA + "percent = " + "[" * 9000, SCHEMA + "percent" + ".a" * 3000 + " = 1",
    ],
)  # fmt: skip
def test_limits_that_cannot_be_meant_are_refused(tmp_path, text):
    (tmp_path / "validation.toml").write_text(text)
    with pytest.raises(ValidationLimitsInvalid, match=r"validation\.toml: expected"):
        limits_beside(tmp_path)
