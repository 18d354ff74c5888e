"""Picture of how sure a class is at a distance from 5,000 AB/c, for published CVs.

python docs/pictures/certainty.py
"""

import sys
from pathlib import Path

from hladr.report.certainty_figure import draw_certainty

TARGET = Path(__file__).resolve().parent / "certainty.svg"
CURVES = (
    ("CV 3.2 %, one tube repeated", 0.032),
    ("CV 4 %, between cytometers", 0.04),
    ("CV 15 %, between laboratories", 0.15),
    ("CV 25 %, the same, stained first", 0.25),
)


def main() -> int:
    """Write the picture; the exit status."""
    TARGET.write_text(f"{draw_certainty(5_000.0, CURVES)}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
