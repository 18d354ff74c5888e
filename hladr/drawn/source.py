"""Somebody's own gates as they were given, read once for many samples."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hladr.drawn.population import DrawnGates, monocytes_of
from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gates.strategy import GatingStrategy

if TYPE_CHECKING:
    from hladr.gate_files.loading import GateFile


@dataclass(frozen=True, slots=True)
class GateSource:
    """Gates as they were given, read once for many samples.

    Parameters
    ----------
    file
        Asked for the gates of a sample.
    sha256
        Of the gate file; of a strategy, of its Gating-ML.
    """

    file: "GateFile"
    sha256: str

    @classmethod
    def of(cls, gates: "GatingStrategy | GateSource | str | Path") -> "GateSource":
        """Return the source of a gate file or of a strategy.

        A strategy that Gating-ML has no words for, such as one of a FlowJo workspace, goes by the
        hash of its Python form.
        """
        from hladr.gate_files.loading import GatesForAll

        if isinstance(gates, GateSource):
            return gates
        if isinstance(gates, GatingStrategy):
            return cls(GatesForAll(gates), _sha256(_text_of(gates).encode()))
        return cls.read(Path(gates), Path(gates).name)

    @classmethod
    def read(cls, path: Path, name: str) -> "GateSource":
        """Return the source of a gate file; errors call it `name`.

        Raises
        ------
        GateFileError, InvalidGate
        OSError
            The system does not give the bytes.
        """
        from hladr.gate_files.loading import parse_gates, read_gate_bytes

        content = read_gate_bytes(path)
        try:
            return cls(parse_gates(content), _sha256(content))
        except HladrError as error:
            raise error.about(name) from error

    def gates_for(self, table: EventTable, population: str | None) -> "DrawnGates":
        """Return the gates that a population of one sample rests on.

        Parameters
        ----------
        table
            The sample; a workspace is asked by its file name.
        population
            Id or path of the gate that holds the monocytes. None: the one called ``monocytes`` or
            ``mono`` in any case, else the only one on which no other rests.

        Raises
        ------
        GateNotFound, AmbiguousGate, PopulationNotNamed
        GateFileError, GateError
            The gate file cannot be honoured.
        """
        strategy = self.file.strategy_for(table)
        node = monocytes_of(strategy) if population is None else strategy.find(population)
        return DrawnGates(strategy.resting_on(node.path), node.path, self.sha256)


def _text_of(strategy: GatingStrategy) -> str:
    from hladr.gate_files.errors import GateNotWritable
    from hladr.gate_files.writing import write_gatingml

    try:
        return write_gatingml(strategy)
    except GateNotWritable:
        return repr(strategy.nodes)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
