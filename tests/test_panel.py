"""Which channel is what: every platform's names, and every way to be misled."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from hladr.assay.definition import ChannelRule
from hladr.assay.loading import load_assay
from hladr.channel_name import canonical, detector_name, names_antigen, pulse_feature
from hladr.errors import HladrError
from hladr.fcs.reader import read_fcs
from hladr.fcs.table import EventTable
from hladr.panel import find_panel, stained_channel

SHARED_FCS = Path(__file__).resolve().parents[2] / "shared" / "fcs"
ASSAY = load_assay("quantibrite-340827")
SCATTER = ("FSC-A", "FSC-H", "SSC-A")
CD14 = "PerCP-Cy5-5-A=CD14"


def tube(*channels, **keywords):
    """A table of these channels, each ``$PnN`` or ``$PnN=$PnS``."""
    pairs = [channel.partition("=") for channel in channels]
    return EventTable.from_columns(
        {name: np.arange(3.0) for name, _, _ in pairs},
        markers={name: marker for name, _, marker in pairs if marker},
        keywords=keywords,
        name="tube.fcs",
    )


def roles(table, assay=ASSAY):
    panel = find_panel(table, assay)
    found = {field.name: getattr(panel, field.name) for field in dataclasses.fields(panel)}
    return {role: channel.name for role, channel in found.items() if channel is not None}


def refused(*channels):
    with pytest.raises(HladrError) as caught:
        find_panel(tube(*channels), ASSAY)
    return caught.value


PLATFORMS = {
    "FACSCalibur": (
        ("FSC-H", "SSC-H", "FL1-H", "FL2-H", "FL3-H", "FL4-H", "Time"),
        {"hla_dr": "FL2-H", "cd14": "FL3-H", "fsc": "FSC-H", "ssc": "SSC-H", "time": "Time"},
    ),
    "FACSCalibur, labelled": (
        ("FSC-H", "SSC-H", "FL1-H", "FL2-H=anti-HLA-DR PE", "FL3-H=Anti-Mono", "FL2-A", "Time"),
        {"hla_dr": "FL2-H", "cd14": "FL3-H", "fsc": "FSC-H", "ssc": "SSC-H", "time": "Time"},
    ),
    "FACSCanto II": (
        (*SCATTER, "FITC-A", "PE-A", "PerCP-Cy5-5-A", "PE-Cy7-A", "APC-A", "Time"),
        {"hla_dr": "PE-A", "cd14": "PerCP-Cy5-5-A", "fsc_height": "FSC-H", "time": "Time"},
    ),
    "FACSLyric": (
        (*SCATTER, "PE-A", "PerCP-Cy5.5-A", "V500-C-A=CD45"),
        {"hla_dr": "PE-A", "cd14": "PerCP-Cy5.5-A", "cd45": "V500-C-A"},
    ),
    "FC 500": (
        ("FS", "SS", "FL1 INT LOG=CD14-FITC", "FL2 INT LOG=HLA-DR-PE", "FL3 INT LOG", "TIME"),
        {"hla_dr": "FL2 INT LOG", "cd14": "FL1 INT LOG", "fsc": "FS", "ssc": "SS", "time": "TIME"},
    ),
    "Navios": (
        ("FS INT LIN", "FS PEAK LIN", "FS TOF LIN", "SS INT LIN", "FL2 INT LIN=HLA-DR-PE",
         "FL4 INT LIN=CD14-PC5.5", "FL10 INT LIN=CD45-KrOr", "TIME"),
        {"hla_dr": "FL2 INT LIN", "cd14": "FL4 INT LIN", "cd45": "FL10 INT LIN",
         "fsc": "FS INT LIN", "fsc_height": "FS PEAK LIN", "ssc": "SS INT LIN"},
    ),
    "Navios, markers as names": (
        ("FS INT LIN", "SS INT LIN", "HLA-DR-PE", "CD14-PC5.5", "CD45-KrOr", "TIME"),
        {"hla_dr": "HLA-DR-PE", "cd14": "CD14-PC5.5", "cd45": "CD45-KrOr"},
    ),
    "CytoFLEX": (
        (*SCATTER, "FITC-A", "PE-A", "PC5.5-A", "Time"),
        {"hla_dr": "PE-A", "cd14": "PC5.5-A"},
    ),
    "Aurora, unmixed": (
        (*SCATTER, "PE-A=HLA-DR", "PerCP-Cy5.5-A=CD14", "BV510-A=CD45"),
        {"hla_dr": "PE-A", "cd14": "PerCP-Cy5.5-A", "cd45": "BV510-A"},
    ),
    "MACSQuant": ((*SCATTER, "B1-A", "B2-A", "B3-A"), {"hla_dr": "B2-A", "cd14": "B3-A"}),
    "Attune, blue": ((*SCATTER, "BL1-A", "BL2-A", "BL3-A"), {"hla_dr": "BL2-A", "cd14": "BL3-A"}),
    "Attune, yellow": (
        (*SCATTER, "BL1-A=CD14 FITC", "YL1-A=HLA-DR PE"),
        {"hla_dr": "YL1-A", "cd14": "BL1-A"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_names_of_each_platform(platform):
    channels, expected = PLATFORMS[platform]
    found = roles(tube(*channels))
    assert {role: found.get(role) for role in expected} == expected


@pytest.mark.parametrize(
    "label",
    [
        "HLA-DR",
        "HLADR",
        "hla-dr",
        "HLA DR",
        "DR",
        "HLA-DR PE",
        "anti-HLA-DR",
        "HLA-DR L243",
        "Quantibrite HLA-DR",
        "Quantibrite Anti-HLA-DR PE",
    ],
)
def test_spellings_of_hla_dr(label):
    """The label decides against another dye-named channel without one."""
    assert roles(tube(*SCATTER, f"PE-A={label}", CD14))["hla_dr"] == "PE-A"


@pytest.mark.parametrize(
    "label",
    [
        "CD14",
        "cd14",
        "CD14 PerCP-Cy5.5",
        "Mono",
        "Anti-Mono",
        "CD64/CD14",
        "CD14 APC-H7",
        "CD14 V450",
    ],
)
def test_spellings_of_the_monocyte_stain(label):
    assert roles(tube(*SCATTER, "PE-A=HLA-DR", f"APC-A={label}", "FITC-A=CD3"))["cd14"] == "APC-A"


@pytest.mark.parametrize(
    "label", ["VIVID / CD14", "CD142", "CD14/CD16", "CD3 CD14 CD19", "not CD14", "Monensin"]
)
def test_another_antigen_is_not_cd14(label):
    refusal = refused(*SCATTER, "PE-A=HLA-DR", f"PerCP-Cy5-5-A={label}")
    assert refusal.code == "CHANNEL_NOT_FOUND"
    assert label in str(refusal)  # what was found


@pytest.mark.parametrize(
    "label", ["TCR Va7.2", "HLA-DR,DP,DQ", "HLA-DR isotype", "HLA-ABC", "CD3", "DR5"]
)
def test_pe_with_another_antigen_is_not_hla_dr(label):
    assert refused(*SCATTER, f"PE-A={label}", CD14).code == "CHANNEL_NOT_FOUND"


def test_cd45_is_optional_and_not_cd45ra():
    found = roles(tube(*SCATTER, "PE-A=HLA-DR", CD14, "V500-A=CD45RA"))
    assert "cd45" not in found


@pytest.mark.parametrize(
    "channels",
    [
        ("PE-A=HLA-DR", "APC-A=HLA-DR", CD14),
        ("PE-A=HLA-DR", "APC-A=CD14", CD14),
        ("BL2-A", "YL1-A", CD14),
        ("PE-A=HLA-DR", CD14, "V500-A=CD45", "APC-A=CD45"),
        ("PE-A=HLA-DR", "APC-H=HLA-DR", CD14),
        ("PE-A=HLA-DR", "pe-a=HLA-DR", CD14),
    ],
)
def test_two_that_match_are_refused_by_name(channels):
    refusal = refused(*SCATTER, *channels)
    assert refusal.code == "AMBIGUOUS_CHANNEL"
    assert len(refusal.channels) == 2
    assert all(name in str(refusal) for name in refusal.channels)


@pytest.mark.parametrize(
    "wrong", ["FITC-A", "APC-A", "PerCP-Cy5-5-A", "FL1-H", "FL3 INT LIN", "BL1-A"]
)
def test_hla_dr_on_a_detector_that_sees_no_pe_is_refused(wrong):
    """PE beads calibrate the PE detector and no other."""
    refusal = refused(*SCATTER, f"{wrong}=HLA-DR", "V450-A=CD14")
    assert refusal.code == "MARKER_ON_OTHER_DYE"
    assert wrong in str(refusal)


def test_area_is_taken_before_height_and_width_never():
    found = roles(tube(*SCATTER, "PE-H=HLA-DR", "PE-W=HLA-DR", "PE-A=HLA-DR", CD14))
    assert found["hla_dr"] == "PE-A"
    assert roles(tube(*SCATTER, "PE-H=HLA-DR", "PE-W=HLA-DR", CD14))["hla_dr"] == "PE-H"
    assert refused(*SCATTER, "PE-W=HLA-DR", CD14).code == "CHANNEL_NOT_FOUND"


def test_the_calibur_measures_on_its_log_amplifier_not_on_the_linear_area_beside_it():
    channels = ("FSC-H", "SSC-H", "FL1-H", "FL2-H", "FL3-H", "FL2-A", "Time")
    table = tube(*channels)
    amplified = tuple(
        dataclasses.replace(c, log_decades=4.0 if c.name in {"FL1-H", "FL2-H", "FL3-H"} else 0.0)
        for c in table.channels
    )
    dataset = dataclasses.replace(table.dataset, channels=amplified)
    assert roles(dataclasses.replace(table, dataset=dataset))["hla_dr"] == "FL2-H"


def test_compensated_columns_are_taken_before_the_raw_ones():
    found = roles(
        tube(*SCATTER, "PE-A=HLA-DR", "Comp-PE-A=HLA-DR", CD14, "FJComp-PerCP-Cy5-5-A=CD14")
    )
    assert (found["hla_dr"], found["cd14"]) == ("Comp-PE-A", "FJComp-PerCP-Cy5-5-A")


@pytest.mark.parametrize("label", ["Quantibrite", "Quantibrite PE", "QuantiBRITE PE beads"])
def test_a_label_of_the_beads_is_no_antigen(label):
    assert stained_channel(tube(f"PE-A={label}"), "hla_dr", ASSAY.channels["hla_dr"]).name == "PE-A"


@pytest.mark.parametrize("missing", ["FSC-A", "SSC-A"])
def test_scatter_is_needed(missing):
    channels = [name for name in ("FSC-A", "SSC-A", "PE-A=HLA-DR", CD14) if name != missing]
    refusal = refused(*channels)
    assert refusal.code == "CHANNEL_NOT_FOUND"
    assert "scatter" in str(refusal)


def test_one_channel_is_not_two_stains():
    greedy = ChannelRule(markers=("CD14",), dyes=("PE",))
    own = dataclasses.replace(ASSAY, channels={**ASSAY.channels, "cd14": greedy})
    with pytest.raises(HladrError) as caught:
        find_panel(tube(*SCATTER, "PE-A"), own)
    assert caught.value.code == "CHANNEL_NOT_FOUND"


def test_a_label_on_one_assays_dye_is_right_for_that_assay():
    rule = ChannelRule(markers=("MHCII",), dyes=("PerCP-Cy5.5",))
    own = dataclasses.replace(ASSAY, channels={**ASSAY.channels, "hla_dr": rule})
    table = tube(*SCATTER, "PerCP-Cy5-5-A=MHCII", "PE-Cy7-A=CD14")
    assert roles(table, own)["hla_dr"] == "PerCP-Cy5-5-A"


@pytest.mark.parametrize(
    ("name", "detector", "feature"),
    [
        ("PE-A", "PE", "area"),
        ("Comp-PE-A", "PE", "area"),
        ("FJComp-PE-A", "PE", "area"),
        ("<PE-H>", "PE", "height"),
        ("FL2 INT LOG", "FL2", "area"),
        ("FS PEAK LIN", "FS", "height"),
        ("FS TOF LIN", "FS", "width"),
        ("FL2-H", "FL2", "height"),
        ("PE", "PE", "unknown"),
        ("PerCP-Cy5-5-A", "PerCP-Cy5-5", "area"),
        ("APC-H7-A", "APC-H7", "area"),
        ("Width", "Width", "unknown"),
    ],
)
def test_detector_and_pulse_feature_of_a_name(name, detector, feature):
    assert detector_name(name) == detector
    assert pulse_feature(name) == feature


def test_words_are_compared_without_spelling():
    assert canonical("PerCP-Cy5.5") == canonical("percp cy5-5")
    assert names_antigen("CD14 PE", ["CD14"])
    assert not names_antigen("CD140a", ["CD14"])


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("human/OMIP021_Donor1.fcs", "CHANNEL_NOT_FOUND"),  # PE is TCR Va7.2
        ("human/100715.fcs", "CHANNEL_NOT_FOUND"),  # CD14 only in the dump channel
        ("human/SDY736_Hs90208.fcs", "CHANNEL_NOT_FOUND"),  # PE is CD62L
        ("human/SDY420_cytof_11059.fcs", None),  # mass cytometry: no scatter, no PE
    ],
)
def test_real_files_of_other_panels_are_refused(file, code):
    if not (SHARED_FCS / file).exists():
        pytest.skip("the shared corpus is not beside the checkout")
    with pytest.raises(HladrError) as caught:
        find_panel(read_fcs(SHARED_FCS / file), ASSAY)
    assert code is None or caught.value.code == code
