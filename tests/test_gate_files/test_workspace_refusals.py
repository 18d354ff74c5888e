"""What of a FlowJo workspace is refused, by the gate's name."""

import re

import pytest
from oracle_gate_files import (
    CELLS,
    ELLIPSE,
    LINEAR,
    SCALES,
    TIGHT,
    flowjo_gate,
    flowjo_polygon,
    flowjo_rectangle,
    points,
    population,
    sample,
    scale,
    spillover,
    workspace,
)

from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gate_files import (
    parse_gates,
)
from hladr.gates import EventColumns


def curly(kind):
    return population("mono", f"<gating:{kind}/>")


def scaled(kind, attributes, gate=None):
    return sample(
        population("mono", gate or flowjo_polygon("FSC-A", "SSC-A")),
        scales=(scale(kind, "FSC-A", attributes), *SCALES[1:]),
    )


NODE = '<{kind} name="mono"><Dependents>{inside}</Dependents></{kind}>'


REFUSED = {
    "curly quadrant": (sample(curly("CurlyQuad")), "NOT_SUPPORTED", "of the kind 'CurlyQuad'"),
    "quadrant": (sample(curly("QuadrantGate")), "NOT_SUPPORTED", "of the kind 'QuadrantGate'"),
    "plug-in": (
        sample('<Population name="mono" count="5"/>'), "NOT_SUPPORTED", "without a gate of its own",
    ),
    "unknown node": (
        sample('<ClusterNode name="mono"/>'), "NOT_SUPPORTED", "population of the kind 'Cluster",
    ),
    "magnetic": (
        sample(population("mono", CELLS.replace('userDefined="1"', 'magnetic="1"'))),
        "NOT_SUPPORTED",
        "attribute 'magnetic' = '1'",
    ),
    "hyperlog": (scaled("hyperlog", {"T": 1}), "NOT_SUPPORTED", "scale 'hyperlog'"),
    "miltenyi": (scaled("miltenyi", {"T": 1}, CELLS), "NOT_SUPPORTED", "scale 'miltenyi'"),
    "long biex": (
        scaled("biex", {"length": 4096, "maxRange": 262144, "neg": 0, "width": -10, "pos": 4.4}),
        "NOT_SUPPORTED",
        "a biex scale of 4096 channels, not 256",
    ),
    "bad biex": (
        scaled("biex", {"length": 256, "maxRange": 262144, "neg": 0, "width": 10, "pos": 4.4}),
        "INVALID",
        "gate 'mono', scale of 'FSC-A': expected biexponential width",
    ),
    "bad log": (scaled("log", {"offset": 0, "decades": 4}), "INVALID", "offset and decades above"),
    "no scale": (
        sample(population("mono", flowjo_polygon("FSC-A", "SSC-A")), scales=()),
        "NOT_SUPPORTED",
        "no scale for 'FSC-A'",
    ),
    "gain": (
        sample(population("mono", CELLS), scales=(scale("linear", "FSC-A", LINEAR | {"gain": 4}),)),
        "NOT_SUPPORTED",
        "'FSC-A' was amplified with a gain of 4",
    ),
    "weighted unmixing": (
        sample(
            population("mono", flowjo_gate("RectangleGate", TIGHT, "", TIGHT)),
            matrix=spillover(attributes='spectral="1" weightOptAlgorithmType="WLS"'),
        ),
        "NOT_SUPPORTED",
        "gate 'mono', matrix 'mine' .*unmixing by 'WLS'",
    ),
    "derived": (
        sample(population("mono", flowjo_rectangle(Ratio=(1, 2)))).replace(
            "<Keywords>",
            '<DerivedParameters><Parameter name="Ratio"/></DerivedParameters><Keywords>',
        ),
        "NOT_SUPPORTED",
        "the derived parameter 'Ratio'",
    ),
    "no channel": (
        sample(population("mono", flowjo_rectangle(FL9_A=(1, 2)))),
        "CHANNEL_MISSING",
        "gate 'mono' is drawn on channel 'FL9-A'",
    ),
    "singular matrix": (
        sample(
            population("mono", flowjo_gate("RectangleGate", TIGHT, "", TIGHT)),
            matrix=spillover(((1, 1, 0), (1, 1, 0), (0, 0, 1))),
        ),
        "INVALID",
        "gate 'mono', matrix 'mine': expected spectra that can be told apart",
    ),
    "no such dependent": (
        sample(NODE.format(kind="AndNode", inside='<Dependent name="other"/>')),
        "INVALID",
        "gate 'mono': expected each population it depends on once in the sample, found 'other' 0",
    ),
    "depends on itself": (
        sample(NODE.format(kind="NotNode", inside='<Dependent name="mono"/>')), "INVALID", "circle",
    ),
    "depends on nothing": (
        sample(NODE.format(kind="OrNode", inside="")), "INVALID", "one reference or more",
    ),
    "one name twice": (
        sample(population("mono", CELLS), population("mono", CELLS)), "INVALID", "it 2 times",
    ),
    "events elsewhere": (
        sample(population("mono", CELLS.replace('eventsInside="1"', 'eventsInside="2"'))),
        "INVALID",
        "0 or 1 as eventsInside",
    ),
    "two gates": (sample(population("mono", CELLS * 2)), "INVALID", "expected one gate, found 2"),
    "no gates": (sample(), "INVALID", "expected one gate or more, found none"),
    "ellipse of three foci": (
        sample(
            population(
                "mono",
                flowjo_gate(
                    "EllipsoidGate",
                    ("FSC-A", "SSC-A"),
                    ELLIPSE.replace("</gating:foci>", points((1, 1)) + "</gating:foci>"),
                ),
            )
        ),
        "INVALID",
        "two foci and four points on the edge",
    ),
    "foci outside": (
        sample(
            population(
                "mono",
                flowjo_gate("EllipsoidGate", ("FSC-A", "SSC-A"), ELLIPSE.replace("160.0", "900")),
            )
        ),
        "INVALID_GATE",
        "foci inside the ellipse",
    ),
    "ellipse far off": (
        sample(
            population(
                "mono",
                flowjo_gate("EllipsoidGate", ("FSC-A", "SSC-A"), ELLIPSE.replace("93.0", "1e300")),
            )
        ),
        "INVALID_GATE",
        "an ellipse on the plot",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_gates_name(case, table):
    element, code, sentence = REFUSED[case]
    content = workspace(element)
    with pytest.raises(HladrError) as refused:
        parse_gates(content).strategy_for(table)
    assert code in refused.value.code
    assert re.search(sentence, str(refused.value)), str(refused.value)
    assert "mono" in str(refused.value) or case == "no gates"


def test_a_scale_that_no_gate_rests_on_does_no_harm(table):
    scales = (*SCALES, scale("miltenyi", "Other-A", {"T": 1}))
    content = workspace(sample(population("g", CELLS), scales=scales))
    assert parse_gates(content).strategy_for(table).labels() == ("g",)


def test_time_without_a_step_but_with_a_clock_is_refused():
    def events(**keywords):
        return EventTable.from_columns({"Time": [1.0, 50.0]}, name="s.fcs", keywords=keywords)

    content = workspace(sample(population("t", flowjo_rectangle(Time=(10, None))), matrix=""))
    plain = events()
    masks = parse_gates(content).strategy_for(plain).apply(EventColumns(plain))
    assert masks["t",].tolist() == [False, True]
    clocked = events(**{"$BTIM": "10:00:00", "$ETIM": "10:01:00"})
    with pytest.raises(HladrError, match=r"gate 't' .* Time of a file without \$TIMESTEP"):
        parse_gates(content).strategy_for(clocked)
