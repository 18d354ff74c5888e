"""The sample files that travel with the package, and their manifest."""

import csv
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

from hladr.errors import HladrError

MANIFEST = "manifest.csv"


class SampleFilesMissing(HladrError):
    """The package was installed without its sample files."""

    code: ClassVar[str] = "SAMPLE_FILES_MISSING"

    def __init__(self, *, places: tuple[str, ...]) -> None:
        self.places = places
        super().__init__(
            f"expected the sample files in {' or '.join(places)}; found none. Install hladr again "
            "from its wheel, or run from a checkout."
        )


@dataclass(frozen=True, slots=True)
class SampleCase:
    """A row of the manifest: what to measure, and what has to come out.

    `true_abc` is in AB/c; None where no number may come out.
    """

    sample: Path
    beads: Path
    lot: Path
    ferritin_ng_ml: str
    context: dict[str, str]
    true_abc: float | None
    expected_class: str
    expected_verdict: str


def sample_folder() -> Path:
    """Folder of the sample files: inside the installed package, or in the checkout.

    Raises
    ------
    SampleFilesMissing
        It is in neither place.
    """
    package = Path(str(files("hladr.cli"))).parent
    places = (package / "sample_fcs", package.parent / "sample_fcs")
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    raise SampleFilesMissing(places=tuple(map(str, places)))


def sample_cases(folder: Path) -> tuple[SampleCase, ...]:
    """Rows of the manifest in a folder of sample files."""
    with (folder / MANIFEST).open(encoding="utf-8", newline="") as file:
        return tuple(_case(folder, row) for row in csv.DictReader(file))


def _case(folder: Path, row: dict[str, str]) -> SampleCase:
    context = ("subject", "drawn_at", "stained_at", "tube_type", "preparation")
    return SampleCase(
        sample=folder / row["sample"],
        beads=folder / row["beads"],
        lot=folder / row["lot"],
        ferritin_ng_ml=row["ferritin_ng_ml"],
        context={name: row[name] for name in context},
        true_abc=float(row["true_abc"]) if row["true_abc"] else None,
        expected_class=row["expected_class"],
        expected_verdict=row["expected_verdict"],
    )
