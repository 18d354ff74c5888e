"""Pictures of a report for the pages: measures a sample, shows its report in chromium.

python docs/pictures/make.py [CHROMIUM]
"""

import sys
from pathlib import Path

from chromium import photograph

import hladr
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
PICTURES = {  # what is hidden, and the window that shows what is left
    "report.png": (SUMMARY_AND_HISTOGRAM, (860, 780)),
    "report-page.png": (TO_THE_HISTOGRAM, (760, 1900)),
}


def main() -> int:
    """Write the pictures; the exit status."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    result = hladr.quantify(
        SAMPLES / SAMPLE,
        beads=SAMPLES / "canto-beads.fcs",
        lot=SAMPLES / "simulated-lot.toml",
        ferritin_ng_ml=1240,
        context=hladr.Context(
            subject="S-002",
            drawn_at="2026-03-14T07:40",
            stained_at="2026-03-14T08:15",
            tube_type="EDTA",
        ),
    )
    for name, (style, size) in PICTURES.items():
        shown = render(result).replace("</style>", f"{style}</style>", 1)
        photograph(chromium, shown, HERE / name, size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
