from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.simulate import CASES, LABELS, BloodSpec, blood, canto, healthy, sepsis, with_monocytes
from hladr.simulate.digitiser import FloatDigitiser
from hladr.simulate.particle import Source
from hladr.simulate.population import CELL_CORRELATION, LEUKOCYTES, MONOCYTE_CORRELATION, MONOCYTES

MANY_PHOTONS = 1e4


@cache
def sample(name, seed=7):
    return blood(CASES[name], canto(), np.random.default_rng(seed))


def perfect():
    """A cytometer that sees every molecule: much light, no noise, no spill, no top."""
    instrument = canto()
    light = np.zeros_like(instrument.light)
    for place, detector in enumerate(instrument.detectors):
        light[detector.source, place] = MANY_PHOTONS
    pe = instrument.column("PE")
    light[Source.AUTOFLUORESCENCE, pe] = MANY_PHOTONS
    return replace(
        instrument,
        detectors=tuple(
            replace(d, gain=1 / MANY_PHOTONS, noise=0.0, stray=0.0) for d in instrument.detectors
        ),
        light=light,
        readouts=tuple(
            replace(r, digitiser=FloatDigitiser(range=1 << 40)) for r in instrument.readouts
        ),
        illumination_cv=0.0,
        pulse_cv=0.0,
        threshold=0.01,
    )


def geometric_mean(values):
    return float(np.prod(np.float_power(values, 1 / values.size)))


def compensated(blood_sample, detector):
    """Area of a detector by the truth of the light, scale units."""
    instrument = canto()
    names = [instrument.detectors[p].name for p in instrument.fluorescence]
    raw = np.column_stack([blood_sample.recording.stored(f"{n}-A") for n in names]).astype(float)
    return (raw @ np.linalg.inv(instrument.spillover()))[:, names.index(detector)]


def test_truth_is_the_geometric_mean_of_antibodies_on_the_labelled_single_monocytes():
    seen = sample("sepsis")
    on_monocytes = seen.antibodies[seen.monocytes]
    assert seen.truth.abc == pytest.approx(geometric_mean(on_monocytes), rel=1e-9)
    assert seen.truth.abc_median == np.median(on_monocytes)
    assert seen.truth.monocytes == on_monocytes.size
    assert np.all(on_monocytes == np.rint(on_monocytes))


def test_a_perfect_cytometer_reads_the_truth_plus_autofluorescence():
    seen = blood(sepsis, perfect(), np.random.default_rng(3))
    pe = seen.recording.stored("PE-A")[seen.monocytes].astype(float)
    assert geometric_mean(pe) == pytest.approx(seen.truth.apparent_pe, rel=1e-4)
    lone = ~seen.are("doublet")
    read = seen.recording.stored("PE-A")[lone]
    assert np.all(read > seen.antibodies[lone] * 0.98)


@settings(max_examples=15)
@given(
    hla_dr=st.floats(500, 100_000),
    spread=st.floats(0.1, 0.3),
    subsets=st.lists(st.floats(0.05, 1.0), min_size=5, max_size=5),
    seed=st.integers(0, 999),
)
def test_the_level_is_set_by_one_number(hla_dr, spread, subsets, seed):
    spec = BloodSpec(
        hla_dr=hla_dr,
        spread=spread,
        events=8_000,
        differential={"monocyte": 1.0},
        monocyte_subsets=dict(zip(MONOCYTES, subsets, strict=True)),
    )
    seen = blood(spec, canto(), np.random.default_rng(seed))
    logs = np.log10(seen.antibodies[seen.monocytes])
    error = logs.std() / np.sqrt(logs.size)
    assert np.log10(seen.truth.abc / hla_dr) == pytest.approx(0.0, abs=5 * error)


