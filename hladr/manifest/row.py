"""One sample of a manifest."""

from dataclasses import dataclass
from enum import StrEnum

from hladr.context import Context


class Kind(StrEnum):
    """What a blood tube is measured for."""

    PATIENT = "patient"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """A sample, and what it is to be measured with; None = not said.

    Either `beads` and `lot` are there, or `curve` is.

    Parameters
    ----------
    line
        Where it begins: line of the CSV file or number of the Parquet row, from 1.
    sample
        The blood file as the manifest has it; the name of the row in results.
    sample_path
        Where it is: an absolute path, or an address ``s3://…``.
    beads, curve, gates
        Where they are, likewise.
    lot
        The assigned values, or where the lot file is.
    assay, criterion
        Built-in name, or where the definition file is.
    population
        Which of the gates holds the monocytes.
    ferritin_ng_ml
        As written; `hladr.ferritin.parse_ferritin` reads it.
    context
        Subject, times, tube, site, visit.
    kind
        Patient where the manifest says nothing.
    carried
        Name and cell of the columns that mean nothing here, in their order.
    """

    line: int
    sample: str
    sample_path: str
    beads: str | None
    curve: str | None
    lot: str | None
    assay: str | None
    gates: str | None
    population: str | None
    criterion: str | None
    ferritin_ng_ml: str | None
    context: Context
    kind: Kind
    carried: tuple[tuple[str, str], ...]
