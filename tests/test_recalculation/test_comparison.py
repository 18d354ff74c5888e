"""Why a class changes, and numbers that differ without a reason."""

import json
import math

import numpy as np
import pytest
from oracle_result_tables import digest, measured, record_of, refused, rejected, write_csv

from hladr.agreement import passing_bablok, relative_limits
from hladr.recalculation import DEPENDS_ON, compare, comparison_to_dict, concerned_runs
from hladr.result_row import COLUMNS
from hladr.result_table import KINDS, OUTCOMES, Kind, read_results


@pytest.fixture
def compared(tmp_path):
    def call(old, new, columns=COLUMNS):
        tables = (
            read_results(write_csv(tmp_path / f"{name}.csv", rows, columns))
            for name, rows in (("old", old), ("new", new))
        )
        return compare(*tables)

    return call


LOW = {"class": "immunoparalysis"}


def kinds(comparison):
    (change,) = comparison.changes
    return {reason.kind.value: reason.detail for reason in change.reasons}


# Reasons ------------------------------------------------------------------------------------------

DIFFERENCES = [
    ("curve", {"beads_sha256": digest("b"), "slope": 1.02}, "slope 1.0160 → 1.0200"),
    ("curve", {"lot_sha256": digest("corrected"), "slope": 1.02}, "values of lot A-1"),
    ("curve", {"lot": "B-2", "lot_sha256": digest("b"), "slope": 1.02}, "lot A-1 → B-2"),
    ("curve", {"beads_sha256": digest("b"), "intercept": 0.06}, "intercept 0.0680 → 0.0600"),
    ("gate", {"monocytes": 3100, "gates_sha256": digest("g")}, "automatic → "),
    ("algorithm", {"algorithm": "3"}, "2 → 3"),
    ("assay", {"assay_sha256": digest("other")}, "content of quantibrite-340827 version 1"),
]


@pytest.mark.parametrize(("kind", "differs", "detail"), DIFFERENCES)
def test_what_the_number_rests_on_is_the_reason(compared, kind, differs, detail):
    found = compared([measured("a", 4800.0, **LOW)], [measured("a", 5100.0, **differs)])
    assert list(kinds(found)) == [kind]
    assert detail in kinds(found)[kind]
    assert not found.unexplained


def test_another_file_of_the_same_name_is_a_reason(compared):
    other = measured("a", 5100.0, sample_sha256=digest("other"))
    found = compared([measured("a", 4800.0, **LOW)], [other])
    assert list(kinds(found)) == ["sample file"]
    assert not found.unexplained


def test_criterion_and_ferritin_are_reasons_where_the_number_is_the_same(compared):
    differs = {"criterion": "provide-2022", "ferritin_ng_ml": ">40000", "class": "MALS"}
    found = compared([measured("a")], [measured("a", **differs)])
    assert kinds(found) == {
        "criterion": "immunosep-2025 version 1 → provide-2022 version 1",
        "ferritin": "812 → >40000 ng/mL",
    }


def test_a_curve_that_did_not_move_the_number_is_no_reason_for_the_class(compared):
    renamed = {"lot": "A-1 (new flyer)", "lot_sha256": digest("renamed")}
    found = compared(
        [measured("a")], [measured("a", ferritin_ng_ml="12600", **renamed) | {"class": "MALS"}]
    )
    assert list(kinds(found)) == ["ferritin"]


def test_several_reasons_are_all_named(compared):
    new = measured("a", 5100.0, slope=1.02, monocytes=3100, algorithm="3", ferritin_ng_ml=None)
    found = compared([measured("a", 4800.0, **LOW)], [new])
    assert list(kinds(found)) == ["curve", "gate", "algorithm", "ferritin"]


def test_refusals_name_their_code(compared):
    found = compared(
        [measured("a"), refused("b", "NOT_FCS")], [refused("a", "TOT_MISMATCH"), measured("b")]
    )
    one, other = ([(r.kind.value, r.detail) for r in each.reasons] for each in found.changes)
    assert one == [("refused now", "TOT_MISMATCH")]
    assert other == [("refused then", "NOT_FCS")]


