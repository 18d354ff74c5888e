"""Gate files of other programs: Gating-ML 2.0 and FlowJo 10 workspaces, read and written."""

from hladr.gate_files.errors import (
    GateFileError,
    GateFileForbidden,
    GateFileInvalid,
    GateFileNotXml,
    GateFileTooLarge,
    GateFileUnknown,
    GateNotSupported,
    GateNotWritable,
    SampleAmbiguous,
    SampleNotInWorkspace,
)
from hladr.gate_files.loading import GateFile, load_gates, parse_gates
from hladr.gate_files.writing import write_gatingml
from hladr.gate_files.written import read_written

__all__ = [
    "GateFile",
    "GateFileError",
    "GateFileForbidden",
    "GateFileInvalid",
    "GateFileNotXml",
    "GateFileTooLarge",
    "GateFileUnknown",
    "GateNotSupported",
    "GateNotWritable",
    "SampleAmbiguous",
    "SampleNotInWorkspace",
    "load_gates",
    "parse_gates",
    "read_written",
    "write_gatingml",
]
