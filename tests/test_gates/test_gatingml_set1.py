"""ISAC's compliance set 1 of Gating-ML 2.0, event for event.

FlowKit parses the file and reads the events; the gates executed are ours. Gates on a hyperlog or
a bounded scale are left to the reader of Gating-ML.
"""

import zipfile
from pathlib import Path

import flowkit
import numpy as np
import pytest

from hladr.gates import (
    BooleanGate,
    Dimension,
    EllipseGate,
    Interval,
    Logic,
    Operand,
    PolygonGate,
    RectangleGate,
)
from hladr.scales import UNSCALED, Asinh, Linear, Log, Logicle

SET_1 = Path(__file__).resolve().parents[2] / ".." / "shared/fcs/gating/gatingml2_set1"
NAMES = [
    "Range1",
    "Range2",
    "Rectangle1",
    "Rectangle2",
    "Rectangle3",
    "Rectangle4",
    "Rectangle5",
    "Polygon1",
    "Polygon2",
    "Polygon3NS",
    "Polygon4",
    "Ellipse1",
    "Ellipsoid3D",
    "FL2N-FL4N",
    "FL2N-FL4P",
    "FL2P-FL4N",
    "FL2P-FL4P",
    "FSCD-FL1P",
    "FSCD-SSCN-FL1N",
    "FSCN-SSCN",
    "FSCN-SSCP-FL1P",
    "FSCP-SSCN-FL1N",
    "RatRange1",
    "RatRange1a",
    "RatRange2",
    "And1",
    "And2",
    "And3",
    "And4",
    "Or1",
    "Or2",
    "Not1",
    "ParAnd2",
    "ParAnd3",
    "ScaleRange1",
    "ScaleRange1c",
    "ScaleRange3",
    "ScaleRange3c",
    "ScaleRange4",
    "ScaleRange4c",
    "ScaleRange5",
    "ScaleRange5c",
    "ScaleRange6",
    "ScaleRange6c",
    "ScaleRange8c",
    "ScaleRect1",
]

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SET_1.exists(), reason="the shared file corpus is not here"),
]


@pytest.fixture(scope="module")
def strategy():
    return flowkit.parse_gating_xml(str(SET_1 / "gates1.xml"))


@pytest.fixture(scope="module")
def columns(strategy):
    """Scale values by channel; compensated ones by fluorochrome, ratios by their id."""
    sample = flowkit.Sample(SET_1 / "data1.fcs", ignore_offset_error=True)
    raw = sample.get_events(source="raw")
    found = {name: np.ascontiguousarray(raw[:, i]) for i, name in enumerate(sample.pnn_labels)}
    matrix = strategy.get_comp_matrix("MySpill")
    detected = np.column_stack([found[name] for name in matrix.detectors])
    compensated = detected @ np.linalg.inv(matrix.matrix)
    found |= {name: compensated[:, i].copy() for i, name in enumerate(matrix.fluorochromes)}
    for ratio in ("FL2Rat1", "FL2Rat2"):
        found[ratio] = strategy.transformations[ratio].apply(sample)
    return found


def our_scale(reference):
    match reference:
        case None:
            return UNSCALED
        case flowkit.transforms.LinearTransform():
            return Linear(reference.param_t, reference.param_a)
        case flowkit.transforms.LogTransform():
            return Log(reference.param_t, reference.param_m)
        case flowkit.transforms.AsinhTransform():
            return Asinh(reference.param_t, reference.param_m, reference.param_a)
        case flowkit.transforms.LogicleTransform():
            return Logicle(
                reference.param_t, reference.param_w, reference.param_m, reference.param_a
            )
    raise AssertionError(f"no scale of ours for {reference}")


def our_dimension(strategy, reference):
    channel = getattr(reference, "ratio_ref", None) or getattr(
        reference, "dimension_ref", reference.id if hasattr(reference, "id") else None
    )
    return Dimension(channel, our_scale(strategy.transformations.get(reference.transformation_ref)))


def our_gate(strategy, name):
    """The gate of ours for a gate of the file, parents joined with AND."""
    path = dict(strategy.get_gate_ids())[name]
    own = our_own_gate(strategy, name, path)
    parents = [gate for gate in path[1:] if not gate.startswith("Quadrant")]
    if not parents:
        return own
    return BooleanGate(name, Logic.AND, (Operand(our_gate(strategy, parents[-1])), Operand(own)))


def our_own_gate(strategy, name, path):
    if path[-1].startswith("Quadrant"):
        return our_quadrant(strategy, strategy.get_gate(path[-1]), name)
    reference = strategy.get_gate(name, path)
    dimensions = tuple(our_dimension(strategy, d) for d in reference.dimensions or ())
    match reference:
        case flowkit.gates.RectangleGate():
            bounds = [
                (getattr(d, "min", None), getattr(d, "max", None)) for d in reference.dimensions
            ]
            pairs = zip(dimensions, bounds, strict=True)
            return RectangleGate(name, tuple(Interval(d, low, high) for d, (low, high) in pairs))
        case flowkit.gates.PolygonGate():
            vertices = tuple((float(x), float(y)) for x, y in reference.vertices)
            return PolygonGate(name, *dimensions, vertices)
        case flowkit.gates.EllipsoidGate():
            covariance = tuple(map(tuple, reference.covariance_matrix))
            centre = tuple(reference.coordinates)
            return EllipseGate(name, dimensions, centre, covariance, reference.distance_square)
        case flowkit.gates.BooleanGate():
            operands = [
                Operand(our_gate(strategy, ref["ref"]), ref["complement"])
                for ref in reference.gate_refs
            ]
            return BooleanGate(name, Logic(reference.type), tuple(operands))
    raise AssertionError(f"no gate of ours for {reference}")


def our_quadrant(strategy, reference, name):
    """A quadrant is a rectangle with open sides."""
    dividers = {d.id: our_dimension(strategy, d) for d in reference.dimensions}
    quadrant = reference.quadrants[name]
    ranges = {divider: quadrant.get_divider_range(divider) for divider in quadrant.divider_refs}
    return RectangleGate(
        name, tuple(Interval(dividers[d], low, high) for d, (low, high) in ranges.items())
    )


@pytest.mark.parametrize("name", NAMES)
def test_gate_holds_the_events_that_isac_says(strategy, columns, name):
    with zipfile.ZipFile(SET_1 / "ExpectedResults_set_1.zip") as results:
        expected = np.array(results.read(f"Results_{name}.txt").split(), int).astype(bool)
    mask = our_gate(strategy, name).mask(columns)
    assert np.flatnonzero(mask != expected).tolist() == []