def test_a_verdict_that_changes_names_its_findings_and_the_tube(compared):
    columns = (*COLUMNS, "drawn_at")
    old = measured("a", findings="DRAW_TIME_UNKNOWN SAME") | {"drawn_at": ""}
    new = measured("a", verdict="review", findings="SAME BLOOD_TOO_OLD")
    found = compared([old], [new | {"drawn_at": "2026-03-14T07:40"}], columns)
    assert kinds(found) == {
        "tube": "drawn_at not given → 2026-03-14T07:40",
        "findings": "+BLOOD_TOO_OLD −DRAW_TIME_UNKNOWN",
    }


def test_a_rejection_takes_the_class_with_it(compared):
    found = compared([measured("a")], [rejected("a")])
    assert kinds(found) == {"findings": "+VOLTAGE_DIFFERS"}
    assert not found.unexplained


def test_a_column_that_a_table_lacks_leaves_the_question_open(compared):
    columns = [name for name in COLUMNS if name not in {"gates_sha256", "ferritin_ng_ml"}]
    found = compared([measured("a", 4800.0, **LOW)], [measured("a", 5100.0)], columns)
    assert "gates_sha256" in kinds(found)["not recorded"]
    assert not found.unexplained


def test_what_keeps_class_and_verdict_is_no_change(compared):
    found = compared(
        [measured("a"), refused("b")], [measured("a", 9100.0, slope=1.02), refused("b")]
    )
    assert found.changes == ()


# Without a reason ---------------------------------------------------------------------------------


def test_every_number_of_the_result_is_held_against_what_it_depends_on():
    assert set(DEPENDS_ON) <= set(COLUMNS)
    assert {each for grounds in DEPENDS_ON.values() for each in grounds} <= set(COLUMNS)
    numbers = {name for name, kind in KINDS.items() if kind in {Kind.NUMBER, Kind.COUNT}}
    quality = {"probability", "r_squared", "max_residual_percent"}
    assert numbers - quality == set(DEPENDS_ON) - {"class"}


ALONE = [
    ({"abc": np.nextafter(9000.0, 1e9)}, ["abc"]),  # the last bit
    ({"ci95_low": 8000.0}, ["ci95_low"]),
    ({"abc_median": 9000.0}, ["abc_median"]),
    ({"monocytes": 3001}, ["monocytes"]),
    ({"intercept": 0.06, "abc": 9100.0}, ["intercept"]),  # AB/c follows from the line
    ({"class": "MALS"}, ["class"]),
    ({"abc": 9100.0, "software_version": "0.2.0"}, ["abc"]),  # then the algorithm would be raised
    ({"abc": 9100.0, "lot_sha256": digest("renamed")}, ["abc"]),  # the line is the same
]


@pytest.mark.parametrize(("differs", "columns"), ALONE)
def test_a_number_that_differs_alone_is_shouted_about(compared, differs, columns):
    found = compared([measured("a"), measured("b")], [measured("a") | differs, measured("b")])
    assert [each.column for each in found.unexplained] == columns
    assert {each.pair.new.sample for each in found.unexplained} == {"a.fcs"}


@pytest.mark.parametrize("ground", sorted({g for each in DEPENDS_ON.values() for g in each}))
def test_what_a_number_depends_on_excuses_it_and_nothing_else(compared, ground):
    """Every dependent number moves; those that have `ground` among theirs are not told of."""
    old = measured("a", sample_sha256=digest("a"))
    moved = {name: 2 * old[name] for name in DEPENDS_ON if name != "class"}
    new = old | moved | {"class": "MALS"}
    if ground not in moved:
        new[ground] = 0.5 if isinstance(old[ground], float) else "another"
    told = {each.column for each in compared([old], [new]).unexplained}
    always = {name for name in DEPENDS_ON if set(DEPENDS_ON[name]) & set(moved)}
    assert told == {name for name in DEPENDS_ON if ground not in DEPENDS_ON[name]} - always


def test_the_same_gate_file_may_have_been_asked_for_another_population(compared):
    gates = {"gates_sha256": digest("g")}
    old, new = measured("a", **gates), measured("a", monocytes=3100, abc=9100.0, **gates)
    assert not compared([old], [new]).unexplained
    columns = (*COLUMNS, "population")
    said = {"population": "mono"}
    found = compared([old | said], [new | said], columns)
    assert [each.column for each in found.unexplained] == ["monocytes"]
    other = compared([old | said], [new | {"population": "CD14"}], columns)
    assert not other.unexplained


