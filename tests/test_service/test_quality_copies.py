"""A bead file that is sent twice is one run: in charts, in baselines, and before the rules."""

import pytest
from laboratory import codes, correct_lot
from quality_runs import STEADY, by_hand, calibrate, control_blood, quality, runs, write

from service.pages.quality.all import of_run
from service.pages.quality.charts_shown import charts_shown
from service.quality import verdicts
from service.quality.looking import seen
from service.store import calibration_runs, quality_log
from service.store.quality_log import EntryKind


@pytest.fixture
def database_url(request):
    """Which run of a file counts the database says; the rest does not depend on it."""
    return request.getfixturevalue("either") if "either" in request.fixturenames else None


def ids_of(told):
    return [each["calibration_id"] for each in told["runs"]]


def copies_of(told, run):
    (found,) = [each for each in told["runs"] if each["calibration_id"] == run["id"]]
    return [each["calibration_id"] for each in found["copies"]]


def blocked(service, run, subject):
    patient = service.analyse(run, "borderline.fcs", subject=subject)
    return "RUN_OUT_OF_CONTROL" in patient["open_findings"]


def test_a_file_counts_once_and_its_copies_are_told(either, bench, place):  # noqa: ARG001
    first, copy = (calibrate(bench, *place, 0, 0.0) for _ in range(2))
    other = calibrate(bench, *place, 1, 0.0)
    late = calibrate(bench, *place, 0, 0.0)
    told = quality(bench, place)
    assert ids_of(told) == [first["id"], other["id"]]
    assert copies_of(told, first) == [copy["id"], late["id"]]
    assert copies_of(told, other) == []
    for chart in told["charts"]:
        points = [each["calibration_id"] for each in chart["parts"][0]["points"]]
        assert points == [first["id"], other["id"]]


def test_the_same_file_on_another_instrument_or_of_another_lot_is_another_run(bench, place):
    first = calibrate(bench, *place, 0, 0.0)
    lot = bench.lot(number="SIM-2")
    of_lot = calibrate(bench, lot, place[1], 0, 0.0)
    elsewhere = place[0], bench.instrument(name="Canto 2")
    alone = calibrate(bench, *elsewhere, 0, 0.0)
    assert ids_of(quality(bench, place)) == [first["id"], of_lot["id"]]
    assert ids_of(quality(bench, elsewhere)) == [alone["id"]]


@pytest.mark.parametrize(
    ("key", "beyond", "times", "code"),
    [("slope", 2.5, 2, "WESTGARD_2_2S"), ("slope", 0.5, 10, "WESTGARD_10X")],
)
def test_copies_make_no_rule_of_many_runs_true(bench, place, key, beyond, times, code):
    first, *copies = (calibrate(bench, *place, 0, 0.0) for _ in range(times))
    by_hand(bench, place, first, key, first["curve"]["slope"] - beyond, 1.0)
    (run,) = quality(bench, place)["runs"]
    assert code not in codes(run["findings"])
    assert not blocked(bench, copies[-1], "P-1")


def test_a_baseline_counts_a_file_once(bench, place):
    made = runs(bench, *place, STEADY[:19])
    copy = calibrate(bench, *place, 0, STEADY[0])
    ids = [*(each["id"] for each in made), copy["id"]]
    assert write(bench, place, "baselines", 422, runs=ids)["code"] == "BASELINE_TOO_SHORT"
    made.append(calibrate(bench, *place, 19, STEADY[19]))
    entry = write(bench, place, "baselines", runs=[*ids[1:], made[-1]["id"]])
    (slope,) = [each for each in entry["content"]["baselines"] if each["quantity"] == "slope"]
    assert set(slope["window"]["runs"]) == {each["id"] for each in made}
    of_copy = by_hand(bench, place, copy, "voltage", 399.0, 1.0)
    assert of_copy["content"]["baselines"][0]["epoch"] == {"beads": "", "service": ""}


