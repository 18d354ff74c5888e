"""Gating-ML 2.0 read by us and by FlowKit holds the same events; what FlowKit lacks, by NumPy."""

import numpy as np
import pytest
from oracle_gate_files import FLUORESCENCE, MATRIX, gatingml

from hladr.gates import Compensated, EventColumns, Recorded
from hladr.scales import Log, Logicle

TRANSFORMATIONS = """
<t:transformation t:id="lin"><t:flin t:T="262144" t:A="1000"/></t:transformation>
<t:transformation t:id="log"><t:flog t:T="262144" t:M="4.5"/></t:transformation>
<t:transformation t:id="asinh"><t:fasinh t:T="262144" t:M="4" t:A="1"/></t:transformation>
<t:transformation t:id="logicle"><t:logicle t:T="262144" t:W="0.5" t:M="4.5" t:A="0"/></t:transformation>
<t:transformation t:id="hyper"><t:hyperlog t:T="262144" t:W="0.5" t:M="4.5" t:A="0"/></t:transformation>
<t:transformation t:id="ratio"><t:fratio t:A="1" t:B="0" t:C="-1">
  <d:fcs-dimension d:name="FSC-A"/><d:fcs-dimension d:name="SSC-A"/></t:fratio></t:transformation>
<t:spectrumMatrix t:id="mine">
  <t:fluorochromes><d:fcs-dimension d:name="fitc"/><d:fcs-dimension d:name="pe"/></t:fluorochromes>
  <t:detectors><d:fcs-dimension d:name="FITC-A"/><d:fcs-dimension d:name="PE-A"/></t:detectors>
  <t:spectrum><t:coefficient t:value="1"/><t:coefficient t:value="0.2"/></t:spectrum>
  <t:spectrum><t:coefficient t:value="0.04"/><t:coefficient t:value="1"/></t:spectrum>
</t:spectrumMatrix>
"""  # noqa: E501


def dimension(name, compensation="uncompensated", transformation=None, bounds=""):
    reference = f'g:transformation-ref="{transformation}"' if transformation else ""
    return (
        f'<g:dimension g:compensation-ref="{compensation}" {reference} {bounds}>'
        f'<d:fcs-dimension d:name="{name}"/></g:dimension>'
    )


def vertices(*points):
    return "".join(
        f'<g:vertex><g:coordinate d:value="{x}"/><g:coordinate d:value="{y}"/></g:vertex>'
        for x, y in points
    )


def ellipsoid(name, dimensions, centre, rows, square):
    mean = "".join(f'<g:coordinate d:value="{value}"/>' for value in centre)
    matrix = "".join(
        "<g:row>" + "".join(f'<g:entry d:value="{value}"/>' for value in row) + "</g:row>"
        for row in rows
    )
    return (
        f'<g:EllipsoidGate g:id="{name}">{dimensions}<g:mean>{mean}</g:mean>'
        f"<g:covarianceMatrix>{matrix}</g:covarianceMatrix>"
        f'<g:distanceSquare d:value="{square}"/></g:EllipsoidGate>'
    )


GATES = {
    "range": '<g:RectangleGate g:id="range">'
    + dimension("FSC-A", bounds='g:min="50000" g:max="120000.5"')
    + "</g:RectangleGate>",
    "seconds": '<g:RectangleGate g:id="seconds">'
    + dimension("Time", bounds='g:min="10" g:max="20"')
    + "</g:RectangleGate>",
    "box": '<g:RectangleGate g:id="box">'
    + dimension("fitc", "mine", "logicle", 'g:min="0.2" g:max="0.7"')
    + dimension("pe", "mine", "hyper", 'g:min="0.1"')
    + dimension("SSC-A", "uncompensated", "lin", 'g:max="0.3"')
    + "</g:RectangleGate>",
    "of_the_file": '<g:RectangleGate g:id="of_the_file">'
    + dimension("PE-A", "FCS", "asinh", 'g:min="0.35" g:max="0.75"')
    + dimension("FSC-A", "FCS", bounds='g:min="1000"')
    + "</g:RectangleGate>",
    "polygon": '<g:PolygonGate g:id="polygon">'
    + dimension("PE-A", "FCS", "logicle")
    + dimension("APC-A", "FCS", "log")
    + vertices((0.2, 0.3), (0.9, 0.35), (0.3, 0.9), (0.6, 0.1))
    + "</g:PolygonGate>",
    "ellipse": ellipsoid(
        "ellipse",
        dimension("fitc", "mine", "asinh") + dimension("APC-A", transformation="hyper"),
        (0.5, 0.4),
        ((0.03, 0.01), (0.01, 0.02)),
        1.5,
    ),
    "ellipsoid": ellipsoid(
        "ellipsoid",
        dimension("FSC-A", transformation="lin")
        + dimension("SSC-A", transformation="lin")
        + dimension("PE-A", "FCS", "logicle"),
        (0.35, 0.25, 0.5),
        ((0.01, 0.002, 0), (0.002, 0.01, 0), (0, 0, 0.04)),
        2,
    ),
    "ratio_range": '<g:RectangleGate g:id="ratio_range"><g:dimension '
    'g:compensation-ref="uncompensated" g:min="0.7" g:max="2.5">'
    '<d:new-dimension d:transformation-ref="ratio"/></g:dimension></g:RectangleGate>',
}


