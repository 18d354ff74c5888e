"""Three cytometers with settings a laboratory would use for this assay.

Numbers are assumed, of the size seen on such instruments, unless a source is named. What a
detector does to dim light is told by photo-electrons per molecule and stray light, the Q and B of
Chase and Hoffman, Cytometry 1998;33:267-279; PE is the brightest dye here, PerCP-Cy5.5 dimmer.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from hladr.arrays import FloatArray
from hladr.simulate.digitiser import Digitiser, FloatDigitiser, LinearDigitiser, LogDigitiser
from hladr.simulate.instrument import (
    Clock,
    Compensation,
    Detector,
    Feature,
    FileStyle,
    Instrument,
    Readout,
)
from hladr.simulate.particle import Source

# Photo-electrons of one unit of a source in the detector meant for it.
EFFICIENCY: Mapping[Source, float] = MappingProxyType(
    {
        Source.FORWARD: 20_000.0,
        Source.SIDE: 4_000.0,
        Source.FITC: 0.03,
        Source.PE: 0.08,
        Source.PERCP_CY55: 0.02,
        Source.CD45_DYE: 0.025,
    }
)
# Photo-electrons of one PE equivalent of autofluorescence, by the detector's own source: brightest
# in the blue and green. In the PE detector one equivalent is one PE molecule, by definition.
AUTOFLUORESCENCE: Mapping[Source, float] = MappingProxyType(
    {
        Source.FITC: 0.15,
        Source.PE: EFFICIENCY[Source.PE],
        Source.PERCP_CY55: 0.03,
        Source.CD45_DYE: 0.4,
    }
)
# The same for the dye of rainbow beads, which shines everywhere.
RAINBOW: Mapping[Source, float] = MappingProxyType(
    {
        Source.FITC: 0.06,
        Source.PE: EFFICIENCY[Source.PE],
        Source.PERCP_CY55: 0.05,
        Source.CD45_DYE: 0.03,
    }
)
# Share of a dye's own signal, in scale units, that shows in another detector (row: dye).
SPILL: Mapping[tuple[Source, Source], float] = MappingProxyType(
    {
        (Source.FITC, Source.PE): 0.18,
        (Source.FITC, Source.PERCP_CY55): 0.02,
        (Source.FITC, Source.CD45_DYE): 0.01,
        (Source.PE, Source.FITC): 0.012,
        (Source.PE, Source.PERCP_CY55): 0.16,
        (Source.PERCP_CY55, Source.PE): 0.004,
        (Source.PERCP_CY55, Source.CD45_DYE): 0.001,
        (Source.CD45_DYE, Source.FITC): 0.03,
        (Source.CD45_DYE, Source.PE): 0.012,
        (Source.CD45_DYE, Source.PERCP_CY55): 0.006,
    }
)


def light_matrix(detectors: tuple[Detector, ...]) -> FloatArray:
    """Photo-electrons in each detector from one unit of each source.

    `SPILL` is what one sees at these settings; dividing by the gains turns it into light, which
    stays the same when a voltage is changed later.
    """
    light = np.zeros((len(Source), len(detectors)))
    gains = {each.source: each.gain for each in detectors}
    for place, detector in enumerate(detectors):
        own = detector.source
        light[own, place] = EFFICIENCY[own]
        light[Source.AUTOFLUORESCENCE, place] = AUTOFLUORESCENCE.get(own, 0.0)
        light[Source.RAINBOW, place] = RAINBOW.get(own, 0.0)
        for (dye, seen_by), share in SPILL.items():
            if seen_by is own and dye in gains:
                light[dye, place] = share * EFFICIENCY[dye] * gains[dye] / detector.gain
    return light


def _columns(
    detector: str, features: str, digitiser: Digitiser, marker: str | None = None
) -> tuple[Readout, ...]:
    return tuple(
        Readout(f"{detector}-{letter}", detector, Feature(letter), digitiser, marker)
        for letter in features
    )


def canto() -> Instrument:
    """FACSCanto II with CD45 V500: floats, area, height and width, the matrix in the file."""
    digital = FloatDigitiser()
    detectors = (
        Detector("FSC", Source.FORWARD, gain=3.25, noise=150.0, stray=0.0, voltage=280.0),
        Detector("SSC", Source.SIDE, gain=4.0, noise=60.0, stray=50.0, voltage=385.0),
        Detector("FITC", Source.FITC, gain=20.0, noise=20.0, stray=5.0, voltage=430.0),
        Detector("PE", Source.PE, gain=8.75, noise=15.0, stray=4.0, voltage=410.0),
        Detector("PerCP-Cy5-5", Source.PERCP_CY55, gain=20.0, noise=25.0, stray=3.0, voltage=520.0),
        Detector("V500", Source.CD45_DYE, gain=10.0, noise=25.0, stray=8.0, voltage=450.0),
    )
    return Instrument(
        name="FACSCantoII",
        serial="V00000001",
        detectors=detectors,
        light=light_matrix(detectors),
        readouts=(
            *_columns("FSC", "AHW", digital),
            *_columns("SSC", "AHW", digital),
            *_columns("FITC", "A", digital),
            *_columns("PE", "AH", digital, "HLA-DR"),
            *_columns("PerCP-Cy5-5", "A", digital, "CD14"),
            *_columns("V500", "A", digital, "CD45"),
        ),
        beam_sigma=2.25,  # 9 µm across 1/e²
        clock=Clock(step=0.01, digitiser=digital, gain=0.01),
        style=FileStyle("FCS3.1", "F", "big"),
    )


def calibur() -> Instrument:
    """FACSCalibur: pulse heights in 10 bits, logarithmic amplifiers, compensated on board, no CD45.

    The amplifiers smooth the pulse: its height hardly depends on the length of the particle.
    Voltages stand in `$PnV`, as converted files have them; CellQuest itself keeps them elsewhere.
    """
    scatter = LinearDigitiser(range=1024, bits=16)
    log = LogDigitiser(ripple=0.005)
    detectors = (
        Detector("FSC", Source.FORWARD, gain=0.0125, noise=4.0, stray=0.0, voltage=None),
        Detector("SSC", Source.SIDE, gain=0.0185, noise=2.0, stray=50.0, voltage=360.0),
        Detector("FL1", Source.FITC, gain=1.0, noise=0.8, stray=6.0, voltage=600.0),
        Detector("FL2", Source.PE, gain=0.34, noise=0.5, stray=5.0, voltage=560.0),
        Detector("FL3", Source.PERCP_CY55, gain=0.9, noise=1.0, stray=4.0, voltage=650.0),
    )
    return Instrument(
        name="FACSCalibur",
        serial="E0001",
        detectors=detectors,
        light=light_matrix(detectors),
        readouts=(
            *_columns("FSC", "H", scatter),
            *_columns("SSC", "H", scatter),
            *_columns("FL1", "H", log),
            *_columns("FL2", "H", log, "HLA-DR PE"),
            *_columns("FL3", "H", log, "CD14 PerCP-Cy5.5"),
        ),
        beam_sigma=15.0,
        clock=Clock(step=0.1, digitiser=LinearDigitiser(range=1024, bits=16)),
        style=FileStyle("FCS2.0", "I", "big", gain=None),
        compensation=Compensation.ON_BOARD,
        threshold=52.0,
        rate=1000.0,
    )


def navios() -> Instrument:
    """Navios: 20-bit linear integers that stop at zero, Beckman's names, CD45 Krome Orange."""
    linear = LinearDigitiser(range=1 << 20)
    detectors = (
        Detector("FS", Source.FORWARD, gain=12.5, noise=500.0, stray=0.0, voltage=250.0),
        Detector("SS", Source.SIDE, gain=18.0, noise=250.0, stray=50.0, voltage=300.0),
        Detector("FL1", Source.FITC, gain=90.0, noise=60.0, stray=5.0, voltage=400.0),
        Detector("FL2", Source.PE, gain=37.5, noise=45.0, stray=5.0, voltage=420.0),
        Detector("FL4", Source.PERCP_CY55, gain=80.0, noise=80.0, stray=4.0, voltage=560.0),
        Detector("FL10", Source.CD45_DYE, gain=40.0, noise=80.0, stray=8.0, voltage=460.0),
    )

    def column(detector: str, what: str, feature: Feature, marker: str | None = None) -> Readout:
        return Readout(f"{detector} {what} LIN", detector, feature, linear, marker)

    return Instrument(
        name="Navios",
        serial="AW00001",
        detectors=detectors,
        light=light_matrix(detectors),
        readouts=(
            column("FS", "INT", Feature.AREA),
            column("FS", "PEAK", Feature.HEIGHT),
            column("FS", "TOF", Feature.WIDTH),
            column("SS", "INT", Feature.AREA),
            column("FL1", "INT", Feature.AREA),
            column("FL2", "INT", Feature.AREA, "HLA-DR-PE"),
            column("FL4", "INT", Feature.AREA, "CD14-PC5.5"),
            column("FL10", "INT", Feature.AREA, "CD45-KrOr"),
        ),
        beam_sigma=2.5,
        clock=Clock(step=0.01, digitiser=linear, name="TIME"),
        style=FileStyle("FCS3.1", "I", "little"),
        trigger="FS",
        threshold=20_000.0,
    )
