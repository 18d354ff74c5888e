"""Where the values of an export come from, in its keywords."""

from collections.abc import Sequence

from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.result import AbcResult
from hladr.spillover import Spillover
from hladr.version import ALGORITHM, software_version

RESEARCH_USE = "research use only, not for diagnosis"

NO_VALUE = "NaN: HLA-DR at zero or below, at the top of its detector, or no finite number"

_OF_THE_FILE = (
    "$CYT", "$CYTSN", "$DATE", "$BTIM", "$ETIM", "$BEGINDATETIME", "$ENDDATETIME",
)  # fmt: skip
MADE_HERE = "HLADR_SAMPLE_SHA256"
_NOT_RECORDED = "not recorded"


def provenance_keywords(
    result: AbcResult, table: EventTable, names: Sequence[str]
) -> dict[str, str]:
    """Keywords of an export: what it rests on, and what of the sample's own is carried over.

    Parameters
    ----------
    result, table
        The sample as it was measured.
    names
        Of its channels, as they are written.
    """
    curve, measured = result.curve, result.measured
    software = f"hladr {software_version()}"
    carried = {name: table.keyword(name) for name in _OF_THE_FILE}
    own = {
        "$LAST_MODIFIER": software,
        "$ORIGINALITY": "DataModified",
        "$SPILLOVER": _spillover(table, names),
        "$TIMESTEP": "1" if table.keywords.text("$TIMESTEP") else None,
        "HLADR_ABC": f"{measured.abc!r}",
        "HLADR_ALGORITHM": ALGORITHM,
        "HLADR_ASSAY": f"{result.assay.name} version {result.assay.version}",
        "HLADR_ASSAY_SHA256": result.assay.sha256,
        "HLADR_BEAD_RANGE": _pair((curve.lowest, curve.top), measured.fp_ratio),
        "HLADR_BEADS_SHA256": curve.provenance.sha256 or _NOT_RECORDED,
        "HLADR_CHANNEL": result.detector.name,
        "HLADR_CI95": _pair(measured.ci95),
        "HLADR_CI95_ANALYSIS": _pair(measured.ci95_analysis),
        "HLADR_FINDINGS": " ".join(dict.fromkeys(f.code for f in result.findings)) or "none",
        "HLADR_GATES_SHA256": result.gating.gates_sha256,
        "HLADR_FP_RATIO": f"{measured.fp_ratio!r}",
        "HLADR_INTERCEPT": f"{curve.intercept!r}",
        "HLADR_LOT": curve.lot.number or _NOT_RECORDED,
        "HLADR_LOT_SHA256": curve.lot.sha256,
        "HLADR_MODEL": curve.model,
        "HLADR_NO_VALUE": NO_VALUE,
        MADE_HERE: result.sample.sha256,
        "HLADR_SLOPE": f"{curve.slope!r}",
        "HLADR_SOFTWARE": software,
        "HLADR_USE": RESEARCH_USE,
        "HLADR_VERDICT": result.verdict.value,
    }
    return {name: text for name, text in (carried | own).items() if text}


def _pair(bounds: tuple[float, float], divisor: float = 1.0) -> str:
    return ",".join(f"{float(bound) / divisor!r}" for bound in bounds)


def _spillover(table: EventTable, names: Sequence[str]) -> str | None:
    """The matrix that the stains were compensated with, in whichever keywords the file had it."""
    try:
        spillover = Spillover.from_table(table)
    except HladrError:  # there is a result: its stains had been compensated before
        return None
    if spillover is None:
        return None
    detectors = [names[table.channel(name).index] for name in spillover.detectors]
    shares = [f"{share!r}" for share in spillover.matrix.ravel().tolist()]
    return ",".join([str(len(detectors)), *detectors, *shares])