def everything():
    return gatingml(TRANSFORMATIONS + "".join(GATES.values()))


@pytest.mark.parametrize("name", GATES)
def test_every_kind_of_gate_holds_flowkits_events(ours, theirs, name):
    found, expected = ours(everything())[name], theirs(everything(), [name])[name]
    assert 0 < found.sum() < found.size
    np.testing.assert_array_equal(found, expected)


QUADRANTS = """
<g:RectangleGate g:id="cells"><g:dimension g:compensation-ref="uncompensated" g:min="60000">
  <d:fcs-dimension d:name="FSC-A"/></g:dimension></g:RectangleGate>
<g:QuadrantGate g:id="quadrants" g:parent_id="cells">
  <g:divider g:id="f" g:compensation-ref="mine" g:transformation-ref="logicle">
    <d:fcs-dimension d:name="fitc"/><g:value>0.6</g:value><g:value>0.4</g:value></g:divider>
  <g:divider g:id="a" g:compensation-ref="uncompensated"><d:fcs-dimension d:name="APC-A"/>
    <g:value> 500 </g:value></g:divider>
  <g:Quadrant g:id="low"><g:position g:divider_ref="f" g:location="0.1"/>
    <g:position g:divider_ref="a" g:location="100"/></g:Quadrant>
  <g:Quadrant g:id="middle"><g:position g:divider_ref="f" g:location="0.5"/></g:Quadrant>
  <g:Quadrant g:id="edge"><g:position g:divider_ref="f" g:location="0.6"/>
    <g:position g:divider_ref="a" g:location="501"/></g:Quadrant>
</g:QuadrantGate>
<g:BooleanGate g:id="both"><g:and><g:gateReference g:ref="middle"/>
  <g:gateReference g:ref="range" g:use-as-complement="true"/></g:and></g:BooleanGate>
<g:BooleanGate g:id="either" g:parent_id="middle"><g:or><g:gateReference g:ref="range"/>
  <g:gateReference g:ref="polygon"/></g:or></g:BooleanGate>
<g:BooleanGate g:id="none"><g:not><g:gateReference g:ref="edge"/></g:not></g:BooleanGate>
<g:RectangleGate g:id="under" g:parent_id="middle"><g:dimension
  g:compensation-ref="uncompensated" g:max="60000"><d:fcs-dimension d:name="SSC-A"/></g:dimension>
</g:RectangleGate>
"""


@pytest.mark.parametrize(
    "name", ["low", "middle", "edge", "both", "either", "none", "under", "cells"]
)
def test_quadrants_booleans_and_parents_hold_flowkits_events(ours, theirs, name):
    content = gatingml(TRANSFORMATIONS + "".join(GATES.values()) + QUADRANTS)
    found, expected = ours(content)[name], theirs(content, [name])[name]
    assert 0 < found.sum() < found.size
    np.testing.assert_array_equal(found, expected)