@pytest.mark.parametrize("name", CASES)
def test_cells_are_as_many_as_the_specification_says(name):
    spec, counts = CASES[name], sample(name).truth.counts

    def expect(label, share):
        sd = np.sqrt(spec.events * share * (1 - share))
        assert counts[label] == pytest.approx(spec.events * share, abs=5 * sd + 1)

    expect("red cell", spec.red_cells)
    expect("damaged cell", spec.damaged)
    expect("doublet", spec.doublets)
    total = sum(spec.differential.values())
    for cell in LEUKOCYTES:
        expect(cell, spec.leukocytes * spec.differential[cell] / total)
    monocytes = spec.leukocytes * spec.differential["monocyte"] / total
    for subset in MONOCYTES:
        expect(subset, monocytes * spec.monocyte_subsets[subset])
    # A few fragments stay below the threshold, nothing else is lost.
    lost = spec.events - sum(counts.values())
    assert lost <= 0.01 * spec.events * (spec.debris + spec.platelets)


def test_so_many_monocytes_as_asked_for_are_expected():
    for events, wanted in ((20_000, 700), (60_000, 700), (20_000, 10_000)):
        spec = with_monocytes(replace(healthy, events=events), wanted)
        counts = blood(spec, canto(), np.random.default_rng(1)).truth.monocytes
        assert counts == pytest.approx(wanted, abs=5 * np.sqrt(wanted))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    spec = replace(sepsis, events=3_000)
    files = [blood(spec, canto(), np.random.default_rng(s)).recording.to_bytes() for s in (5, 5, 6)]
    assert files[0] == files[1]
    assert files[0] != files[2]


def median_of(seen, detector, *labels):
    return float(np.median(compensated(seen, detector)[seen.are(*labels)]))


def test_cells_stand_where_a_haematologist_expects_them():
    seen = sample("healthy")
    cd14 = {name: median_of(seen, "PerCP-Cy5-5", name) for name in LABELS}
    hla_dr = {name: median_of(seen, "PE", name) for name in LABELS}
    cd45 = {name: median_of(seen, "V500", name) for name in LABELS}
    side = {
        name: float(np.median(seen.recording.stored("SSC-A")[seen.are(name)])) for name in LABELS
    }
    classical = "classical monocyte"
    assert cd14[classical] > 5 * cd14["non-classical monocyte"] > 5 * cd14["neutrophil"] / 2
    assert cd14["neutrophil"] > 5 * abs(cd14["T cell"])
    assert hla_dr["intermediate monocyte"] > 1.5 * hla_dr[classical]
    assert hla_dr["immature monocyte"] < 0.5 * hla_dr[classical]
    assert hla_dr["myeloid dendritic cell"] > hla_dr["B cell"] > 5 * hla_dr["activated T cell"]
    assert hla_dr["activated T cell"] > 20 * hla_dr["T cell"]
    assert side["T cell"] < side[classical] < side["immature granulocyte"] < side["neutrophil"]
    assert cd45["T cell"] > cd45[classical] > cd45["neutrophil"] > cd45["red cell"]
    assert side["eosinophil"] > side["neutrophil"]


def test_within_classical_monocytes_hla_dr_goes_with_cd14_and_with_size():
    seen = sample("sepsis")
    classical = seen.are("classical monocyte")
    hla_dr = np.log(seen.antibodies[classical])
    cd14 = np.log(compensated(seen, "PerCP-Cy5-5")[classical])
    size = np.log(seen.recording.stored("FSC-A")[classical])
    assert np.corrcoef(hla_dr, cd14)[0, 1] == pytest.approx(0.3, abs=0.1)
    assert np.corrcoef(hla_dr, size)[0, 1] == pytest.approx(0.3, abs=0.1)
    for matrix in (CELL_CORRELATION, MONOCYTE_CORRELATION):
        assert np.linalg.eigvalsh(matrix).min() > 0


