"""The job that every contestant does: channels, gates, scale, lot. Plain numbers, no imports.

Read sample and beads, compensate by the sample's own matrix, gate (scatter, singlets, leukocytes,
monocytes, each inside the one before), bead populations to a log-log line, geometric mean of the
monocytes' HLA-DR to AB/c.
"""

CHANNELS = (
    "FSC-A", "FSC-H", "SSC-A", "FITC-A", "PE-A", "PerCP-Cy5-5-A", "PE-Cy7-A", "APC-A", "APC-H7-A",
    "V450-A", "V500-A", "Time",
)  # fmt: skip
MARKERS = {"PE-A": "HLA-DR", "PerCP-Cy5-5-A": "CD14", "V500-A": "CD45"}
STAINS = CHANNELS[3:11]
FSC, FSC_HEIGHT, SSC, PE, CD14, CD45 = "FSC-A", "FSC-H", "SSC-A", "PE-A", "PerCP-Cy5-5-A", "V500-A"
TOP = 262144.0

SPILLOVER = (
    (1.0, 0.12, 0.02, 0.004, 0.0, 0.0, 0.0, 0.01),
    (0.01, 1.0, 0.16, 0.05, 0.002, 0.001, 0.0, 0.001),
    (0.0, 0.004, 1.0, 0.22, 0.05, 0.03, 0.0, 0.0),
    (0.001, 0.02, 0.01, 1.0, 0.001, 0.12, 0.0, 0.0),
    (0.0, 0.0, 0.01, 0.002, 1.0, 0.09, 0.0, 0.0),
    (0.0, 0.0, 0.001, 0.06, 0.11, 1.0, 0.001, 0.0),
    (0.002, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.18),
    (0.03, 0.02, 0.004, 0.001, 0.0, 0.001, 0.07, 1.0),
)  # row: stain, column: detector, in the order of STAINS

T, W, M, A = TOP, 0.5, 4.5, 0.0  # logicle

# Low included, high excluded. Polygons: x, y, vertices; stains in logicle, scatter in data values.
SCATTER = ((FSC, 20000.0, 250000.0), (SSC, 3000.0, 250000.0))
SINGLETS = (FSC, FSC_HEIGHT, (
    (15000.0, 8500.0), (60000.0, 36000.0), (140000.0, 84500.0), (258000.0, 158000.0),
    (255000.0, 205000.0), (200000.0, 161500.0), (80000.0, 64600.0), (15000.0, 12500.0),
))  # fmt: skip
LEUKOCYTES = (CD45, SSC, (
    (0.55, 1000.0), (0.52, 30000.0), (0.50, 120000.0), (0.55, 230000.0),
    (0.80, 240000.0), (0.95, 150000.0), (0.97, 30000.0), (0.90, 1000.0),
))  # fmt: skip
MONOCYTES = (CD14, SSC, (
    (0.64, 18000.0), (0.60, 25000.0), (0.59, 36000.0), (0.61, 48000.0),
    (0.74, 56000.0), (0.86, 50000.0), (0.88, 33000.0), (0.82, 20000.0),
))  # fmt: skip
POLYGONS = {"singlets": SINGLETS, "leukocytes": LEUKOCYTES, "monocytes": MONOCYTES}
GATES = ("scatter", *POLYGONS)

LEVELS = (474.0, 5359.0, 23843.0, 62336.0)  # PE molecules per bead
LOT = "474,5359,23843,62336"


def answer(counts: dict[str, int], abc: float) -> dict[str, object]:
    """What a contestant returns: events in every gate, and AB/c."""
    return {"counts": [int(counts[gate]) for gate in GATES], "abc": float(abc)}