def test_each_dimension_is_compensated_by_its_own_reference(ours, table):
    inside = dimension("fitc", "mine", bounds='g:min="300"')
    inside += dimension("PE-A", "FCS", bounds='g:min="200"')
    inside += dimension("PE-A", bounds='g:max="5000"')
    content = gatingml(TRANSFORMATIONS + f'<g:RectangleGate g:id="r">{inside}</g:RectangleGate>')
    fitc = np.column_stack(table.columns(["FITC-A", "PE-A"])) @ np.linalg.inv(
        [[1.0, 0.2], [0.04, 1.0]]
    )
    pe = np.column_stack(table.columns(FLUORESCENCE)) @ np.linalg.inv(MATRIX)
    expected = (fitc[:, 0] >= 300.0) & (pe[:, 1] >= 200.0) & (table.column("PE-A") < 5000.0)
    np.testing.assert_array_equal(ours(content)["r"], expected)


def test_the_order_of_gates_in_the_file_is_the_order_of_the_columns(ours):
    assert list(ours(gatingml(TRANSFORMATIONS + QUADRANTS.replace("range", "cells").replace(
        "polygon", "cells"))))[:5] == ["cells", "low", "middle", "edge", "both"]  # fmt: skip


SPECTRAL = """
<t:spectrumMatrix t:id="{id}" {inverted}>
  <t:fluorochromes><d:fcs-dimension d:name="a"/><d:fcs-dimension d:name="b"/></t:fluorochromes>
  <t:detectors><d:fcs-dimension d:name="FITC-A"/><d:fcs-dimension d:name="PE-A"/>
    <d:fcs-dimension d:name="APC-A"/></t:detectors>
  {rows}
</t:spectrumMatrix>
<g:RectangleGate g:id="gate {id}"><g:dimension g:compensation-ref="{id}" g:min="300">
  <d:fcs-dimension d:name="b"/></g:dimension></g:RectangleGate>
"""
SPECTRA = np.array([[1.0, 0.3, 0.1], [0.2, 1.0, 0.4]])


def spectral(name, rows, inverted=""):
    text = "".join(
        "<t:spectrum>"
        + "".join(f'<t:coefficient t:value="{value!r}"/>' for value in row)
        + "</t:spectrum>"
        for row in rows.tolist()
    )
    return SPECTRAL.format(id=name, rows=text, inverted=inverted)


def test_spectra_and_their_inverse_in_either_orientation_are_one(ours, table):
    inverse = np.linalg.pinv(SPECTRA)
    already = 't:matrix-inverted-already="true"'
    found = ours(
        gatingml(
            spectral("spectra", SPECTRA, 't:matrix-inverted-already="false"')
            + spectral("inverse", inverse, already)
            + spectral("turned", inverse.T, already.replace("true", "1"))
        )
    )
    measured = np.column_stack(table.columns(["FITC-A", "PE-A", "APC-A"]))
    true, *_ = np.linalg.lstsq(SPECTRA.T, measured.T, rcond=None)
    for name in ("spectra", "inverse", "turned"):
        np.testing.assert_array_equal(found[f"gate {name}"], true[1] >= 300.0)


def test_a_ratio_of_compensated_channels_divides_compensated_values(ours, table):
    content = gatingml(
        TRANSFORMATIONS
        + """<t:transformation t:id="of colours" t:boundMin="0.5" t:boundMax="4">
        <t:fratio t:A="2" t:B="10" t:C="-20"><d:fcs-dimension d:name="fitc"/>
        <d:fcs-dimension d:name="pe"/></t:fratio></t:transformation>
        <g:RectangleGate g:id="r"><g:dimension g:compensation-ref="mine" g:min="0.4" g:max="3">
        <d:new-dimension d:transformation-ref="of colours"/></g:dimension></g:RectangleGate>"""
    )
    measured = np.column_stack(table.columns(["FITC-A", "PE-A"]))
    fitc, pe = (measured @ np.linalg.inv([[1.0, 0.2], [0.04, 1.0]])).T
    expected = np.clip(2.0 * (fitc - 10.0) / (pe + 20.0), 0.5, 4.0)
    np.testing.assert_array_equal(ours(content)["r"], (expected >= 0.4) & (expected < 3.0))


