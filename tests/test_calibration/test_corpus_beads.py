"""Real bead files, read by FlowIO, gated by a crude box around the scatter peak."""

import flowio
import numpy as np
import pytest

from calibration import (
    BeadLot,
    BeadPeaksNotFound,
    CalibrationError,
    LevelCountMismatch,
    calibrate,
    find_populations,
)

pytestmark = pytest.mark.corpus

DAKO = "blank,1500,4400,14500,43800,131200"
RCP_30_5A = "blank,792,2079,6588,16471,47497,137049,271647"


def columns(path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_args, **_options: None)
        data = flowio.FlowData(str(path), ignore_offset_error=True)
        events = data.as_array(preprocess=True)
    names = [data.channels[number]["pnn"] for number in sorted(data.channels)]
    return {
        name: np.array(column, dtype=float) for name, column in zip(names, events.T, strict=True)
    }


def singlets(table):
    """Events within 35 % of the commonest forward and side scatter."""
    inside = np.ones(table["FSC-A"].size, dtype=bool)
    for name in ("FSC-A", "SSC-A"):
        log = np.log(table[name].clip(1.0))
        counts, edges = np.histogram(log, bins=80)
        smooth = np.convolve(counts, np.ones(3), mode="same")
        inside &= np.abs(log - edges[np.argmax(smooth)]) < 0.35
    return inside


def beads(corpus, file, channel, *, gated=True):
    table = columns(corpus / "beads" / file)
    return table[channel][singlets(table)] if gated else table[channel]


def test_dako_beads_give_the_makers_values_back(corpus):
    values = beads(corpus, "flowBeads_dako6_day1_LSRII.fcs", "PE-A")
    curve = calibrate(values, BeadLot.parse(DAKO), saturation=262143.0)
    assert curve.accepted
    assert 0.95 < curve.slope < 1.0
    assert curve.r_squared > 0.999
    assert [peak.fitted for peak in curve.peaks] == [False, *[True] * 5]
    for peak in curve.peaks[1:]:
        assert abs(peak.residual_percent) < 5.0
        assert 650 < peak.events < 900
    inverted = curve.molecules(curve.fluorescence(np.array(curve.lot.values)))
    assert inverted == pytest.approx(curve.lot.values)


def test_dako_peaks_hardly_move_without_the_gate(corpus):
    file = "flowBeads_dako6_day1_LSRII.fcs"
    lot = BeadLot.parse(DAKO)
    gated = calibrate(beads(corpus, file, "PE-A"), lot, saturation=262143.0)
    everything = calibrate(beads(corpus, file, "PE-A", gated=False), lot, saturation=262143.0)
    for ours, theirs in zip(gated.peaks[1:], everything.peaks[1:], strict=True):
        assert ours.geometric_mean == pytest.approx(theirs.geometric_mean, rel=0.007)


@pytest.mark.parametrize(
    ("file", "channel", "n_peaks"),
    [
        ("rainbow8_Fortessa_2015.fcs", "PE-A", 8),
        ("rainbow8_Fortessa_2015.fcs", "PE-YG-A", 8),
        ("rainbow8_Fortessa_400V.fcs", "670/14 (640)-A", 8),
        ("rainbow8_Fortessa_500V.fcs", "670/14 (640)-A", 8),
        ("rainbow8_Fortessa_500V.fcs", "586/15 (561)-A", 8),
        ("Attune_8peak_beads.fcs", "BL1-A", 8),
        ("Attune_8peak_beads.fcs", "BL2-H", 8),
        ("flowBeads_dako6_day1_LSRII.fcs", "APC-A", 6),
        ("flowBeads_dako6_day1_LSRII.fcs", "Pacific Blue-A", 6),
    ],
)
def test_every_peak_of_real_beads_is_found(corpus, file, channel, n_peaks):
    found = find_populations(beads(corpus, file, channel), saturation=None)
    assert len(found.beads) == n_peaks
    largest, smallest = (pick(bead.events for bead in found.beads) for pick in (max, min))
    assert smallest > 0.6 * largest  # the maker mixes them in equal numbers


def test_rainbow_beads_at_the_top_of_the_detector_are_seen_there(corpus):
    found = find_populations(
        beads(corpus, "rainbow8_Fortessa_2015.fcs", "PE-Texas_Red-A"), saturation=262143.0
    )
    assert len(found.beads) == 8
    assert found.beads[7].saturated_fraction == 1.0


def test_rainbow_beads_do_not_pass_for_a_four_level_lot(corpus):
    values = beads(corpus, "rainbow8_Fortessa_2015.fcs", "PE-A")
    with pytest.raises(LevelCountMismatch, match="4 levels, the beads show 8 peaks"):
        calibrate(values, BeadLot.parse("474,5359,23843,62336"), saturation=262143.0)


@pytest.mark.parametrize("lot", [RCP_30_5A, "474,5359,23843,62336", "792,2079,6588"])
@pytest.mark.parametrize("channel", ["PE-YG-A", "FITC-A"])
def test_a_channel_with_too_little_gain_is_not_calibrated(corpus, channel, lot):
    values = beads(corpus, "tasbe_beads_RCP-30-5A_LSRII.fcs", channel)
    try:
        curve = calibrate(values, BeadLot.parse(lot), saturation=262143.0)
    except CalibrationError:
        return
    assert not curve.accepted


BLOOD = [
    "100715.fcs",
    "a2004_O1T2pb05i_A2_A02.fcs",
    "Aurora_raw_ND050.fcs",
    "OMIP021_Donor1.fcs",
    "PeacoQC_111.fcs",
    "SDY736_Hs90208.fcs",
    "itn_02.fcs",
    "CytoDx_AML_sample1.fcs",
]
NO_DYE = ("FSC", "SSC", "TIME", "FS ", "SS ", "ORIGINAL")


@pytest.mark.parametrize("file", BLOOD)
def test_no_channel_of_blood_passes_for_beads(corpus, file):
    lots = [BeadLot.parse(v) for v in ("474,5359,23843,62336", "blank,1500,4400,14500,43800")]
    tried, refused_as_no_beads = 0, 0
    for name, values in columns(corpus / "human" / file).items():
        if name.upper().startswith(NO_DYE):
            continue
        for lot in lots:
            tried += 1
            with pytest.raises(CalibrationError) as caught:
                calibrate(values, lot, saturation=None)
            refused_as_no_beads += caught.type is BeadPeaksNotFound
    assert tried >= 8
    assert refused_as_no_beads > tried / 2
