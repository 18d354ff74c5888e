"""A number that nobody can look at, as its figures cannot be drawn: nobody stands for it."""

from typing import Final

from service.archive.archive import FileDamaged, FileLost
from service.doors.report.figures import Figures, NoFigures
from service.pages.refusal import sentence_of
from service.pages.sample.opened import Opened

_BLOOD: Final = (
    "Send the same file again in its run, with the same subject and barcode, and sign the row that "
    "comes of it as rejected: then the file is whole again. Load this page anew after that."
)
_BEADS: Final = (
    "Send the same bead file again under New run, with no tubes: then the file is whole again. "
    "Load this page anew after that."
)
_GATES: Final = "Only a backup brings it back: tell whoever operates the service: they have one."


def why_undrawn(opened: Opened, figures: Figures | NoFigures) -> str:
    """Return why nobody can look at a number, and what to do; empty where its figures are drawn."""
    error = figures.refused if isinstance(figures, NoFigures) else None
    if error is None:
        return ""
    if isinstance(error, FileLost | FileDamaged):
        name, way = _file(opened, error.sha256)
        return f"The {name} is lost or damaged, so nobody can see what was measured. {way}"
    return sentence_of(error)


def _file(opened: Opened, sha256: str) -> tuple[str, str]:
    """What a file is called here, and how it comes back."""
    blood, measured = opened.told["file"], opened.measured
    if blood is not None and blood["sha256"] == sha256:
        return f"blood file {blood['name']}", _BLOOD
    if measured is not None and measured.calibration.file_sha256 == sha256:
        return f"bead file {measured.calibration.file_name}", _BEADS
    return "file of the gates", _GATES
