from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.simulate.acquisition import measure, spillover_text
from hladr.simulate.instrument import PMT_POWER
from hladr.simulate.multiplet import pass_by
from hladr.simulate.particle import Particles, Source
from hladr.simulate.platform import SPILL, calibur, canto, navios

PLATFORMS = [canto, calibur, navios]
N = 40_000


def same(n=N, **sources):
    """Particles alike, of the size of a lymphocyte."""
    emission = np.zeros((n, len(Source)))
    for name, amount in sources.items():
        emission[:, Source[name]] = amount
    return Particles(np.zeros(n, np.intp), np.full(n, 7.5), emission)


def quiet(instrument):
    """No noise, no stray light, a steady stream: photo-electrons alone are left."""
    return replace(
        instrument,
        detectors=tuple(replace(d, noise=0.0, stray=0.0) for d in instrument.detectors),
        pulse_cv=0.0,
        illumination_cv=0.0,
    )


def areas(who, instrument, seed=1):
    passages = pass_by(who, (who.count, 0, 0), (0, 0), np.random.default_rng(seed))
    return measure(passages, instrument, np.random.default_rng(seed + 1)).area


def by_source(instrument, source):
    return [d.source for d in instrument.detectors].index(source)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("molecules", [200, 20_000])
def test_variance_of_pure_light_is_mean_times_gain(platform, molecules):
    instrument = quiet(platform())
    pe = areas(same(PE=molecules), instrument)[:, by_source(instrument, Source.PE)]
    gain = instrument.gains[by_source(instrument, Source.PE)]
    # Relative standard error of a variance over a mean: sqrt(2 / N); five of them.
    assert pe.var() / pe.mean() == pytest.approx(gain, rel=5 * np.sqrt(2 / N))
    steps = pe / gain
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_reads_zero_with_the_noise_of_electronics_and_stray_light(platform):
    instrument = platform()
    dark = areas(same(), instrument)
    for place, detector in enumerate(instrument.detectors):
        variance = detector.noise**2 + detector.gain**2 * detector.stray
        assert dark[:, place].mean() == pytest.approx(0.0, abs=5 * np.sqrt(variance / N))
        assert dark[:, place].var() == pytest.approx(variance, rel=0.06)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_pe_molecule_and_a_pe_equivalent_of_autofluorescence_are_one_to_the_pe_detector(platform):
    instrument = platform()
    place = by_source(instrument, Source.PE)
    assert (
        instrument.light[Source.AUTOFLUORESCENCE, place]
        == instrument.light[Source.PE, place]
        == instrument.light[Source.RAINBOW, place]
    )


def matrix_of(text):
    """Read `$SPILLOVER` by the letter of the standard."""
    count, *rest = text.split(",")
    n = int(count)
    return rest[:n], np.array(rest[n:], float).reshape(n, n)


@pytest.mark.parametrize("platform", [canto, navios])
def test_compensation_with_the_written_matrix_gives_each_dye_alone(platform):
    instrument = platform()
    stain = {"PE": 2_000, "PERCP_CY55": 50_000, "CD45_DYE": 60_000}
    names, matrix = matrix_of(spillover_text(instrument))
    area = {r.name: r.detector for r in instrument.readouts}
    places = [instrument.column(area[name]) for name in names]
    spilled = areas(same(**stain), instrument)[:, places]
    compensated = spilled @ np.linalg.inv(matrix)
    for column, place in enumerate(places):
        detector = instrument.detectors[place]
        expected = stain.get(detector.source.name, 0) * instrument.scale_per_unit(detector.name)
        error = compensated[:, column].std() / np.sqrt(N)
        assert compensated[:, column].mean() == pytest.approx(expected, abs=5 * error)
    pe = [instrument.detectors[p].source for p in places].index(Source.PE)
    raw_error = (
        spilled[:, pe].mean() / (stain["PE"] * instrument.scale_per_unit(area[names[pe]])) - 1
    )
    assert raw_error > 0.1  # otherwise the test shows nothing


@pytest.mark.parametrize("platform", PLATFORMS)
def test_spillover_follows_from_light_and_is_what_the_settings_show(platform):
    instrument = platform()
    sources = [instrument.detectors[p].source for p in instrument.fluorescence]
    for row, dye in enumerate(sources):
        for column, seen_by in enumerate(sources):
            share = 1.0 if dye is seen_by else SPILL.get((dye, seen_by), 0.0)
            assert instrument.spillover()[row, column] == pytest.approx(share)


@given(voltage=st.floats(300, 600))
def test_voltage_changes_gain_and_spillover_together_but_not_light(voltage):
    before = canto()
    after = before.at_voltage("PE", voltage)
    ratio = (voltage / 410.0) ** PMT_POWER
    assert after.scale_per_unit("PE") == pytest.approx(ratio * before.scale_per_unit("PE"))
    np.testing.assert_array_equal(after.light, before.light)
    pe, percp = 1, 2
    assert after.spillover()[pe, percp] == pytest.approx(before.spillover()[pe, percp] / ratio)
    assert after.spillover()[percp, pe] == pytest.approx(before.spillover()[percp, pe] * ratio)
    np.testing.assert_array_equal(np.diag(after.spillover()), 1.0)


def test_without_a_detector_its_dye_is_not_there_either():
    bare = canto().without("V500")
    assert not bare.light[Source.CD45_DYE].any()
    assert [r.name for r in bare.readouts if "V500" in r.name] == []
    full = canto().spillover()
    np.testing.assert_array_equal(bare.spillover(), full[:3, :3])


def test_light_that_does_not_fit_the_detectors_is_a_mistake():
    with pytest.raises(ValueError, match="light needs the shape"):
        replace(canto(), light=np.ones((2, 2)))
    with pytest.raises(ValueError, match="APC"):
        canto().column("APC")
