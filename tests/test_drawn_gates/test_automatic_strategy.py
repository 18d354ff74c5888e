"""The automatic gate as gates on the file's channels: the same events, here and in FlowKit."""

import dataclasses
import io
import re
import warnings
from pathlib import Path

import flowkit
import numpy as np
import oracle_hostile
import pytest

import hladr
from hladr.assay import load_assay
from hladr.gate_files import parse_gates, write_gatingml
from hladr.gates import EventColumns, GatingStrategy, PolygonGate, RectangleGate
from hladr.gates_used.automatic_steps import automatic_chain
from hladr.gates_used.automatic_strategy import AutomaticNotDrawable, automatic_strategy
from hladr.gating import gate_monocytes
from hladr.panel import find_panel
from hladr.sample_columns import read_columns

ASSAY = load_assay("quantibrite-340827")
SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
CASES = (
    "sepsis", "healthy_canto", "healthy_navios", "sepsis_calibur", "immunoparalysis_no_cd45",
    "blood_saturated", "doublets_12", "red_cells_25", "monocytes_700", "cd64_bright",
)  # fmt: skip
NUDGE = 1e-9


def gated(table):
    """Automatic gate, its strategy with the strategy's masks, and the chain of its steps."""
    columns = read_columns(table, find_panel(table, ASSAY))
    gate = gate_monocytes(columns.cells, ASSAY.purity)
    strategy = automatic_strategy(gate, columns)
    chain = automatic_chain(gate, columns.cells)
    return gate, strategy, strategy.apply(EventColumns(table)), chain


def assert_same(gate, strategy, masks, chain):
    by_id = {path[-1]: mask for path, mask in masks.items()}
    assert strategy.nodes[-1].id == "monocytes"
    np.testing.assert_array_equal(by_id["monocytes"], gate.monocytes)
    for name in ("singlets", "leukocytes"):
        if name in by_id:
            np.testing.assert_array_equal(by_id[name], getattr(gate, name))
    first, *steps, lymphocytes = chain
    assert [each.name for each in steps] == [path[-1] for path in masks if not part_of(path[-1])]
    for step, above in zip(steps, (first, *steps), strict=False):
        np.testing.assert_array_equal(step.mask, by_id[step.name], step.name)
        assert (step.parent, step.parent_count) == (above.name, above.count)
    assert lymphocytes.parent in {"leukocytes", "singlets", "steady", "on_scale"}


def part_of(name):
    """Whether a gate is one of some that another is joined from."""
    return re.search("_[0-9]$", name) is not None


@pytest.mark.parametrize("case", CASES)
def test_the_gates_hold_the_events_of_the_automatic_gate_and_no_other(patient, case):
    gate, strategy, masks, chain = gated(patient(case, 2, 15_000).table())
    assert gate.monocytes.sum() > 100
    assert_same(gate, strategy, masks, chain)


@pytest.mark.parametrize(("case", "steady"), [("clog_8", 3), ("carry_over_25", 1), ("bubble", 3)])
def test_so_they_do_on_tubes_of_another_simulator_with_clogs_and_carry_over(case, steady):
    pair = oracle_hostile.make_pair(case, 1)
    gate, strategy, masks, chain = gated(hladr.read_fcs(io.BytesIO(pair.blood)))
    assert_same(gate, strategy, masks, chain)
    assert sum("steady" in node.id for node in strategy.nodes) == steady


@pytest.mark.parametrize("name", ["healthy", "borderline", "immunoparalysis", "mals"])
def test_so_they_do_on_the_sample_files(name):
    assert_same(*gated(hladr.read_fcs(SAMPLES / f"{name}.fcs")))


@pytest.mark.parametrize("case", CASES)
def test_written_and_read_back_they_are_the_same_gates(patient, case):
    table = patient(case, 2, 15_000).table()
    _, strategy, *_ = gated(table)
    assert parse_gates(write_gatingml(strategy).encode()).strategy_for(table) == strategy


def nudged(strategy, by):
    """Every edge moved by a hair: scale values of polygons, bounds relative to themselves."""
    nodes = []
    for node in strategy.nodes:
        gate = node.gate
        if isinstance(gate, PolygonGate):
            vertices = tuple((x + by, y + by) for x, y in gate.vertices)
            gate = dataclasses.replace(gate, vertices=vertices)
        elif isinstance(gate, RectangleGate):
            moved = [
                dataclasses.replace(
                    each,
                    low=None if each.low is None else each.low * (1 + by),
                    high=None if each.high is None else each.high * (1 + by),
                )
                for each in gate.intervals
            ]
            gate = dataclasses.replace(gate, intervals=tuple(moved))
        nodes.append(dataclasses.replace(node, gate=gate))
    return GatingStrategy(tuple(nodes))