def test_doublets_have_more_area_for_their_height_than_single_leukocytes():
    seen = sample("doublets_12")
    area, height = (seen.recording.stored(f"FSC-{feature}") for feature in "AH")
    # Where the detector is at its top the ratio says nothing.
    ratio = (area / height)[area < 262143]
    doublets = seen.are("doublet")[area < 262143]
    single = seen.are(*MONOCYTES, *LEUKOCYTES)[area < 262143]
    assert np.quantile(ratio[doublets], 0.1) > np.quantile(ratio[single], 0.995)
    width = seen.recording.stored("FSC-W")[area < 262143]
    np.testing.assert_allclose(width, 65536 * ratio, rtol=1e-4)


def test_cd14_of_a_third_moves_the_monocytes_and_nobody_else():
    full, third = (
        blood(replace(sepsis, cd14=share), canto(), np.random.default_rng(2))
        for share in (1, 1 / 3)
    )
    for label, ratio in (("classical monocyte", 1 / 3), ("neutrophil", 1.0)):
        found = median_of(third, "PerCP-Cy5-5", label) / median_of(full, "PerCP-Cy5-5", label)
        assert found == pytest.approx(ratio, rel=0.05)


def test_a_cocktail_with_cd64_lights_the_neutrophils_up():
    seen = sample("cd64_bright")
    share = median_of(seen, "PerCP-Cy5-5", "neutrophil") / median_of(
        seen, "PerCP-Cy5-5", "classical monocyte"
    )
    assert share == pytest.approx(CASES["cd64_bright"].granulocyte_cd14 / sepsis.cd14, rel=0.05)


def test_a_forgotten_stain_leaves_nothing_but_autofluorescence():
    seen = blood(replace(sepsis, staining=0.0), canto(), np.random.default_rng(1))
    assert seen.truth.abc == 0.0
    unit = canto().scale_per_unit("PE")
    assert abs(median_of(seen, "PE", *MONOCYTES)) < 60 * unit
    assert abs(median_of(seen, "PE", "B cell")) < 60 * unit


def test_two_pe_on_an_antibody_double_the_light_and_not_the_answer():
    one, two = (
        blood(replace(sepsis, fp_ratio=fp), canto(), np.random.default_rng(4)) for fp in (1.0, 2.0)
    )
    assert two.truth.abc == pytest.approx(one.truth.abc)
    assert geometric_mean(two.antibodies[two.monocytes]) == pytest.approx(two.truth.abc)
    assert two.truth.pe_molecules == pytest.approx(2 * one.truth.pe_molecules)
    pe = median_of(two, "PE", *MONOCYTES) / median_of(one, "PE", *MONOCYTES)
    assert pe == pytest.approx(2.0, rel=0.02)


def test_drift_dims_the_end_of_a_tube():
    seen = blood(replace(sepsis, drift=-0.3), canto(), np.random.default_rng(1))
    neutrophils = np.flatnonzero(seen.are("neutrophil"))
    side = seen.recording.stored("SSC-A")
    first, last = (np.median(side[part]) for part in np.array_split(neutrophils, 20)[::19])
    # The first twentieth sits at 1/40 of the way, the last at 39/40.
    assert last / first == pytest.approx((1 - 0.3 * 39 / 40) / (1 - 0.3 / 40), rel=0.03)


def test_time_runs_forward_at_the_instruments_rate():
    seen = sample("healthy")
    time = seen.recording.stored("Time").astype(float) * 0.01
    assert np.all(np.diff(time) >= 0)
    assert time[-1] == pytest.approx(60_000 / canto().rate, rel=0.05)
    started, ended = (seen.recording.keywords[key] for key in ("$BTIM", "$ETIM"))
    assert (started, ended[:5]) == ("09:31:07", "09:31")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"differential": {"monocyt": 1.0}}, "no such cells: monocyt"),
        ({"monocyte_subsets": {"monocyte": 1.0}}, "no such cells: monocyte"),
        ({"debris": 0.9, "doublets": 0.2}, "below 1"),
        ({"red_cells": -0.1}, "below 1"),
        ({"events": 0}, "needs an event"),
    ],
)
def test_a_tube_that_cannot_be_is_a_mistake(fault, message):
    with pytest.raises(ValueError, match=message):
        BloodSpec(**fault)
