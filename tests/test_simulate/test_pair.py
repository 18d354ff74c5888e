import json
import warnings

import numpy as np
import pytest

import hladr.simulate
from hladr.fcs.reader import read_fcs
from hladr.simulate import (
    CASES,
    FAULTS,
    ORDINARY,
    UnknownCase,
    make_pair,
    pair_names,
    simulate_pair,
)

FEW = 1_500


@pytest.mark.parametrize("case", pair_names())
def test_every_named_pair_can_be_made_and_read(case, tmp_path):
    truth = simulate_pair(case, 1, tmp_path, events=FEW)
    table = read_fcs(truth.blood_path)
    assert table.n_events == sum(truth.blood.counts.values())
    assert read_fcs(truth.beads_path).n_events >= sum(truth.beads.counts)


@pytest.mark.parametrize("case", ["healthy_canto", "sepsis_calibur", "healthy_navios"])
def test_files_hold_what_was_recorded_for_another_reader(case, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import flowio

    pair = make_pair(case, 4, events=FEW)
    truth = pair.write(tmp_path)
    recording = pair.blood.recording
    data = flowio.FlowData(truth.blood_path)
    stored = np.reshape(data.events, (-1, data.channel_count))
    assert data.pnn_labels == [c.name for c in recording.channels]
    assert data.pns_labels == [c.marker or "" for c in recording.channels]
    for place, channel in enumerate(recording.channels):
        np.testing.assert_array_equal(stored[:, place], channel.values)
        assert data.text[f"p{place + 1}e"] == channel.amplification
    assert data.text["cyt"] == recording.keywords["$CYT"]
    assert data.text["date"] == "14-MAR-2026"
    assert "not a patient" in data.text["com"]


def test_the_reader_gives_the_scale_values_that_were_digitised():
    pair = make_pair("sepsis_calibur", 2, events=FEW)
    from io import BytesIO

    table = read_fcs(BytesIO(pair.blood.recording.to_bytes()))
    channel = pair.blood.recording.stored("FL2-H")
    np.testing.assert_allclose(table.column("FL2-H"), 10 ** (4 * channel / 1024))


def test_truth_stands_beside_the_files_one_object_a_pair(tmp_path):
    first = simulate_pair("sepsis", 1, tmp_path, events=FEW)
    second = simulate_pair("beads_missing_level", 7, tmp_path, events=FEW)

    def no_constants(name):
        raise AssertionError(f"{name} is not JSON")

    text = (tmp_path / "truth.json").read_text("utf-8")
    truth = json.loads(text, parse_constant=no_constants)
    assert set(truth) == {"sepsis-1", "beads_missing_level-7"}
    assert truth["sepsis-1"]["blood"]["abc"] == first.blood.abc
    assert truth["sepsis-1"]["lot"] == first.lot == "474,5359,23843,62336"
    assert truth["beads_missing_level-7"]["beads"]["molecules"][1] is None
    names = {p.name for p in tmp_path.iterdir()}
    for pair in (first, second):
        assert {pair.beads_path.name, pair.blood_path.name} <= names
    assert first.blood_path.name == "sepsis-1-blood.fcs"


def test_the_same_case_and_seed_give_the_same_files(tmp_path):
    one, two = (simulate_pair("sepsis", 3, tmp_path / name, events=FEW) for name in "ab")
    for what in ("blood_path", "beads_path"):
        assert getattr(one, what).read_bytes() == getattr(two, what).read_bytes()
    text = [(tmp_path / name / "truth.json").read_text("utf-8") for name in "ab"]
    assert text[0] == text[1]


def test_each_seed_of_an_ordinary_kind_is_another_donor_and_of_a_case_the_same_patient():
    def spread(case):
        pairs = [make_pair(case, seed, events=20_000) for seed in range(6)]
        return np.std([np.log(pair.blood.truth.abc) for pair in pairs])

    assert spread("sepsis_canto") > 0.06
    assert spread("sepsis") < 0.03


def test_an_unknown_case_is_refused_with_the_names_there_are():
    with pytest.raises(
        UnknownCase, match=r"no simulated case is called 'sick'; give one of: healthy, "
    ) as e:
        make_pair("sick", 1)
    assert e.value.code == "UNKNOWN_CASE"


def test_names_of_pairs_do_not_repeat():
    assert len(set(pair_names())) == len(CASES) + len(ORDINARY) + len(FAULTS)


def test_the_public_face_is_sorted_and_there():
    names = hladr.simulate.__all__
    assert all(hasattr(hladr.simulate, name) for name in names)
    assert sorted(names, key=lambda n: (not n.isupper(), n[0].islower(), n)) == names