@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [('t:boundMin="0.4"', 0.4, np.inf), ('t:boundMax="0.5"', -np.inf, 0.5),
     ('t:boundMin="0.2" t:boundMax="0.8"', 0.2, 0.8)],
)  # fmt: skip
def test_bounds_hold_events_at_the_bound_in_every_kind_of_gate(ours, table, bounds, low, high):
    inside = dimension("PE-A", transformation="bounded", bounds='g:min="0.3" g:max="0.6"')
    plane = dimension("PE-A", transformation="bounded") + dimension("FSC-A", transformation="lin")
    content = gatingml(
        TRANSFORMATIONS
        + f'<t:transformation t:id="bounded" {bounds}><t:logicle t:T="262144" t:W="0.5" '
        't:M="4.5" t:A="0"/></t:transformation>'
        + f'<g:RectangleGate g:id="r">{inside}</g:RectangleGate><g:PolygonGate g:id="p">{plane}'
        + vertices((0.3, 0.1), (0.6, 0.1), (0.6, 0.9), (0.3, 0.9))
        + "</g:PolygonGate>"
        + ellipsoid("e", plane, (0.45, 0.4), ((0.01, 0.0), (0.0, 0.04)), 1.0)
    )
    x = np.clip(Logicle(262144.0, 0.5, 4.5).forward(table.column("PE-A")), low, high)
    y = (table.column("FSC-A") + 1000.0) / 263144.0
    expected = {
        "r": (x >= 0.3) & (x < 0.6),
        "p": (x >= 0.3) & (x < 0.6) & (y >= 0.1) & (y < 0.9),
        "e": (x - 0.45) ** 2 / 0.01 + (y - 0.4) ** 2 / 0.04 <= 1.0,
    }
    for name, mask in expected.items():
        np.testing.assert_array_equal(ours(content)[name], mask)


def test_a_bound_below_does_not_bring_negative_values_onto_a_log_scale(ours, table):
    content = gatingml(
        '<t:transformation t:id="l" t:boundMin="0"><t:flog t:T="1000" t:M="3"/></t:transformation>'
        f'<g:RectangleGate g:id="g">{dimension("PE-A", transformation="l", bounds="g:max=&quot;1&quot;").replace("&quot;", chr(34))}'  # noqa: E501
        "</g:RectangleGate>"
    )
    with np.errstate(invalid="ignore"):
        expected = np.clip(Log(1000.0, 3.0).forward(table.column("PE-A")), 0.0, None) < 1.0
    np.testing.assert_array_equal(ours(content)["g"], expected)
    assert not expected[table.column("PE-A") < 0.0].any()


def test_attributes_without_a_namespace_and_notes_are_read_as_others_write_them(ours):
    plain = everything().replace(b" g:", b" ").replace(b" t:", b" ").replace(b" d:", b" ")
    noted = everything().replace(
        b"<g:dimension", b"<d:custom_info><a b='c'>note</a></d:custom_info><g:dimension"
    )
    for content in (plain, noted):
        for name, mask in ours(everything()).items():
            np.testing.assert_array_equal(ours(content)[name], mask)


def test_attributes_that_only_paint_a_gate_and_foreign_ones_are_passed_over(ours):
    painted = everything().replace(
        b"<g:RectangleGate ", b'<g:RectangleGate tint="#ff0000" eventsInside="1" xml:lang="en" '
    )
    assert ours(painted).keys() == ours(everything()).keys()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "iso-8859-1"])
def test_the_encoding_is_the_documents(table, encoding):
    from hladr.gate_files import parse_gates

    text = everything().decode().replace('g:id="range"', 'g:id="Größe µ"')
    if encoding == "iso-8859-1":
        text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + text
    strategy = parse_gates(text.encode(encoding)).strategy_for(table)
    assert strategy.find("Größe µ").path == ("Größe µ",)


def test_columns_are_what_the_references_say(table):
    from hladr.gate_files import parse_gates

    strategy = parse_gates(everything()).strategy_for(table)
    first, second, third = strategy.find("box").gate.intervals
    assert isinstance(first.dimension.column, Compensated)
    assert first.dimension.column.matrix.detectors == ("FITC-A", "PE-A")
    assert second.dimension.column.channel == "pe"
    assert third.dimension.column == Recorded("SSC-A")
    assert all(interval.dimension.column in EventColumns(table) for interval in (first, second))
