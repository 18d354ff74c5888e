"""What is refused about gate files.

GateFileError
├── GateFileTooLarge        GATE_FILE_TOO_LARGE        more bytes, elements or levels than allowed
├── GateFileForbidden       GATE_FILE_FORBIDDEN        a DOCTYPE or an entity
├── GateFileNotXml          GATE_FILE_NOT_XML          not well-formed
├── GateFileUnknown         GATE_FILE_UNKNOWN          not Gating-ML 2.0 nor a FlowJo 10 workspace
├── GateFileInvalid         GATE_FILE_INVALID          something is missing, twice, or no number
├── GateNotSupported        GATE_NOT_SUPPORTED         cannot be executed exactly as drawn
├── GateNotWritable         GATE_NOT_WRITABLE          Gating-ML 2.0 has no words for it
├── SampleNotInWorkspace    SAMPLE_NOT_IN_WORKSPACE    no sample of this file name
└── SampleAmbiguous         SAMPLE_AMBIGUOUS           several samples of this file name
"""

from collections.abc import Sequence
from typing import ClassVar

from hladr.errors import HladrError

_MOST_NAMED = 20


class GateFileError(HladrError):
    """A gate file cannot be used."""

    code: ClassVar[str] = "GATE_FILE_ERROR"


class GateFileTooLarge(GateFileError):
    """A gate file is larger than any program writes."""

    code: ClassVar[str] = "GATE_FILE_TOO_LARGE"

    def __init__(self, *, what: str, limit: int) -> None:
        self.what, self.limit = what, limit
        super().__init__(
            f"the gate file has more than {limit:,} {what}. Save the gates alone, or a workspace "
            "with fewer samples."
        )


class GateFileForbidden(GateFileError):
    """A gate file declares a document type or an entity."""

    code: ClassVar[str] = "GATE_FILE_FORBIDDEN"

    def __init__(self, *, found: str, line: int) -> None:
        self.found, self.line = found, line
        super().__init__(
            f"the gate file has {found} in line {line}; no program that draws gates writes one, "
            "and it can pull in other files. Save the gates again from the program that drew them."
        )


class GateFileNotXml(GateFileError):
    """A gate file is not well-formed XML."""

    code: ClassVar[str] = "GATE_FILE_NOT_XML"

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"the gate file is not XML: {reason}. Give a Gating-ML 2.0 file or a FlowJo 10 "
            "workspace (.wsp), whole and unchanged."
        )


class GateFileUnknown(GateFileError):
    """XML, but neither Gating-ML 2.0 nor a FlowJo 10 workspace."""

    code: ClassVar[str] = "GATE_FILE_UNKNOWN"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected Gating-ML 2.0 or a FlowJo 10 workspace, found {found}. Save the gates in "
            "one of the two."
        )


class GateFileInvalid(GateFileError):
    """Something in a gate file is missing, there twice, or not what it should be."""

    code: ClassVar[str] = "GATE_FILE_INVALID"

    def __init__(self, *, where: str, expected: str, found: str) -> None:
        self.where, self.expected, self.found = where, expected, found
        super().__init__(
            f"{where}: expected {expected}, found {found}. Save the gates again from the program "
            "that drew them."
        )


class GateNotSupported(GateFileError):
    """A gate cannot be executed exactly as it was drawn."""

    code: ClassVar[str] = "GATE_NOT_SUPPORTED"

    def __init__(self, *, where: str, found: str) -> None:
        self.where, self.found = where, found
        super().__init__(
            f"{where} cannot be executed exactly as drawn: {found}. Draw it with a rectangle, "
            "polygon, ellipse or quadrant on a linear, log, arcsinh, logicle or biexponential "
            "scale, or leave it out of the file."
        )


class GateNotWritable(GateFileError):
    """Gating-ML 2.0 has no words for a gate."""

    code: ClassVar[str] = "GATE_NOT_WRITABLE"

    def __init__(self, *, gate: str, found: str) -> None:
        self.gate, self.found = gate, found
        super().__init__(
            f"gate {gate!r} cannot be written as Gating-ML 2.0: {found}. Draw it on a linear, log, "
            "asinh, logicle or hyperlog scale, with a name of its own."
        )


class SampleNotInWorkspace(GateFileError):
    """A workspace has no sample of this file name."""

    code: ClassVar[str] = "SAMPLE_NOT_IN_WORKSPACE"

    def __init__(self, *, sample: str, present: Sequence[str]) -> None:
        self.sample, self.present = sample, tuple(present)
        super().__init__(
            f"the workspace has no sample {sample!r}; it holds {_listed(present)}. Give the file "
            "its name in the workspace, or add it there."
        )


class SampleAmbiguous(GateFileError):
    """A workspace has several samples of this file name."""

    code: ClassVar[str] = "SAMPLE_AMBIGUOUS"

    def __init__(self, *, sample: str, candidates: Sequence[str]) -> None:
        self.sample, self.candidates = sample, tuple(candidates)
        super().__init__(
            f"the workspace has several samples {sample!r}: {_listed(candidates)}. Leave one of "
            "them in the workspace."
        )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_MOST_NAMED]) or "none"
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
