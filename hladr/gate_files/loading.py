"""A gate file by its content: Gating-ML 2.0 or a FlowJo 10 workspace."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gate_files.errors import GateFileTooLarge, GateFileUnknown
from hladr.gate_files.fields import STANDARD, shown
from hladr.gate_files.gatingml import CUSTOM_INFO, ROOT, read_gatingml
from hladr.gate_files.workspace import WORKSPACE, check_version, is_dropped, read_workspace
from hladr.gate_files.xml import Attributes, Dropped, Element, parse_xml
from hladr.gates import GatingStrategy

LARGEST_GATINGML = 8 << 20
LARGEST_WORKSPACE = 64 << 20


class GateFile(Protocol):
    """Gates as a file holds them."""

    def strategy_for(self, table: EventTable) -> GatingStrategy:
        """Return the gates of one sample; a workspace is asked by file name.

        Raises
        ------
        SampleNotInWorkspace, SampleAmbiguous
            A workspace does not say which of its gates are meant.
        GateFileInvalid, GateNotSupported, InvalidGate
            A gate of the sample cannot be executed exactly; with its name.
        """
        ...


@dataclass(frozen=True, slots=True)
class GatesForAll:
    """A gate file whose gates are for every sample: Gating-ML."""

    strategy: GatingStrategy

    def strategy_for(self, table: EventTable) -> GatingStrategy:  # noqa: ARG002 - of any sample
        """Return the gates of the file."""
        return self.strategy


def load_gates(path: str | os.PathLike[str]) -> GateFile:
    """Read Gating-ML 2.0 (up to 8 MiB) or a FlowJo 10 workspace (up to 64 MiB).

    Raises
    ------
    GateFileTooLarge, GateFileForbidden, GateFileNotXml, GateFileUnknown
        The file is not one of them, or may do harm.
    GateFileInvalid, GateNotSupported, InvalidGate
        A gate cannot be executed exactly; with its name.
    OSError
        The system does not give the bytes.
    """
    try:
        return parse_gates(read_gate_bytes(path))
    except HladrError as error:
        raise error.about(Path(path).name) from error


def read_gate_bytes(path: str | os.PathLike[str]) -> bytes:
    """Bytes of a gate file, no more than `parse_gates` needs to refuse one that is too large."""
    with Path(path).open("rb") as file:
        return file.read(LARGEST_WORKSPACE + 1)


def parse_gates(content: bytes) -> GateFile:
    """Gates of a file's bytes, see `load_gates`."""
    if len(content) > LARGEST_WORKSPACE:
        raise GateFileTooLarge(what="bytes", limit=LARGEST_WORKSPACE)

    def opened(root: Element) -> Dropped:
        if root.name == ROOT:
            if len(content) > LARGEST_GATINGML:
                raise GateFileTooLarge(what="bytes of Gating-ML", limit=LARGEST_GATINGML)
            return _is_custom_info
        if root.name == WORKSPACE:
            check_version(root)
            return is_dropped
        raise GateFileUnknown(found=_described(root))

    root = parse_xml(content, opened)
    return GatesForAll(read_gatingml(root)) if root.name == ROOT else read_workspace(root)


def _is_custom_info(name: str, _attributes: Attributes) -> bool:
    return name == CUSTOM_INFO


def _described(root: Element) -> str:
    namespace, _, name = root.name.rpartition(" ")
    if name == "Gating-ML" and namespace.startswith(STANDARD.partition("v2.0")[0]):
        version = namespace.removeprefix(STANDARD.partition("v2.0")[0]).partition("/")[0]
        return f"Gating-ML {shown(version)}"
    return f"a document {shown(name)}" + (f" of {shown(namespace)}" if namespace else "")
