"""Gate files as other programs write them, made up piece by piece."""

import textwrap

STANDARD = "http://www.isac-net.org/std/Gating-ML/v2.0/"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{STANDARD}{name}"'
    for prefix, name in (("g", "gating"), ("t", "transformations"), ("d", "datatypes"))
)
CHANNELS = ("FSC-A", "SSC-A", "FITC-A", "PE-A", "APC-A", "Time")


def gatingml(body):
    """Bytes of a Gating-ML document; prefixes g, t, d."""
    return f"<g:Gating-ML {NAMESPACES}>{textwrap.dedent(body)}</g:Gating-ML>".encode()


def workspace(*samples, version="20.0"):
    """Bytes of a FlowJo workspace with these Sample elements."""
    names = NAMESPACES.replace("xmlns:g=", "xmlns:gating=")
    names = names.replace("xmlns:t=", "xmlns:transforms=").replace("xmlns:d=", "xmlns:data-type=")
    body = "".join(samples)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Workspace version="{version}" '
        f'flowJoVersion="10.8.1" {names}><Groups/><SampleList>{body}</SampleList></Workspace>'
    ).encode()


MATRIX = ((1.0, 0.12, 0.01), (0.03, 1.0, 0.02), (0.0, 0.05, 1.0))
FLUORESCENCE = ("FITC-A", "PE-A", "APC-A")


def spillover(matrix=MATRIX, names=FLUORESCENCE, attributes='spectral="0"'):
    """Spillover matrix of a workspace's sample."""
    rows = "".join(
        f'<transforms:spillover data-type:parameter="{row}">'
        + "".join(
            f'<transforms:coefficient data-type:parameter="{column}" transforms:value="{value}"/>'
            for column, value in zip(names, values, strict=True)
        )
        + "</transforms:spillover>"
        for row, values in zip(names, matrix, strict=True)
    )
    parameters = "".join(f'<data-type:parameter data-type:name="{name}"/>' for name in names)
    return (
        f'<transforms:spilloverMatrix {attributes} prefix="Comp-" name="mine" suffix="">'
        f"<data-type:parameters>{parameters}</data-type:parameters>{rows}"
        "</transforms:spilloverMatrix>"
    )


def scale(kind, parameter, attributes):
    """Scale of a parameter in a workspace."""
    said = " ".join(
        f'{"" if name == "gain" else "transforms:"}{name}="{value}"'
        for name, value in attributes.items()
    )
    named = f'<data-type:parameter data-type:name="{parameter}"/>'
    return f"<transforms:{kind} {said}>{named}</transforms:{kind}>"


LINEAR = {"minRange": 0, "maxRange": 262144, "gain": 1}
LOGICLE = {"length": 256, "T": 262144, "A": 0, "W": 1, "M": 4.418539922}
BIEX = {"length": 256, "maxRange": 262144, "neg": 0, "width": -10, "pos": 4.418539922}
ASINH = {"length": 256, "maxRange": 262144, "T": 262144, "A": 0, "M": 4, "W": -10}
LOG = {"offset": 1, "decades": 5.4}
SCALES = (
    scale("linear", "FSC-A", LINEAR),
    scale("linear", "SSC-A", LINEAR),
    scale("linear", "Time", {"minRange": 0, "maxRange": 200, "gain": 1}),
    scale("biex", "FITC-A", BIEX),
    scale("logicle", "PE-A", LOGICLE),
    scale("fasinh", "APC-A", ASINH),
    scale("biex", "Comp-FITC-A", BIEX),
    scale("logicle", "Comp-PE-A", LOGICLE),
    scale("fasinh", "Comp-APC-A", ASINH),
)


def sample(*populations, uri="file:/C:/day%201/s.fcs", name="s.fcs", fil="s.fcs", scales=SCALES,
           matrix=None, number=1):  # fmt: skip
    """Sample element of a workspace."""
    return (
        f'<Sample><DataSet uri="{uri}" sampleID="{number}"/>'
        f"{spillover() if matrix is None else matrix}"
        f"<Transformations>{''.join(scales)}</Transformations>"
        f'<Keywords><Keyword name="$PAR" value="6"/><Keyword name="$FIL" value="{fil}"/></Keywords>'
        f'<SampleNode name="{name}" count="5000" sampleID="{number}">'
        f"<Subpopulations>{''.join(populations)}</Subpopulations></SampleNode></Sample>"
    )


def population(name, gate, *below, count=-1):
    """Population element of a workspace."""
    inside = f"<Subpopulations>{''.join(below)}</Subpopulations>" if below else ""
    return (
        f'<Population name="{name}" annotation="" owningGroup="" expanded="1" sortPriority="10" '
        f'count="{count}"><Graph><Axis name="x"/></Graph><Gate gating:id="ID1">{gate}</Gate>'
        f"{inside}</Population>"
    )


def flowjo_gate(kind, parameters, inside, bounds=None, attributes='eventsInside="1"'):
    """Gate element of a workspace; `bounds` by parameter."""
    dimensions = "".join(
        f"<gating:dimension {(bounds or {}).get(parameter, '')}>"
        f'<data-type:fcs-dimension data-type:name="{parameter}"/></gating:dimension>'
        for parameter in parameters
    )
    looks = 'annoOffsetX="5" tint="#000000" isTinted="0" lineWeight="Normal" userDefined="1"'
    return f"<gating:{kind} {attributes} {looks}>{dimensions}{inside}</gating:{kind}>"


def points(*vertices):
    """Vertex elements of a workspace."""
    return "".join(
        "<gating:vertex>"
        + "".join(f'<gating:coordinate data-type:value="{value}"/>' for value in vertex)
        + "</gating:vertex>"
        for vertex in vertices
    )


def flowjo_rectangle(attributes='eventsInside="1"', **bounds):
    """Rectangle of a workspace: parameter with ``_`` for ``-`` = (low, high)."""
    said = {}
    for parameter, (low, high) in bounds.items():
        low_text = "" if low is None else f'gating:min="{low}" '
        high_text = "" if high is None else f'gating:max="{high}"'
        said[parameter.replace("_", "-")] = low_text + high_text
    return flowjo_gate("RectangleGate", said, "", said, attributes)


CELLS = flowjo_rectangle(FSC_A=(50000.5, 150000.25), SSC_A=(20000, 90000))
TRIANGLE = points((150.5, 20.25), (40000, 300), (900, 30000))
TIGHT = {"Comp-FITC-A": 'gating:min="50" gating:max="20000"', "Comp-PE-A": 'gating:min="100"'}
ELLIPSE = (
    "<gating:foci>" + points((100.0, 120.0), (160.0, 150.0)) + "</gating:foci><gating:edge>"
    + points((93.0, 116.5), (167.0, 153.5), (121.0, 153.0), (138.0, 118.0)) + "</gating:edge>"
)  # fmt: skip


def flowjo_polygon(*parameters, attributes='eventsInside="1"', inside=TRIANGLE):
    """Polygon of a workspace on two parameters."""
    return flowjo_gate("PolygonGate", parameters, inside, attributes=attributes)