def test_the_same_table_twice_has_nothing_to_tell(compared):
    rows = [measured(str(i), 1000.0 * (i + 1)) for i in range(20)] + [rejected("r"), refused("x")]
    found = compared(rows, rows[::-1])
    assert (found.changes, found.unexplained, found.agreement.moved) == ((), (), 0)
    assert (found.agreement.line.slope, found.agreement.concordance.coefficient) == (1.0, 1.0)
    assert concerned_runs(found) == ()


# Agreement ----------------------------------------------------------------------------------------


def test_agreement_is_over_the_samples_with_two_numbers_unrounded(compared):
    rng = np.random.default_rng(3)
    old = rng.lognormal(9, 0.5, 30)
    new = 1.03 * old * rng.lognormal(0, 0.02, 30)
    rows = [[measured(str(i), float(v), slope=s) for i, v in enumerate(values)]
            for values, s in ((old, 1.016), (new, 1.02))]  # fmt: skip
    found = compared(
        [*rows[0], rejected("r"), measured("x")], [measured("r"), *rows[1], refused("x")]
    )
    assert found.agreement.moved == 30
    assert found.agreement.relative == relative_limits(old, new)
    assert found.agreement.line == passing_bablok(old, new)


def test_the_table_counts_every_matched_sample(compared):
    old = [measured("a"), measured("b", **LOW), rejected("c"), refused("d"), measured("e")]
    new = [measured("a"), measured("b"), rejected("c"), measured("d"), refused("e")]
    found = compared(old, new)
    place = {each.value: i for i, each in enumerate(OUTCOMES)}
    expected = np.zeros((6, 6), int)
    for a, b in (("unclassified", "unclassified"), ("immunoparalysis", "unclassified"),
                 ("rejected", "rejected"), ("refused", "unclassified"),
                 ("unclassified", "refused")):  # fmt: skip
        expected[place[a], place[b]] += 1
    assert found.reclassified.tolist() == expected.tolist()
    assert (found.kappa.n, found.kappa.same) == (2, 1)


def test_cut_offs_are_those_of_one_known_criterion_of_the_same_version(compared):
    def of(*rows):
        return compared([measured("a")], list(rows)).criterion

    assert of(measured("a")).name == "immunosep-2025"
    assert of(measured("a", criterion="my-own")) is None
    assert of(measured("a", criterion_version="0")) is None
    assert of(measured("a"), measured("b", criterion="provide-2022")) is None


# Runs ---------------------------------------------------------------------------------------------


def test_bead_runs_that_moved_and_no_others(compared):
    other = {"beads_sha256": digest("other beads")}
    old = [
        measured("a", 4800.0, **LOW),
        measured("b", 1000.0),
        measured("c", **other),
        measured("d"),
    ]
    corrected = {"slope": 1.02, "lot_sha256": digest("corrected")}
    new = [
        measured("a", 5040.0, **corrected), measured("b", 1100.0, **corrected),
        measured("c", **other), refused("d"),
    ]  # fmt: skip
    (run,) = concerned_runs(compared(old, new))
    assert (run.old_lot, run.new_lot, run.lot_values_differ) == ("A-1", "A-1", True)
    assert (run.samples, run.reclassified) == (3, 2)
    assert (run.change.n, round(run.change.median, 6)) == (2, 7.5)
    assert (round(run.change.lowest, 6), round(run.change.highest, 6)) == (5.0, 10.0)
    assert run.beads == digest("beads")[:12]


def test_a_bead_file_goes_by_its_name_where_a_table_has_it(tmp_path):
    new = measured("a", 9100.0, slope=1.02)
    (tmp_path / "n").write_text(json.dumps(record_of(new)))
    old = read_results(write_csv(tmp_path / "o", [measured("a")]))
    (run,) = concerned_runs(compare(old, read_results(tmp_path / "n")))
    assert run.beads == "beads.fcs"


# JSON ---------------------------------------------------------------------------------------------


def test_the_object_is_json_whatever_cannot_be_determined(compared):
    found = comparison_to_dict(
        compared([measured("a"), refused("b")], [measured("a"), refused("b")])
    )
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    assert found["schema"] == "hladr.comparison/1"
    assert found["agreement"]["bland_altman_percent"]["upper"] is None
    assert found["samples"] == {
        "matched_by_sha256": 1, "matched_by_name": ["b.fcs"], "only_old": [], "only_new": [],
            "not_told_apart": [],
    }  # fmt: skip
    assert not any(isinstance(x, float) and math.isnan(x) for x in found["agreement"].values())