def flowkit_masks(recording, strategy, folder, outside_the_matrix):
    (folder / "s.fcs").write_bytes(recording.to_bytes())
    (folder / "g.xml").write_text(write_gatingml(strategy))
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        sample = flowkit.Sample(folder / "s.fcs", null_channel_list=outside_the_matrix)
        found = flowkit.parse_gating_xml(str(folder / "g.xml")).gate_sample(sample)
    return {node.path: found.get_gate_membership(node.id) for node in strategy.nodes}


@pytest.mark.parametrize(
    "case", ["sepsis", "healthy_canto", "blood_saturated", "immunoparalysis_no_cd45"]
)
def test_flowkit_finds_the_same_events_but_for_those_on_an_edge(patient, tmp_path, case):
    tube = patient(case, 2, 15_000)
    table = tube.table()
    _, strategy, masks, _ = gated(table)
    theirs = flowkit_masks(tube.pair.blood.recording, strategy, tmp_path, ["PE-H"])
    around = [nudged(strategy, by).apply(EventColumns(table)) for by in (NUDGE, -NUDGE)]
    for path, ours in masks.items():
        on_edge = (around[0][path] != ours) | (around[1][path] != ours)
        assert not np.any((theirs[path] != ours) & ~on_edge), path[-1]
        assert np.count_nonzero(theirs[path] != ours) < 5
    assert ours.sum() > 100  # the monocytes, the last


def clogged(*stretches):
    """Scatter halved in some stretches, as by a bubble."""

    def change(stored):
        for first, end in stretches:
            stored[first:end] *= 0.5
        return stored

    return change


def test_what_a_bubble_took_is_left_out_by_ranges_of_time(sepsis):
    change = clogged((4_000, 5_500), (15_000, 16_000))
    table = sepsis.table(values={"FSC-A": change, "SSC-A": change})
    gate, strategy, masks, chain = gated(table)
    assert not gate.steady[4_200:5_300].any()
    assert not gate.steady[15_200:15_800].any()
    assert [node.id for node in strategy.nodes if "steady" in node.id] == [
        "steady_1", "steady_2", "steady_3", "steady",
    ]  # fmt: skip
    assert_same(gate, strategy, masks, chain)
    again = parse_gates(write_gatingml(strategy).encode()).strategy_for(table)
    np.testing.assert_array_equal(
        again.apply(EventColumns(table))[strategy.nodes[-1].path], gate.monocytes
    )


def test_without_a_clock_what_was_left_out_cannot_be_said_in_gates(sepsis):
    change = clogged((4_000, 5_500))
    table = sepsis.table(values={"FSC-A": change, "SSC-A": change}, drop=("Time",))
    with pytest.raises(AutomaticNotDrawable, match="no Time") as caught:
        gated(table)
    assert caught.value.code == "AUTOMATIC_NOT_DRAWABLE"
    result = sepsis.result(sample=table)
    assert not result.gating.monocytes.mask[4_600:4_900].any()
    assert result.gating.strategy is None
    with pytest.raises(AutomaticNotDrawable):
        hladr.gating_strategy(result)


def test_events_without_a_finite_hla_dr_are_in_neither(sepsis):
    inside = np.flatnonzero(gated(sepsis.table())[0].monocytes)[:40]

    def lost(stored):
        stored[inside[:20]] = np.nan
        stored[inside[20:]] = np.inf
        return stored

    table = sepsis.table(values={"PE-A": lost})
    gate, strategy, masks, chain = gated(table)
    assert not gate.monocytes[inside].any()
    assert_same(gate, strategy, masks, chain)


def test_gates_that_were_not_needed_are_not_there(sepsis, patient):
    assert [node.id for node in gated(sepsis.table())[1].nodes] == [
        "on_scale", "singlets", "leukocytes", "single_cells", "monocytes_by_cd14",
        "monocytes_by_fsc", "monocytes",
    ]  # fmt: skip
    without_cd45 = patient("immunoparalysis_no_cd45", 2, 15_000).table(drop=("FSC-H",))
    assert [node.id for node in gated(without_cd45)[1].nodes] == [
        "on_scale", "monocytes_by_cd14", "monocytes",
    ]  # fmt: skip


def test_hla_dr_is_read_by_none_of_them(sepsis):
    gates = write_gatingml(gated(sepsis.table())[1])
    assert "PE-A" not in gates
    assert io.StringIO(gates).readline().startswith("<?xml")
