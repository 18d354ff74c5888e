"""FlowJo 10 workspaces: which sample, and the gates that it has there."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from hladr.fcs.table import EventTable
from hladr.gate_files.errors import (
    GateFileInvalid,
    GateFileUnknown,
    SampleAmbiguous,
    SampleNotInWorkspace,
)
from hladr.gate_files.fields import shown
from hladr.gate_files.flowjo_gates import strategy_of
from hladr.gate_files.xml import Attributes, Element
from hladr.gates import GatingStrategy

WORKSPACE = "Workspace"
_VERSION = "20.0"
# What looks of plots, groups, tables and layouts are made of; the gates of a group are repeated in
# each of its samples.
_DROPPED = frozenset(
    {
        "Annotation", "Columns", "Cytometers", "Exports", "Graph", "Groups", "LayoutEditor",
        "Matrices", "SOPS", "Scripts", "TableEditor", "TextTraits", "WindowPosition", "experiment",
        "weights",
    }
)  # fmt: skip
_KEYWORD, _FILE_NAME = "Keyword", "$FIL"


def check_version(root: Element) -> None:
    """Refuse workspaces of other versions than FlowJo 10's."""
    version = root.attributes.get("version", "")
    if version != _VERSION:
        program = root.attributes.get("flowJoVersion", "an unknown version")
        raise GateFileUnknown(found=f"a workspace {shown(version)} of FlowJo {shown(program)}")


def is_dropped(name: str, attributes: Attributes) -> bool:
    """Whether an element of a workspace says nothing about the gates of a sample."""
    return name in _DROPPED or (name == _KEYWORD and attributes.get("name") != _FILE_NAME)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of a workspace.

    Parameters
    ----------
    element
        All that the workspace says of it.
    number
        How the workspace counts it.
    address, name, recorded
        File names: of the address (DataSet), of the sample node, of ``$FIL``; empty where not
        given.
    """

    element: Element
    number: str
    address: str
    name: str
    recorded: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """Samples of a workspace, each with its own gates."""

    samples: tuple[Sample, ...]

    def strategy_for(self, table: EventTable) -> GatingStrategy:
        """Return the gates of the sample whose file name is the table's."""
        return strategy_of(self.sample_for(table).element, table)

    def sample_for(self, table: EventTable) -> Sample:
        """Return the sample of this file name: by address, else by name, else by ``$FIL``.

        Raises
        ------
        SampleNotInWorkspace, SampleAmbiguous
        """
        wanted = file_name(table.name)
        for kind in ("address", "name", "recorded"):
            found = [each for each in self.samples if getattr(each, kind) == wanted]
            if len(found) > 1:
                candidates = [f"{each.name} (sample {each.number})" for each in found]
                raise SampleAmbiguous(sample=wanted, candidates=candidates)
            if found:
                return found[0]
        present = [each.address or each.name for each in self.samples]
        raise SampleNotInWorkspace(sample=wanted, present=present)


def read_workspace(root: Element) -> Workspace:
    """Return the samples of a workspace; their gates are read when one is asked for."""
    lists = list(root.all("SampleList"))
    elements = [sample for each in lists for sample in each.all("Sample")]
    if not elements:
        raise GateFileInvalid(where="workspace", expected="one sample or more", found="none")
    return Workspace(tuple(_sample(element) for element in elements))


def _sample(element: Element) -> Sample:
    data = element.first("DataSet")
    node = element.first("SampleNode")
    keywords = element.first("Keywords")
    recorded = None if keywords is None else keywords.first(_KEYWORD)
    return Sample(
        element,
        "" if data is None else data.attributes.get("sampleID", ""),
        "" if data is None else file_name(unquote(data.attributes.get("uri", ""))),
        "" if node is None else node.attributes.get("name", ""),
        "" if recorded is None else file_name(recorded.attributes.get("value", "")),
    )


def file_name(path: str) -> str:
    """Last part of a path of any system, or of an address."""
    return re.split(r"[/\\]", path)[-1].strip()