def test_a_baseline_that_was_locked_from_a_copy_as_well_says_so(bench, place):
    made = runs(bench, *place, STEADY[:20])
    entry = write(bench, place, "baselines", runs=[each["id"] for each in made])
    copy = calibrate(bench, *place, 0, STEADY[0])
    ids = [*(each["id"] for each in made[:19]), copy["id"]]
    kept = [
        {**each, "window": {**each["window"], "runs": ids}}
        for each in entry["content"]["baselines"]
        if each["quantity"] == "slope"
    ]
    with bench.laboratory.database.writing("somebody") as writing:
        said = {"baselines": kept}
        quality_log.add(writing, place[1]["id"], EntryKind.BASELINE, said, "as it was done once")
    with bench.laboratory.database.reading() as connection:
        shown = charts_shown(seen(connection, place[1]["id"], 50))
    said = {each.key: " ".join(each.said) for each in shown}
    assert "1 of these runs is a file sent twice" in said["slope"]
    assert "sent twice" not in said["residual"]


def test_a_copy_is_rejected_with_the_run_and_let_be_used_with_it(either, bench, place):  # noqa: ARG001
    run = calibrate(bench, *place, 0, 0.0)
    by_hand(bench, place, run, "slope", run["curve"]["slope"] - 3.5, 1.0)
    copy = calibrate(bench, *place, 0, 0.0)
    patient = bench.analyse(copy, "borderline.fcs", subject="P-1")
    assert "RUN_OUT_OF_CONTROL" in patient["open_findings"]
    bench.sign(patient, "anna", "performed", 409)
    use = write(bench, place, "uses", calibration_id=copy["id"], reason="the slope is known")
    assert use["content"]["violations"] == ["slope 1-3s"]
    assert "RUN_USED_IN_SPITE" in codes(bench.get(f"analyses/{patient['id']}")["findings"])
    assert quality(bench, place)["runs"][0]["use"]["reason"] == "the slope is known"
    assert not blocked(bench, run, "P-2")
    by_hand(bench, place, run, "residual", -1.0, 0.001)
    assert blocked(bench, run, "P-3")
    assert blocked(bench, copy, "P-4")


def test_control_blood_of_a_copy_is_that_of_the_run(bench, place):
    """Else whoever measures it by a copy is judged by nothing."""
    run, copy = (calibrate(bench, *place, 0, 0.0) for _ in range(2))
    abc = control_blood(bench, copy)["result"]["hla_dr"]["abc"]
    by_hand(bench, place, run, "control:low C-7", 0.5 * abc, 0.01 * abc)
    (told,) = quality(bench, place)["runs"]
    assert told["outcome"] == "reject"
    assert len(told["control"]) == 1
    assert blocked(bench, run, "P-1")
    assert blocked(bench, copy, "P-2")


def test_control_blood_that_only_a_copy_has_is_reached_behind_forty_runs(bench, place):
    run = calibrate(bench, *place, 0, 0.0)
    for day in range(1, 43):
        calibrate(bench, *place, day, 0.0)
    control_blood(bench, calibrate(bench, *place, 0, 0.0))
    last = calibrate(bench, *place, 43, 0.0)
    with bench.laboratory.database.reading() as connection:
        near = calibration_runs.near(connection, place[1]["id"], last["created_at"], 40)
    assert [each.id for each in near.earlier] == [run["id"]]


def test_copies_push_no_run_out_of_what_is_looked_at(bench, place):
    """Two in a row beyond 2 SD: the first was sent late, behind many copies of the second."""
    second = calibrate(bench, *place, 5, 0.0)
    by_hand(bench, place, second, "slope", second["curve"]["slope"] - 2.5, 1.0)
    for _ in range(13):
        calibrate(bench, *place, 5, 0.0)
    assert not blocked(bench, second, "P-1")
    calibrate(bench, *place, 4, 0.0)
    assert blocked(bench, second, "P-2")


def test_beads_are_not_compared_with_themselves(bench, place):
    """A run that lies 10 % off does so as well when its file is sent once more."""
    for day in range(5):
        calibrate(bench, *place, day, STEADY[day])
    shifted = calibrate(bench, *place, 9, 0.10)
    for _ in range(4):
        again = calibrate(bench, *place, 9, 0.10)
    assert again["findings"] == shifted["findings"]
    assert codes(again["findings"]) == {"CALIBRATION_SHIFTED"}
    near = quality(bench, place)["runs"][-1]["compared"]
    assert len(set(near["with"])) == 5


VERSION = (
    "INSERT INTO calibration_versions SELECT '{id}', {version}, lot_id, lot_version, "
    "instrument_id, instrument_version, assay_sha256, algorithm, curve, curve_sha256, false, "
    "findings, made_at, made_by, reason FROM calibration_versions WHERE id = '{of}'"
)


