"""What cannot be executed exactly as the file says is refused, with the gate's name."""

import re

import pytest
from oracle_gate_files import gatingml

from hladr.errors import HladrError
from hladr.gate_files import parse_gates

CHANNEL = '<d:fcs-dimension d:name="PE-A"/>'
PLAIN = f'<g:dimension g:compensation-ref="uncompensated">{CHANNEL}</g:dimension>'
LOGICLE = '<t:logicle t:T="1000" t:W="0.5" t:M="4.5" t:A="0"/>'
SCALED = PLAIN.replace("<g:dimension ", '<g:dimension g:transformation-ref="s" ')
CORNERS = "".join(
    f'<g:vertex><g:coordinate d:value="{x}"/><g:coordinate d:value="{y}"/></g:vertex>'
    for x, y in ((0, 0), (1, 0), (0, 1))
)
MATRIX = """<t:spectrumMatrix t:id="m"><t:fluorochromes><d:fcs-dimension d:name="a"/>
<d:fcs-dimension d:name="b"/></t:fluorochromes><t:detectors><d:fcs-dimension d:name="PE-A"/>
<d:fcs-dimension d:name="FITC-A"/></t:detectors><t:spectrum><t:coefficient t:value="1"/>
<t:coefficient t:value="0"/></t:spectrum><t:spectrum><t:coefficient t:value="0"/>
<t:coefficient t:value="1"/></t:spectrum></t:spectrumMatrix>"""
USES_MATRIX = PLAIN.replace("uncompensated", "m").replace("PE-A", "a")


def gate(inside, kind="RectangleGate", attributes='g:id="mono"'):
    return f"<g:{kind} {attributes}>{inside}</g:{kind}>"


def transformation(inside, attributes='t:id="s"'):
    return f"<t:transformation {attributes}>{inside}</t:transformation>"


def quadrants(values="<g:value>1</g:value>", positions="", divider='g:id="x"'):
    return gate(
        f'<g:divider {divider} g:compensation-ref="FCS">{CHANNEL}{values}</g:divider>'
        f'<g:Quadrant g:id="q">{positions}</g:Quadrant>',
        "QuadrantGate",
    )


def ellipse(mean=(0, 0), rows=((1, 0), (0, 1)), square="1", dimensions=PLAIN * 2):
    coordinates = "".join(f'<g:coordinate d:value="{value}"/>' for value in mean)
    matrix = "".join(
        "<g:row>" + "".join(f'<g:entry d:value="{v}"/>' for v in row) + "</g:row>" for row in rows
    )
    return gate(
        f"{dimensions}<g:mean>{coordinates}</g:mean><g:covarianceMatrix>{matrix}"
        f'</g:covarianceMatrix><g:distanceSquare d:value="{square}"/>',
        "EllipsoidGate",
    )


def joined(logic="and", *references):
    inside = "".join(f'<g:gateReference g:ref="{name}"/>' for name in references)
    return gate(f"<g:{logic}>{inside}</g:{logic}>", "BooleanGate")


