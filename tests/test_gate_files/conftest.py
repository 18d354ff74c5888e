"""Events to read gate files with, and FlowKit as the other reader."""

import warnings
from pathlib import Path

import flowkit
import numpy as np
import pytest
from oracle_gate_files import CHANNELS, FLUORESCENCE, MATRIX

from hladr.fcs import OutputChannel, read_fcs, write_fcs
from hladr.gate_files import parse_gates
from hladr.gates import EventColumns


@pytest.fixture(scope="session")
def fcs(tmp_path_factory) -> Path:
    """A float file with a matrix of its own and a time step."""
    rng = np.random.default_rng(11)
    n = 5000
    values = {
        "FSC-A": rng.normal(90000.0, 30000.0, n),
        "SSC-A": rng.normal(60000.0, 20000.0, n),
        "Time": np.arange(n, dtype=float),
    }
    for name in FLUORESCENCE:
        values[name] = np.concatenate([rng.lognormal(7.0, 1.5, n // 2), rng.normal(0, 200, n // 2)])
    path = tmp_path_factory.mktemp("gates") / "s.fcs"
    channels = [OutputChannel(name=name, values=values[name]) for name in CHANNELS]
    matrix = ",".join(str(value) for row in MATRIX for value in row)
    keywords = {
        "$TIMESTEP": "0.01",
        "$FIL": "s.fcs",
        "$SPILLOVER": f"3,{','.join(FLUORESCENCE)},{matrix}",
    }
    write_fcs(path, channels, keywords=keywords)
    return path


@pytest.fixture(scope="session")
def table(fcs):
    return read_fcs(fcs)


@pytest.fixture(scope="session")
def ours(table):
    """Masks by label of a gate file's bytes."""

    def masks(content):
        strategy = parse_gates(content).strategy_for(table)
        found = strategy.apply(EventColumns(table))
        return dict(zip(strategy.labels(), found.values(), strict=True))

    return masks


@pytest.fixture(scope="session")
def theirs(fcs, tmp_path_factory):
    """Masks by label that FlowKit finds."""

    def masks(content, labels):
        path = tmp_path_factory.mktemp("flowkit") / "gates"
        path.write_bytes(content)
        one = flowkit.Sample(fcs)
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            results = analysed(path, one, workspace=b"<Workspace" in content[:200])
        return {label: results.get_gate_membership(label) for label in labels}

    def analysed(path, one, *, workspace):
        if workspace:
            read = flowkit.Workspace(path, fcs_samples=[one])
            read.analyze_samples(sample_id=one.id, verbose=False)
            return read.get_gating_results(one.id)
        return flowkit.parse_gating_xml(str(path)).gate_sample(one)

    return masks