def without_acceptance(service, of, id_, version, *more):
    """Write a version of a run whose curve is not accepted."""
    with service.laboratory.database.writing("somebody") as writing:
        for each in (*more, VERSION.format(id=id_, version=version, of=of)):
            writing.connection.exec_driver_sql(each)


def test_where_the_first_curve_is_rejected_the_next_run_of_the_file_counts(either, bench, place):  # noqa: ARG001
    copy = calibrate(bench, *place, 0, 0.0)
    head = (
        "INSERT INTO calibrations (id, version, file_sha256, file_name, lot_id, instrument_id, "  # noqa: S608
        "created_at, created_by) SELECT 'first', 1, file_sha256, file_name, lot_id, "
        "instrument_id, '2020-01-01T00:00:00.000000Z', created_by FROM calibrations "
        f"WHERE id = '{copy['id']}'"
    )
    without_acceptance(bench, copy["id"], "first", 1, head)
    told = quality(bench, place)
    assert ids_of(told) == [copy["id"]]
    assert copies_of(told, copy) == []
    by_hand(bench, place, copy, "slope", 0.0, 0.1)
    with bench.laboratory.database.reading() as connection:
        assert set(verdicts.verdicts_of(connection, ["first", copy["id"]])) == {copy["id"]}


def test_a_later_curve_that_is_not_accepted_lifts_no_rejection(either, bench, place):  # noqa: ARG001
    """Another assay may draw it: numbers still rest on the version before."""
    run = calibrate(bench, *place, 0, 0.0)
    patient = bench.analyse(run, "borderline.fcs", subject="P-1")
    by_hand(bench, place, run, "slope", 0.0, 0.1)
    head = f"UPDATE calibrations SET version = 2 WHERE id = '{run['id']}'"  # noqa: S608
    without_acceptance(bench, run["id"], run["id"], 2, head)
    assert "RUN_OUT_OF_CONTROL" in bench.get(f"analyses/{patient['id']}")["open_findings"]
    assert ids_of(quality(bench, place)) == [run["id"]]


def test_of_a_lot_that_was_corrected_the_run_by_its_newest_values_counts(either, bench, place):  # noqa: ARG001
    """The number was noticed in the first run, corrected, and the beads were sent once more."""
    old = calibrate(bench, *place, 0, 0.0)
    lot = correct_lot(bench, place[0])
    new = calibrate(bench, *place, 0, 0.0)
    other = calibrate(bench, *place, 1, 0.0)
    told = quality(bench, place)
    assert ids_of(told) == [new["id"], other["id"]]
    assert copies_of(told, new) == [old["id"]]
    assert {each["lot"]["version"] for each in told["runs"]} == {lot["version"]}
    by_hand(bench, place, new, "slope", new["curve"]["slope"] + 0.5, 0.1)
    assert blocked(bench, new, "P-1")
    write(bench, place, "uses", calibration_id=new["id"])
    assert not blocked(bench, new, "P-2")
    bench.analyse(old, "borderline.fcs", subject="P-3")  # which is by the newest values as well
    assert ids_of(quality(bench, place)) == [old["id"], other["id"]]
    assert not blocked(bench, new, "P-4")


def test_whoever_is_sent_to_a_copy_finds_its_row(bench, place):
    calibrate(bench, *place, 0, 0.0)
    for day in range(1, 55):
        calibrate(bench, *place, day, 0.0)
    copy = calibrate(bench, *place, 0, 0.0)
    sent = of_run(copy["id"], None, bench.laboratory).headers["location"]
    assert sent == f"/quality/{place[1]['id']}?most=55#run-{copy['id']}"


def test_what_is_asked_of_a_copy_and_of_its_run_is_the_same(bench, place):
    made = [calibrate(bench, *place, day, 0.0) for day in (*range(6), 3, 0, 3)]
    by_hand(bench, place, made[0], "slope", made[0]["curve"]["slope"] - 0.04, 0.03)
    ids = [each["id"] for each in made]
    with bench.laboratory.database.reading() as connection:
        of_many = verdicts.verdicts_of(connection, ids)
        of_one = {id_: verdicts.verdicts_of(connection, [id_])[id_] for id_ in ids}
    assert of_many == of_one
    for copy, run in ((6, 3), (7, 0), (8, 3)):
        assert of_many[ids[copy]] == of_many[ids[run]]
