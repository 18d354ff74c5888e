"""A whole result made by hand: blood and beads drawn from plain distributions, nothing gated."""

import dataclasses
import datetime as dt
from html.parser import HTMLParser

import numpy as np
import pytest

from calibration import BeadLot, Provenance, Term, calibrate, combine, interval
from calibration.finding import Finding, Severity
from hladr.context import Context
from hladr.criterion import AbcEvidence, classify, load_criterion
from hladr.evidence import Axis, BeadEvidence, GateView, SampleEvidence
from hladr.fcs.table import Channel
from hladr.ferritin import parse_ferritin
from hladr.internal_control import InternalControl
from hladr.measurement import DefinitionReference, SampleIdentity
from hladr.population import all_events, gated
from hladr.result import AbcResult, Gating, HlaDr

ABC = 3394.2
TOP = 262143.0
ASSIGNED = (474.0, 5359.0, 23843.0, 62336.0)
NOTE = Finding(
    "DRAW_TIME_UNKNOWN",
    Severity.NOTE,
    "The time of the blood draw was not given, so the age of the sample is not checked. "
    "Enter it with the sample.",
)
WARN = Finding(
    "BEADS_OTHER_DAY",
    Severity.WARN,
    "Beads were run on 2026-03-13, the sample on 2026-03-14. Use beads of the day, or sign that "
    "the instrument was not touched in between.",
)
REJECT = Finding(
    "VOLTAGE_DIFFERS",
    Severity.REJECT,
    "PE-A stood at 480 V for the beads and 505 V for the sample; the curve does not hold. Run "
    "beads at the sample's settings.",
)

PE = Channel(5, "PE-A", "HLA-DR", 32, 262144.0, 0.0, 1.0, 1.0, 480.0)


def make_beads(rng, n=10_000):
    """PE, forward and side scatter; one in twelve a doublet, a few hundred debris."""
    level = rng.choice(np.array(ASSIGNED), n, p=(0.24, 0.26, 0.25, 0.25))
    pe = 1.17 * level**1.012 * rng.lognormal(0.0, 0.055, n) + rng.normal(0.0, 25.0, n)
    fsc, ssc = rng.normal(90e3, 5e3, n), rng.normal(60e3, 6e3, n)
    double = rng.random(n) < 0.08
    pe[double] += pe[rng.permutation(n)][double]
    fsc[double] *= 1.8
    pe[:300] = rng.exponential(60.0, 300)
    fsc[:300] = rng.exponential(15e3, 300)
    singlets = (fsc > 70e3) & (fsc < 110e3)
    return BeadEvidence(np.minimum(pe, TOP), singlets, fsc, ssc)


def make_curve(beads):
    return calibrate(
        beads.values[beads.singlets],
        BeadLot(ASSIGNED, "BD", "Quantibrite PE", "96597", dt.date(2027, 5, 31)),
        saturation=TOP,
        provenance=Provenance(
            file="beads_2026-03-14.fcs",
            sha256="b" * 64,
            cytometer="FACSCanto II",
            serial="V96300123",
            detector="PE-A",
            voltage=480.0,
            gain=1.0,
            acquired_at=dt.datetime(2026, 3, 14, 8, 2, 11),  # noqa: DTZ001 - FCS has no zones
        ),
    )


# name: share, FSC-A, SSC-A, CD14, HLA-DR; medians and log SD of each
CELLS = {
    "granulocytes": (0.55, (95e3, 0.14), (120e3, 0.20), (420, 0.5), (180, 0.5)),
    "lymphocytes": (0.20, (52e3, 0.12), (16e3, 0.22), (90, 0.6), (110, 0.5)),
    "b cells": (0.03, (55e3, 0.12), (17e3, 0.22), (95, 0.6), (38e3, 0.35)),
    "monocytes": (0.075, (100e3, 0.11), (48e3, 0.18), (9e3, 0.35), (None, 0.55)),
    "debris": (0.145, (14e3, 0.45), (9e3, 0.6), (40, 0.8), (40, 0.8)),
}


def make_blood(rng, curve, n=60_000):
    """Columns by role and the kind of every event."""
    names = list(CELLS)
    kind = rng.choice(len(names), n, p=[CELLS[name][0] for name in names])
    rows = {"fsc": 1, "ssc": 2, "cd14": 3, "hla_dr": 4}
    medians = {
        role: np.array([CELLS[name][k][0] or curve.fluorescence(ABC) for name in names])
        for role, k in rows.items()
    }
    spreads = {role: np.array([CELLS[name][k][1] for name in names]) for role, k in rows.items()}
    columns = {
        role: medians[role][kind] * np.exp(spreads[role][kind] * rng.normal(size=n))
        for role in rows
    }
    for role in ("cd14", "hla_dr"):
        columns[role] = np.minimum(columns[role] + rng.normal(0.0, 60.0, n), TOP)
    columns["fsc_height"] = 0.92 * columns["fsc"] * rng.normal(1.0, 0.02, n)
    double = rng.random(n) < 0.04
    columns["fsc_height"][double] *= 0.68
    columns["time"] = np.sort(rng.uniform(0.0, 92.0, n))
    return columns, kind, ~double


