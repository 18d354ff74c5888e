"""FCS files in, monocyte HLA-DR in antibodies bound per cell (AB/c) out.

>>> import hladr
>>> result = hladr.quantify("patient.fcs", beads="beads.fcs", lot="474,5359,23843,62336")
... # doctest: +SKIP
>>> result.verdict, result.hla_dr.abc, result.hla_dr.ci95  # doctest: +SKIP

`read_fcs` gives the events of one file, `quantify` does the whole job. Research use only.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hladr.analysis import quantify
    from hladr.context import Context
    from hladr.errors import HladrError
    from hladr.fcs.reader import read_fcs
    from hladr.fcs.table import Channel, EventTable
    from hladr.gates_used.gating import gating_strategy
    from hladr.result import AbcResult, Verdict
    from hladr.trajectory import Trajectory
    from hladr.trial import Eligibility

__all__ = [
    "AbcResult",
    "Channel",
    "Context",
    "Eligibility",
    "EventTable",
    "HladrError",
    "Trajectory",
    "Verdict",
    "gating_strategy",
    "quantify",
    "read_fcs",
]

_HOMES = {
    "AbcResult": "hladr.result",
    "Channel": "hladr.fcs.table",
    "Context": "hladr.context",
    "Eligibility": "hladr.trial",
    "EventTable": "hladr.fcs.table",
    "HladrError": "hladr.errors",
    "Trajectory": "hladr.trajectory",
    "Verdict": "hladr.result",
    "gating_strategy": "hladr.gates_used.gating",
    "quantify": "hladr.analysis",
    "read_fcs": "hladr.fcs.reader",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checker sees the imports above
    """Load what is asked for, when it is asked for: the kernels' compiler is not free."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hladr' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