REFUSED = {
    "no gate": (MATRIX, "GATE_FILE_INVALID", "Gating-ML: expected one gate or more"),
    "no id": (gate(PLAIN, attributes=""), "GATE_FILE_INVALID", "expected an attribute 'id'"),
    "id twice": (gate(PLAIN) * 2, "GATE_FILE_INVALID", "gate 'mono': expected one gate, found sev"),
    "unknown kind": (gate(PLAIN, "SplineGate"), "GATE_NOT_SUPPORTED", "element 'SplineGate'"),
    "foreign gate": (gate(PLAIN).replace("g:R", "t:R"), "GATE_NOT_SUPPORTED", "'RectangleGate'"),
    "unknown part": (gate(PLAIN + "<g:rotate/>"), "GATE_NOT_SUPPORTED", "'mono'.*'rotate'"),
    "unknown attribute": (
        gate(PLAIN, attributes='g:id="mono" g:rotation="45"'),
        "GATE_NOT_SUPPORTED",
        "gate 'mono' cannot be executed exactly as drawn: attribute 'rotation' = '45'",
    ),
    "outside": (
        gate(PLAIN, attributes='g:id="mono" eventsInside="0"'),
        "GATE_NOT_SUPPORTED",
        "events outside the gate",
    ),
    "two values": (
        gate(PLAIN.replace("<g:dimension ", '<g:dimension g:min="1" min="2" ')),
        "GATE_FILE_INVALID",
        "one attribute 'min'",
    ),
    "no compensation": (
        gate(PLAIN.replace('g:compensation-ref="uncompensated"', "")),
        "GATE_FILE_INVALID",
        "'mono'.*'compensation-ref'",
    ),
    "unknown matrix": (
        gate(PLAIN.replace("uncompensated", "other")),
        "GATE_FILE_INVALID",
        "gate 'mono': expected 'uncompensated', 'FCS' or the id of a matrix, found 'other'",
    ),
    "no channel": (gate(PLAIN.replace(CHANNEL, "")), "GATE_FILE_INVALID", "one channel, found 0"),
    "two channels": (gate(PLAIN.replace(CHANNEL, CHANNEL * 2)), "GATE_FILE_INVALID", "found 2"),
    "no name": (gate(PLAIN.replace("PE-A", "")), "GATE_FILE_INVALID", "an attribute 'name'"),
    "no dimension": (gate(""), "INVALID_GATE", "one dimension or more"),
    "low above high": (
        gate(PLAIN.replace("<g:dimension ", '<g:dimension g:min="2" g:max="1" ')),
        "INVALID_GATE",
        "a low bound below the high one on 'PE-A'",
    ),
    "no scale": (gate(SCALED), "GATE_FILE_INVALID", "its transformation in the file, found none"),
    "bad scale": (
        gate(SCALED) + transformation(LOGICLE.replace("4.5", "0.1")),
        "GATE_FILE_INVALID",
        "gate 'mono', transformation 's': expected logicle W between 0 and 0.05",
    ),
    "unknown scale": (
        gate(SCALED) + transformation("<t:splitscale/>"),
        "GATE_NOT_SUPPORTED",
        "gate 'mono', transformation 's' .* 'splitscale' as a scale",
    ),
    "scale attribute": (
        gate(SCALED) + transformation(LOGICLE.replace("<t:logicle ", '<t:logicle t:B="1" ')),
        "GATE_NOT_SUPPORTED",
        "attribute 'B' = '1'",
    ),
    "scale without T": (
        gate(SCALED) + transformation(LOGICLE.replace("t:T", "t:A9")),
        "GATE_NOT_SUPPORTED",
        "attribute 'A9'",
    ),
    "two formulas": (
        gate(SCALED) + transformation(LOGICLE * 2), "GATE_FILE_INVALID", "one formula, found 2",
    ),
    "bounds": (
        gate(SCALED) + transformation(LOGICLE, 't:id="s" t:boundMin="2" t:boundMax="1"'),
        "GATE_FILE_INVALID",
        "bounded high at least the lower bound 2",
    ),
    "scale twice": (
        gate(PLAIN) + transformation(LOGICLE) * 2, "GATE_FILE_INVALID", "transformation 's'",
    ),
    "ratio as a scale": (
        gate(SCALED)
        + transformation(f'<t:fratio t:A="1" t:B="0" t:C="0">{CHANNEL * 2}</t:fratio>'),
        "GATE_NOT_SUPPORTED",
        "'fratio' as a scale",
    ),
    "scale as a ratio": (
        gate(PLAIN.replace(CHANNEL, '<d:new-dimension d:transformation-ref="s"/>'))
        + transformation(LOGICLE),
        "GATE_NOT_SUPPORTED",
        "'logicle' as a new dimension",
    ),
    "ratio of three": (
        gate(PLAIN.replace(CHANNEL, '<d:new-dimension d:transformation-ref="s"/>'))
        + transformation(f'<t:fratio t:A="1" t:B="0" t:C="0">{CHANNEL * 3}</t:fratio>'),
        "GATE_FILE_INVALID",
        "two channels, found 3",
    ),
    "detector of a matrix": (
        MATRIX + gate(USES_MATRIX.replace('name="a"', 'name="PE-A"')),
        "GATE_FILE_INVALID",
        "a fluorochrome of matrix 'm', found its detector 'PE-A'",
    ),
    "singular matrix": (
        MATRIX.replace('t:value="0"', 't:value="1"') + gate(USES_MATRIX),
        "GATE_FILE_INVALID",
        "gate 'mono', matrix 'm': expected spectra that can be told apart",
    ),
    "short matrix": (
        MATRIX.replace('<t:coefficient t:value="0"/>', "", 1) + gate(USES_MATRIX),
        "GATE_FILE_INVALID",
        "2 rows of 2 coefficients",
    ),
    "ragged matrix": (
        MATRIX.replace('<t:coefficient t:value="0"/>', '<t:coefficient t:value="NaN"/>', 1)
        + gate(USES_MATRIX),
        "GATE_FILE_INVALID",
        "a finite number as attribute 'value', found 'NaN'",
    ),
    "matrix switch": (
        MATRIX.replace("<t:spectrumMatrix ", '<t:spectrumMatrix t:matrix-inverted-already="yes" ')
        + gate(USES_MATRIX),
        "GATE_FILE_INVALID",
        "true or false as attribute 'matrix-inverted-already', found 'yes'",
    ),
    "polygon of one dimension": (
        gate(PLAIN + CORNERS, "PolygonGate"), "GATE_FILE_INVALID", "two dimensions, found 1",
    ),
    "polygon of two corners": (
        gate(PLAIN * 2 + CORNERS[: len(CORNERS) // 3 * 2], "PolygonGate"),
        "INVALID_GATE",
        "three vertices or more",
    ),
    "vertex of three": (
        gate(
            PLAIN * 2 + CORNERS.replace("</g:vertex>", '<g:coordinate d:value="1"/></g:vertex>'),
            "PolygonGate",
        ),
        "GATE_FILE_INVALID",
        "two coordinates a vertex",
    ),
    "vertex nowhere": (
        gate(PLAIN * 2 + CORNERS.replace('"0"', '"1e999"', 1), "PolygonGate"),
        "GATE_FILE_INVALID",
        "a finite number as attribute 'value', found '1e999'",
    ),
    "flat ellipse": (ellipse(rows=((1, 1), (1, 1))), "INVALID_GATE", "that has an inverse"),
    "ellipse of one": (ellipse(dimensions=PLAIN), "INVALID_GATE", "two dimensions or more"),
    "ellipse of three": (ellipse(dimensions=PLAIN * 3), "INVALID_GATE", "3 coordinates"),
    "negative square": (ellipse(square="-1"), "INVALID_GATE", "zero or more"),
    "quadrant without a divider": (
        quadrants(positions='<g:position g:divider_ref="y" g:location="1"/>'),
        "GATE_FILE_INVALID",
        "gate 'mono', quadrant 'q': expected each of its dividers in the gate, and once, found 'y'",
    ),
    "divider twice in a quadrant": (
        quadrants(positions='<g:position g:divider_ref="x" g:location="1"/>' * 2),
        "GATE_FILE_INVALID",
        "found 'x'",
    ),
    "divider without a value": (
        quadrants("", '<g:position g:divider_ref="x" g:location="1"/>'),
        "GATE_FILE_INVALID",
        "a value for each divider",
    ),
    "divider at no number": (
        quadrants("<g:value>one</g:value>", '<g:position g:divider_ref="x" g:location="1"/>'),
        "GATE_FILE_INVALID",
        "a finite number as value of a divider, found 'one'",
    ),
    "quadrant without a position": (quadrants(), "INVALID_GATE", "one dimension or more"),
    "unknown reference": (joined("and", "mono2", "mono3"), "GATE_FILE_INVALID", "none of id"),
    "reference to itself": (joined("and", "mono", "mono"), "INVALID_GATE", "circle"),
    "empty and": (joined("and"), "INVALID_GATE", "one reference or more"),
    "not of two": (gate(PLAIN, attributes='g:id="a"') + joined("not", "a", "a"),
                   "INVALID_GATE", "one reference"),
    "xor": (joined("xor", "mono"), "GATE_NOT_SUPPORTED", "'xor'"),
    "reference to a whole quadrant gate": (
        quadrants(positions='<g:position g:divider_ref="x" g:location="1"/>')
        + joined("not", "mono").replace('g:id="mono"', 'g:id="other"'),
        "GATE_FILE_INVALID",
        "gate 'other'.*found none of id 'mono'",
    ),
    "parent nowhere": (
        gate(PLAIN, attributes='g:id="mono" g:parent_id="none"'), "GATE_FILE_INVALID", "none of id",
    ),
    "parents in a circle": (
        gate(PLAIN, attributes='g:id="mono" g:parent_id="b"')
        + gate(PLAIN, attributes='g:id="b" g:parent_id="mono"'),
        "INVALID_GATE",
        "gate 'mono' cannot be used: expected parents that lead to the top",
    ),
    "its own parent": (
        gate(PLAIN, attributes='g:id="mono" g:parent_id="mono"'), "INVALID_GATE", "circle",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_gates_name(case, table):
    body, code, sentence = REFUSED[case]
    with pytest.raises(HladrError) as refused:
        parse_gates(gatingml(body)).strategy_for(table)
    assert refused.value.code == code
    assert re.search(sentence, str(refused.value)), str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["NaN", "INF", "-INF", "inf", "1e999", "", " ", "1_000", "0x10", "１", "1,5", "1 2", "9" * 600],
)
def test_only_finite_plain_numbers_are_numbers(text, table):
    body = gate(PLAIN.replace("<g:dimension ", f'<g:dimension g:min="{text}" '))
    with pytest.raises(HladrError, match="gate 'mono'"):
        parse_gates(gatingml(body)).strategy_for(table)


@pytest.mark.parametrize("text", ["1", "+1.5", "-.5", "1.", " 7e-3 ", "1E5", "\t2\n"])
def test_numbers_as_xml_writes_them_are_read(text, table):
    body = gate(PLAIN.replace("<g:dimension ", f'<g:dimension g:min="{text}" '))
    strategy = parse_gates(gatingml(body)).strategy_for(table)
    assert strategy.find("mono").gate.intervals[0].low == float(text)


def test_a_transformation_that_no_gate_rests_on_does_no_harm(table):
    body = gate(PLAIN) + transformation("<t:unheard/>") + MATRIX.replace('"1"', '"0"')
    assert parse_gates(gatingml(body)).strategy_for(table).labels() == ("mono",)


def test_a_chain_of_a_hundred_parents_is_read_and_a_longer_one_refused(table):
    def chain(n):
        first = gate(PLAIN, attributes='g:id="g0"')
        return first + "".join(
            gate(PLAIN, attributes=f'g:id="g{i}" g:parent_id="g{i - 1}"') for i in range(1, n)
        )

    assert len(parse_gates(gatingml(chain(100))).strategy_for(table).nodes) == 100
    with pytest.raises(HladrError, match="more than 100 gates one above the other"):
        parse_gates(gatingml(chain(101)))


def test_a_matrix_that_many_gates_name_is_read_once(monkeypatch):
    from hladr.gate_files import transformations

    read, calls = transformations.read_matrix, []

    def counted(*given):
        calls.append(given)
        return read(*given)

    monkeypatch.setattr(transformations, "read_matrix", counted)
    many = "".join(gate(USES_MATRIX, attributes=f'g:id="g{n}"') for n in range(50))
    assert len(parse_gates(gatingml(MATRIX + many)).strategy.nodes) == 50
    assert len(calls) == 1
