"""Labels of the field stay, names of people do not."""

import pytest

from hladr.channel_name import detector_name, pulse_feature
from hladr.deidentify.vocabulary import is_cytometer, is_technical, neutral_name
from hladr.spillover import already_compensated

LABELS = (
    "FSC-A", "SSC-H", "FSC-Width", "Time", "TIME", "PE-A", "Comp-PE-A", "<PE-A>", "FL2 INT LOG",
    "FS Lin", "PerCP-Cy5-5-A", "PerCP-Cy5.5-A", "PE-Tx-Red-YG-A", "Pacific Blue-A", "V500-A",
    "B1-A",
    "525/50Violet-A", "488/552nm PECy5.5 (710/40) LogH", "450/50 (355)-A", "HLA-DR", "HLA-DR PE",
    "HLADR", "CD14", "cd45 VioBlue-A", "CD16-PC5", "IgG1-PE", "IL-12", "TCRgd", "Anti-Monocyte",
    "CD64/CD14", "VIVID / CD14", "AF700 - CD45RO", "CD19;APC-H7;780/60@640/A", "Alexa Fluor™ 405-A",
    "Alexa-488-A", "Alexa 700-H", "Event Count", "SS Log", "Time LSW", "FSC-Width", "DR", "Mono-A",
    "PI", "Quantibrite HLA-DR", "QuantiBrite PE Beads", "R-PE-A", "CD14 KO", "HLA-DR Krome-Orange",
    "PerCPCyanine55-A", "Anti-Mono", "FS INT LOG", "HLA-DR-PB", "Cell_length", "PE-A", "DR-PE",
    "pStat3(Gd158)Dd", "DNA-1(Ir191)Dd", "viability;7-AAD;695/40@488/A", "Live/Dead Aqua", "YL2-A",
)  # fmt: skip
NAMES = (
    "Jane Roe", "Roe", "ROE^JANE", "Violet Lin", "Blue", "Müller", "Dr Who", "CD14 Roe", "Roe CD14",
    "CD14 19460317", "19460317", "PE 555 12 34", "555-0199", "17.03.1946", "CD3 Jane",
    "jane@roe.org",
    "Dr Green", "Dr. Max Green", "PI Max Lin", "DR. RED", "Ev Green", "Max Lin DR", "Dr. V. Blue",
    "Dr D. Orange", "PI: Violet Max", "Lin, Max (Dr)", "Tim3 Max", "Ki 67 Max Dr", "Mono Max",
    "Cell Max 123", "Dr. Ko", "Alexa Green", "PB Violet", "Channel-0123456789abcdef-A",
    "Kirsten", "Lymphia", "A. Bell", "B Green", "患者", "CD14 患者", "PE-A|X", "CD14\nRoe",
    "", "-", "12",
)  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_labels_of_detectors_dyes_and_antigens_are_known(label):
    assert is_technical(label)


@pytest.mark.parametrize("label", NAMES)
def test_what_can_be_a_name_or_a_number_of_somebody_is_not(label):
    assert not is_technical(label)


@pytest.mark.parametrize("model", ["FACSCantoII", "FACSCanto II", "LSRFortessa", "BD FACSLyric",
                                   "Cytomics FC 500", "CytoFLEX S", "Attune NxT"])  # fmt: skip
def test_cytometers_are_known(model):
    assert is_cytometer(model)


@pytest.mark.parametrize("model", ["Cytek xP3+: Rice Cytometer", "Main Aria (FACSAria)", "Dr Roe"])
def test_a_cytometer_with_a_laboratory_in_its_name_is_not(model):
    assert not is_cytometer(model)


@pytest.mark.parametrize(
    "name", ["Jane Roe", "Jane-A", "Comp-Jane Roe-A", "<Jane-H>", "Roe INT LOG"]
)
def test_a_new_name_keeps_pulse_feature_and_compensation_and_nothing_else(name):
    new = neutral_name(name, "0123456789abcdef")
    assert pulse_feature(new) == pulse_feature(name)
    assert already_compensated(new) == already_compensated(name)
    assert "jane" not in new.lower()
    assert "roe" not in new.lower()
    assert detector_name(new) == "Channel-0123456789abcdef"
