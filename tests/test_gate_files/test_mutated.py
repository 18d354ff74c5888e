"""Gate files changed in a few places are executed or refused, and written as they were read."""

import random
import re

import pytest
from oracle_gate_files import (
    flowjo_gate,
    flowjo_rectangle,
    gatingml,
    points,
    population,
    sample,
    workspace,
)

from hladr.errors import HladrError
from hladr.gate_files import GateNotWritable, parse_gates, write_gatingml
from hladr.gates import EventColumns, GatingStrategy, Node

GATES = """
<t:transformation t:id="s" t:boundMin="0.1"><t:logicle t:T="1000" t:W="0.5" t:M="4.5" t:A="0"/>
</t:transformation><t:transformation t:id="r"><t:fratio t:A="1" t:B="0" t:C="-1">
<d:fcs-dimension d:name="FSC-A"/><d:fcs-dimension d:name="SSC-A"/></t:fratio></t:transformation>
<t:spectrumMatrix t:id="m"><t:fluorochromes><d:fcs-dimension d:name="a"/>
<d:fcs-dimension d:name="b"/></t:fluorochromes><t:detectors><d:fcs-dimension d:name="PE-A"/>
<d:fcs-dimension d:name="FITC-A"/></t:detectors><t:spectrum><t:coefficient t:value="1"/>
<t:coefficient t:value="0.1"/></t:spectrum><t:spectrum><t:coefficient t:value="0.2"/>
<t:coefficient t:value="1"/></t:spectrum></t:spectrumMatrix>
<g:EllipsoidGate g:id="e"><g:dimension g:compensation-ref="m" g:transformation-ref="s">
<d:fcs-dimension d:name="a"/></g:dimension><g:dimension g:compensation-ref="FCS">
<d:fcs-dimension d:name="APC-A"/></g:dimension><g:mean><g:coordinate d:value="0.5"/>
<g:coordinate d:value="300"/></g:mean><g:covarianceMatrix><g:row><g:entry d:value="0.1"/>
<g:entry d:value="0"/></g:row><g:row><g:entry d:value="0"/><g:entry d:value="90000"/></g:row>
</g:covarianceMatrix><g:distanceSquare d:value="1"/></g:EllipsoidGate>
<g:QuadrantGate g:id="q" g:parent_id="e"><g:divider g:id="x" g:compensation-ref="uncompensated">
<d:new-dimension d:transformation-ref="r"/><g:value>1.5</g:value></g:divider>
<g:Quadrant g:id="up"><g:position g:divider_ref="x" g:location="2"/></g:Quadrant></g:QuadrantGate>
<g:BooleanGate g:id="b"><g:or><g:gateReference g:ref="up" g:use-as-complement="true"/>
<g:gateReference g:ref="e"/></g:or></g:BooleanGate>
"""
SEEDS = (
    gatingml(GATES),
    workspace(
        sample(
            population(
                "cells",
                flowjo_rectangle(FSC_A=(50000, 150000), Time=(1, 30)),
                population(
                    "p",
                    flowjo_gate(
                        "PolygonGate",
                        ("Comp-PE-A", "Comp-FITC-A"),
                        points((150, 20), (40000, 300), (900, 30000)),
                    ),
                    count=7,
                ),
                population(
                    "e",
                    flowjo_gate(
                        "EllipsoidGate",
                        ("Comp-APC-A", "SSC-A"),
                        f"<gating:foci>{points((100, 120), (160, 150))}</gating:foci><gating:edge>"
                        f"{points((93, 116), (167, 153), (121, 153), (138, 118))}</gating:edge>",
                        attributes='eventsInside="0"',
                    ),
                ),
                '<OrNode name="o"><Dependents><Dependent name="cells/p"/>'
                '<Dependent name="cells/e"/></Dependents></OrNode>',
            )
        )
    ),
)
ODD = (
    "", "NaN", "INF", "-1", "0", "1", "2", "1e308", "-1e308", "1e-320", "1e999", "x" * 50, "0x10",
    "1_0", "\u0661", "FCS", "true", "262144", "&#0;", "&lt;", "/", "1e30", "1e-30", "-10", "100",
    "e", "cells/p", "PE-A", "Comp-PE-A", "256",
)  # fmt: skip
ATTRIBUTE = re.compile(r'([\w:.-]+)="([^"]*)"')
TAG = re.compile(r"</?[\w:.-]+[^<>]*>")


def changed(text, rng):
    for _ in range(rng.choice((1, 1, 2, 4))):
        pattern = rng.choice((ATTRIBUTE, ATTRIBUTE, TAG))
        found = list(pattern.finditer(text))
        if not found:
            break
        one, other = rng.choice(found), rng.choice(found)
        if pattern is TAG:
            new = rng.choice(("", one[0] * 2, other[0], "text"))
        else:
            name, value = rng.choice(
                ((one[1], rng.choice(ODD)), (one[1], other[2]), (other[1], one[2]))
            )
            new = rng.choice(("", f'{name}="{value}"', f'{name}="{value}"'))
        text = text[: one.start()] + new + text[one.end() :]
    return text


@pytest.mark.parametrize("part", range(20))
def test_a_changed_file_is_executed_or_refused(part, table):
    rng = random.Random(part)  # noqa: S311 - chance, not secrets
    executed, refusals = 0, []
    for _ in range(60):
        content = changed(rng.choice(SEEDS).decode(), rng).encode()
        try:
            strategy = parse_gates(content).strategy_for(table)
            strategy.apply(EventColumns(table))
        except HladrError as error:
            refusals.append(error)
            continue
        executed += 1
        assert_written_as_read(strategy)
    assert executed > 0
    assert refusals
    assert all(each.code.isupper() and 0 < len(str(each)) < 2000 for each in refusals)


def assert_written_as_read(strategy):
    try:
        written = write_gatingml(strategy)
    except GateNotWritable:
        return
    bare = GatingStrategy(tuple(Node(node.path, node.gate) for node in strategy.nodes))
    assert parse_gates(written.encode()).strategy_for(None) == bare
