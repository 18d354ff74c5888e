"""Make the simulated part of sample_fcs/: FCS files, lot file, manifest, the table in README.md.

    python scripts/make_sample_fcs.py             writes into sample_fcs/
    python scripts/make_sample_fcs.py --check     exits with 1 where a file would come out otherwise

The same simulator gives the same bytes.
"""

import csv
import hashlib
import io
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from hladr.simulate import (
    BeadSpec,
    BloodSpec,
    Instrument,
    beads,
    blood,
    calibur,
    canto,
    healthy,
    immunoparalysis,
    sepsis,
    with_monocytes,
)

FOLDER = Path(__file__).resolve().parents[1] / "sample_fcs"
EVENTS = 20_000
MONOCYTES = 1_600
BEAD_EVENTS = 6_000
DAY = "2026-03-14"

LOT_FILE = "simulated-lot.toml"
LOT = """\
# Assigned values of the simulated beads in this folder. They belong to no real lot.
maker = "hladr.simulate"
product = "simulated PE beads, four levels"
number = "SIM-1"
expires = 2099-12-31
unit = "PE molecules"
assigned = [474, 5359, 23843, 62336]
"""

TABLE_BEGIN, TABLE_END = "<!-- simulated files -->", "<!-- end of simulated files -->"


def kept_columns(instrument: Instrument, *names: str) -> Instrument:
    """Keep the instrument's columns that the assay needs, so that the files stay small."""
    readouts = tuple(each for each in instrument.readouts if each.name in names)
    return replace(instrument, readouts=readouts)


CANTO = kept_columns(canto(), "FSC-A", "FSC-H", "SSC-A", "PE-A", "PerCP-Cy5-5-A", "V500-A")
CALIBUR = kept_columns(calibur(), "FSC-H", "SSC-H", "FL2-H", "FL3-H")


@dataclass(frozen=True)
class Tube:
    """A blood tube, the ferritin of the draw, and what has to come out, by the criterion."""

    name: str
    subject: str
    instrument: Instrument
    beads: str
    spec: BloodSpec
    ferritin: str
    clock: str
    expected_class: str
    expected_verdict: str
    what: str


BEAD_TUBES: Mapping[str, tuple[Instrument, str]] = {
    "canto-beads.fcs": (CANTO, "09:05:41"),
    "calibur-beads.fcs": (CALIBUR, "13:02:10"),
}
TUBES = (
    Tube(
        "healthy.fcs", "S-001", CANTO, "canto-beads.fcs", healthy, "86", "09:31:07",
        "unclassified", "pass", "healthy donor",
    ),
    Tube(
        "borderline.fcs", "S-002", CANTO, "canto-beads.fcs", replace(sepsis, hla_dr=4_850.0),
        "1240", "09:44:30", "immunoparalysis", "pass", "just under the cut-off: not decisive",
    ),
    Tube(
        "mals.fcs", "S-003", CANTO, "canto-beads.fcs", sepsis, "12600", "09:58:12",
        "MALS", "pass", "ferritin takes precedence over HLA-DR",
    ),
    Tube(
        "immunoparalysis.fcs", "S-004", CALIBUR, "calibur-beads.fcs", immunoparalysis, "812",
        "13:20:45", "immunoparalysis", "pass", "10-bit logarithmic file, no CD45",
    ),
    Tube(
        "forgotten-stain.fcs", "S-005", CALIBUR, "calibur-beads.fcs",
        replace(sepsis, staining=0.0), "930", "13:34:02", "undetermined", "reject",
        "anti-HLA-DR forgotten: looks like immunoparalysis, and must not be called so",
    ),
)  # fmt: skip


def at(clock: str) -> datetime:
    """Local time of acquisition; FCS knows no zones."""
    return datetime.fromisoformat(f"{DAY}T{clock}")


def make(folder: Path) -> dict[str, str]:
    """Write files into a folder; what is true of each, by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOT_FILE).write_text(LOT, encoding="utf-8")
    facts: dict[str, str] = {}
    for seed, (name, (instrument, clock)) in enumerate(BEAD_TUBES.items(), start=101):
        spec = BeadSpec(events=BEAD_EVENTS, started_at=at(clock))
        beads(spec, instrument, np.random.default_rng(seed)).recording.write(folder / name)
        facts[name] = f"beads of {LOT_FILE}"
    rows = []
    for seed, tube in enumerate(TUBES, start=201):
        started = replace(tube.spec, events=EVENTS, started_at=at(tube.clock))
        spec = with_monocytes(started, MONOCYTES)
        sample = blood(spec, tube.instrument, np.random.default_rng(seed))
        sample.recording.write(folder / tube.name)
        abc = sample.truth.abc
        rows.append(manifest_row(tube, abc))
        answer = f"{abc:,.0f} AB/c on {sample.truth.monocytes:,} monocytes"
        if tube.spec.staining == 0.0:
            answer = "no number"
        facts[tube.name] = (
            f"{tube.what}; {answer}, ferritin {tube.ferritin}: {tube.expected_class}, "
            f"{tube.expected_verdict}"
        )
    (folder / "manifest.csv").write_text(as_csv(rows), encoding="utf-8")
    return facts


def manifest_row(tube: Tube, abc: float) -> dict[str, str]:
    """One row of the manifest, with the expected answer in columns of its own."""
    return {
        "sample": tube.name,
        "beads": tube.beads,
        "lot": LOT_FILE,
        "ferritin_ng_ml": tube.ferritin,
        "subject": tube.subject,
        "drawn_at": f"{DAY}T07:40:00",
        "stained_at": f"{DAY}T08:15:00",
        "tube_type": "EDTA",
        "preparation": "lyse-wash",
        "kind": "patient",
        "true_abc": f"{abc:.1f}" if tube.spec.staining else "",
        "expected_class": tube.expected_class,
        "expected_verdict": tube.expected_verdict,
    }


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows as CSV text with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def readme_table(folder: Path, facts: Mapping[str, str]) -> str:
    """The README's table of simulated files."""
    lines = ["| file | what it is, and the expected answer | SHA-256 |", "|---|---|---|"]
    for name, fact in facts.items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        lines.append(f"| `{name}` | {fact} | `{digest}` |")
    return "\n".join(lines)


def with_table(readme: str, table: str) -> str:
    """The README with its table renewed."""
    before, rest = readme.split(TABLE_BEGIN)
    after = rest.split(TABLE_END)[1]
    return f"{before}{TABLE_BEGIN}\n\n{table}\n\n{TABLE_END}{after}"


def differences() -> list[str]:
    """Names of the files that would come out otherwise."""
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        facts = make(fresh)
        made = sorted(path.name for path in fresh.iterdir())
        different = [
            name
            for name in made
            if not (FOLDER / name).is_file()
            or (FOLDER / name).read_bytes() != (fresh / name).read_bytes()
        ]
        readme = (FOLDER / "README.md").read_text(encoding="utf-8")
        if with_table(readme, readme_table(fresh, facts)) != readme:
            different.append("README.md")
    return different


def main() -> None:
    """Write, or with ``--check`` compare."""
    if sys.argv[1:] == ["--check"]:
        different = differences()
        sys.exit(
            f"these files would come out otherwise: {', '.join(different)}" if different else 0
        )
    facts = make(FOLDER)
    readme = FOLDER / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(with_table(text, readme_table(FOLDER, facts)), encoding="utf-8")


if __name__ == "__main__":
    main()