AXES = {
    "time": Axis("time", "Time, s", "linear"),
    "fsc": Axis("fsc", "FSC-A", "linear"),
    "fsc_height": Axis("fsc_height", "FSC-H", "linear"),
    "ssc": Axis("ssc", "SSC-A", "log"),
    "cd14": Axis("cd14", "CD14 (PerCP-Cy5-5-A)", "logicle"),
    "hla_dr": Axis("hla_dr", "HLA-DR (PE-A)", "logicle"),
}
OUTLINES = {
    "steady events": ((2.0, -np.inf), (91.0, -np.inf), (91.0, np.inf), (2.0, np.inf)),
    "singlets": ((0.0, 0.0), (2.2e5, 1.88e5), (2.2e5, 2.2e5), (0.0, 0.0)),
    "leukocytes": ((3e4, 6e3), (6e4, 6e3), (2.2e5, 4e4), (2.2e5, 3e5), (6e4, 3e5), (3e4, 5e4)),
    "monocytes": ((2.5e3, 3e4), (9e3, 2.2e4), (4e4, 3e4), (4e4, 9e4), (9e3, 1e5), (2.5e3, 7e4)),
}


def make_evidence(columns):
    pairs = {
        "steady events": ("time", "fsc"),
        "singlets": ("fsc", "fsc_height"),
        "leukocytes": ("fsc", "ssc"),
        "monocytes": ("cd14", "ssc"),
    }
    parents = (None, "steady events", "singlets", "leukocytes")
    lymphocyte = (columns["cd14"] < 600) & (columns["ssc"] < 3e4) & (columns["fsc"] > 35e3)
    return SampleEvidence(
        columns=columns,
        channels={"hla_dr": "PE-A", "cd14": "PerCP-Cy5-5-A", "fsc": "FSC-A", "ssc": "SSC-A"},
        views=tuple(
            GateView(name, parent, AXES[x], AXES[y], (np.array(OUTLINES[name]),))
            for (name, (x, y)), parent in zip(pairs.items(), parents, strict=True)
        ),
        detector_top=TOP,
        negative=lymphocyte & (columns["hla_dr"] < 2000),
        bright=lymphocyte & (columns["hla_dr"] > 8000),
        software="FACSDiva",
    )


def make_populations(columns, kind, single):
    steady = gated(all_events("all events", kind.size), "steady events", columns["time"] > 2.0)
    singlets = gated(steady, "singlets", single)
    leukocytes = gated(singlets, "leukocytes", kind != 4)
    return steady, singlets, leukocytes, gated(leukocytes, "monocytes", kind == 3)


def make_measured(curve, values, abc=ABC):
    fluorescence = curve.fluorescence(abc)
    terms = (
        curve.curve_term(fluorescence),
        Term("counting", 0.0062, float(values.size - 1)),
        Term("gate", 0.0081, 4.0),
        curve.model_term(fluorescence),
    )
    both = combine((*terms, Term("repeatability", 0.032)))
    return HlaDr(
        abc=abc,
        ci95=interval(abc, both),
        ci95_analysis=interval(abc, combine(terms)),
        interval_terms=both.terms,
        not_included=("fp_ratio", "bead_values"),
        statistic="geometric_mean",
        abc_median=1.0127 * abc,
        mfi=fluorescence,
        monocytes=values.size,
        nonpositive_fraction=0.0,
        fp_ratio=1.0,
        range="within",
    ), both


def make_result():
    rng = np.random.default_rng(20260314)
    beads = make_beads(rng)
    curve = make_curve(beads)
    columns, kind, single = make_blood(rng, curve)
    populations = make_populations(columns, kind, single)
    measured, both = make_measured(curve, columns["hla_dr"][populations[-1].mask])
    evidence = make_evidence(columns)
    return AbcResult(
        sample=SampleIdentity(
            "patient_017_d1.fcs",
            "a" * 64,
            kind.size,
            "FACSCanto II",
            "V96300123",
            "2026-03-14T09:31:07",
        ),
        detector=PE,
        criterion=load_criterion("immunosep-2025"),
        context=Context(subject="S-017", tube_type="EDTA", visit="day 1"),
        assay=DefinitionReference("quantibrite-340827", "1", "c" * 64),
        curve=curve,
        gating=Gating("automatic", None, 0.98, populations),
        measured=measured,
        internal_control=InternalControl(
            29_412.7, int(evidence.bright.sum()), 88.1, int(evidence.negative.sum())
        ),
        classification=classify(
            load_criterion("immunosep-2025"),
            abc=AbcEvidence(ABC, both.relative, both.dof),
            ferritin=parse_ferritin("812"),
        ),
        findings=(NOTE,),
        evidence=evidence,
        bead_evidence=beads,
    )


@pytest.fixture(scope="session")
def passed():
    """A result without a doubt."""
    return make_result()


@pytest.fixture(scope="session")
def reviewed(passed):
    """The same with a warning, listed after the note."""
    return dataclasses.replace(passed, findings=(NOTE, WARN))


@pytest.fixture(scope="session")
def rejected(passed):
    """The same measured with other settings: no class rests on HLA-DR."""
    criterion = load_criterion("immunosep-2025")
    unclassified = classify(criterion, abc=None, ferritin=parse_ferritin("812"))
    return dataclasses.replace(passed, findings=(NOTE, REJECT, WARN), classification=unclassified)


class Page(HTMLParser):
    """What a browser makes of a page: elements, attributes and text, entities resolved."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag not in {"meta", "br"}:
            self.open.append((tag, attributes.get("class") or ""))

    def handle_endtag(self, tag):
        opened, _ = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data):
        self.texts.append((tuple(self.open), data))

    def text(self, *, within=None, without=None):
        """Text of the body inside (outside) elements of a class, runs of spaces made one."""

        def has(path, name):
            return any(name in classes.split() for _, classes in path)

        parts = [
            data
            for path, data in self.texts
            if not any(tag == "style" for tag, _ in path)
            and (within is None or has(path, within))
            and (without is None or not has(path, without))
        ]
        return " ".join(" ".join(parts).split())


@pytest.fixture(scope="session")
def parse():
    return Page
