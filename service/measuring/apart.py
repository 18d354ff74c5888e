"""Samples with somebody's own gate file, each measured in a process of its own with limits.

Gate files are XML from outside. The process that answers requests never reads one.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from calibration.curve import StandardCurve
from calibration.errors import CalibrationError
from calibration.record import curve_from_dict, curve_to_dict
from hladr.analysis import quantify
from hladr.assay.parsing import parse_assay
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.context import Context
from hladr.criterion.parsing import parse_criterion
from hladr.drawn.source import GateSource
from hladr.errors import HladrError
from hladr.fcs import read_fcs
from hladr.gate_files import write_gatingml
from service.archive.archive import hash_of_file, require_whole
from service.errors import ServiceError
from service.measuring.layout import Layout, drawn
from service.measuring.measuring import Question, curve_alone

SECONDS, BYTES = 60, 6 << 30
"""Of a sample: processor time, and address space (kernels and a mapped file are in it)."""


class MeasuredApartRefused(ServiceError):
    """What the library said of a sample in the other process."""

    code: ClassVar[str] = "REFUSED"
    status: ClassVar[int] = 422

    def __init__(self, *, code: str, message: str) -> None:
        self.__dict__["code"] = code
        super().__init__(message)


class GateFileHarmful(ServiceError):
    """The gate file needs more time or memory than any honest one does."""

    code: ClassVar[str] = "GATE_FILE_HARMFUL"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__(
            "expected gates that can be read and applied with little time and memory; these could "
            "not be. Export them again from the program that drew them."
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """Gates drawn by hand: the file, what its sender calls it, and the population that is meant."""

    path: Path
    name: str
    population: str | None


@dataclass(frozen=True, slots=True)
class ApartOrder:
    """What is to be measured in a process of its own.

    Parameters
    ----------
    sample
        Path and name of the file.
    texts
        The definitions of assay and criterion as they are kept.
    """

    sample: tuple[Path, str]
    calibration: BeadRun | StandardCurve
    question: Question
    texts: tuple[str, str]
    drawn: Drawn

    def told(self) -> dict[str, Any]:
        """Write it as the other process reads it.

        Raises
        ------
        FileDamaged
        """
        for path in (self.sample[0], self.drawn.path):
            require_whole(path, partial(hash_of_file, path))
        curve, context = curve_alone(self.calibration), self.question.context
        return {
            "sample": [str(self.sample[0]), self.sample[1]],
            "curve": curve_to_dict(curve),
            "assay": self.texts[0],
            "criterion": self.texts[1],
            "ferritin_ng_ml": self.question.ferritin_ng_ml,
            "context": {name: getattr(context, name) for name in Context.__dataclass_fields__},
            "gates": [str(self.drawn.path), self.drawn.name],
            "population": self.drawn.population,
        }


def measured_apart(order: ApartOrder) -> Mapping[str, Any]:
    """Return the result of a sample by somebody's own gates, schema ``hladr.result/1``.

    Raises
    ------
    MeasuredApartRefused, GateFileHarmful, FileDamaged
    """
    result: Mapping[str, Any] = _told(order.told())["result"]
    return result


def figures_apart(
    order: ApartOrder, beads: tuple[Path, str], layout: Layout
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return the same with its figures and tables by their names; `beads` is the file of the beads.

    Raises
    ------
    MeasuredApartRefused, GateFileHarmful, FileDamaged
    """
    require_whole(beads[0], partial(hash_of_file, beads[0]))
    told = _told({**order.told(), "beads": [str(beads[0]), beads[1]], "layout": layout})
    return told["result"], told["figures"]


def rewritten_apart(sample: tuple[Path, str], drawn: Drawn) -> tuple[str, str]:
    """Return the gates that a population of a sample rests on as we write them, and its name.

    Raises
    ------
    MeasuredApartRefused, GateFileHarmful, FileDamaged
        What the file holds cannot be written as Gating-ML, too.
    """
    for path in (sample[0], drawn.path):
        require_whole(path, partial(hash_of_file, path))
    order = {
        "sample": [str(sample[0]), sample[1]],
        "gates": [str(drawn.path), drawn.name],
        "population": drawn.population,
    }
    told = _told(order)
    return str(told["written"]), str(told["population"])


def _told(order: Mapping[str, Any]) -> dict[str, Any]:
    answer = _answer(json.dumps(order))
    if "error" in answer:
        raise MeasuredApartRefused(**answer["error"])
    return answer


def _answer(order: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "service.measuring.apart"],
            input=order.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * SECONDS,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise GateFileHarmful from error
    return answer


def main() -> None:
    """Measure the sample that is ordered on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    order = json.load(sys.stdin)
    try:
        said = _measured(order) if "curve" in order else _rewritten(order)
    except (HladrError, CalibrationError) as error:
        said = {"error": {"code": error.code, "message": str(error)}}
    sys.stdout.write(json.dumps(said, allow_nan=False))


def _measured(order: Mapping[str, Any]) -> dict[str, Any]:
    path, name = order["sample"]
    gates, gates_name = order["gates"]
    assay = parse_assay(order["assay"].encode(), source="assay")
    curve = curve_from_dict(order["curve"])
    result = quantify(
        read_fcs(Path(path), name=name),
        curve=curve,
        assay=assay,
        criterion=parse_criterion(order["criterion"].encode(), file="criterion"),
        gates=GateSource.read(Path(gates), gates_name),
        population=order["population"],
        ferritin_ng_ml=order["ferritin_ng_ml"],
        context=Context(**order["context"]),
    )
    if "beads" not in order:
        return {"result": result.to_dict()}
    bead_path, bead_name = order["beads"]
    beads = calibrate_beads(read_fcs(Path(bead_path), name=bead_name), curve.lot, assay=assay)
    whole = replace(result, bead_evidence=beads.evidence)
    return {"result": result.to_dict(), "figures": drawn(whole, Layout(order["layout"]))}


def _rewritten(order: Mapping[str, Any]) -> dict[str, Any]:
    path, name = order["sample"]
    table = read_fcs(Path(path), name=name)
    source = GateSource.read(Path(order["gates"][0]), order["gates"][1])
    gates = source.gates_for(table, order["population"])
    return {"written": write_gatingml(gates.strategy), "population": gates.path[-1]}


if __name__ == "__main__":
    main()
