"""Pictures of a report for the pages: measures a sample, shows its report in chromium.

python docs/pictures/make.py [CHROMIUM]
"""

import sys
from pathlib import Path

from chromium import photograph

import hladr
from hladr.gates import GatingStrategy, PolygonGate
from hladr.report import render

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "sample_fcs"
SAMPLE = "borderline.fcs"
SUMMARY_AND_HISTOGRAM = (
    "main > section:not(.cards):not(:nth-of-type(6)), dl, .numbers, p.note, .running "
    "{ display: none } main { margin: 0 auto; width: 860px; padding: 18px 32px }"
)
TO_THE_HISTOGRAM = (
    "main > section:nth-of-type(n + 7), .context, dl, section:nth-of-type(6) .numbers, p.note, "
    ".running { display: none } main { margin-top: 0 }"
)
THE_GATES = (
    "main > section:not(:nth-of-type(5)), header, .note, dl, .populations, .running "
    "{ display: none } main { margin-top: 0; padding-top: 0 } section { border: 0 }"
)
PICTURES = {  # what is hidden, and the window that shows what is left
    "report.png": (SUMMARY_AND_HISTOGRAM, (860, 780)),
    "report-page.png": (TO_THE_HISTOGRAM, (760, 1392)),
}


def main() -> int:
    """Write the pictures; the exit status."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    result = _measured()
    for name, (style, size) in PICTURES.items():
        _show(chromium, result, HERE / name, style, size)
    redrawn = _measured(gates=_redrawn(hladr.gating_strategy(result)))
    _show(chromium, redrawn, HERE / "gates.png", THE_GATES, (760, 890))
    return 0


def _measured(gates: GatingStrategy | None = None) -> hladr.AbcResult:
    return hladr.quantify(
        SAMPLES / SAMPLE,
        beads=SAMPLES / "canto-beads.fcs",
        lot=SAMPLES / "simulated-lot.toml",
        gates=gates,
        ferritin_ng_ml=1240,
        context=hladr.Context(
            subject="S-002",
            drawn_at="2026-03-14T07:40",
            stained_at="2026-03-14T08:15",
            tube_type="EDTA",
        ),
    )


def _redrawn(strategy: GatingStrategy) -> GatingStrategy:
    """The automatic gate with CD14-bright monocytes alone, as somebody might draw them."""
    drawn = strategy.find("monocytes_by_cd14").gate
    corners = [(5e3, 2.4e4), (2e4, 2e4), (6e4, 3e4), (6e4, 8e4), (1e4, 9e4), (5e3, 6e4)]
    bright = PolygonGate.through("bright", drawn.x, drawn.y, corners)
    return strategy.with_gate("monocytes_by_cd14", bright)


def _show(
    chromium: str, result: hladr.AbcResult, target: Path, style: str, size: tuple[int, int]
) -> None:
    page = render(result).replace("</style>", f"{style}</style>", 1)
    photograph(chromium, page, target, size)


if __name__ == "__main__":
    sys.exit(main())
