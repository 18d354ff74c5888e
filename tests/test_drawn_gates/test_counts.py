"""Counts that a workspace holds, beside those of its gates."""

import dataclasses

import numpy as np
import pytest

from hladr.gates import Dimension, GatingStrategy, Interval, Node, Recorded, RectangleGate

SSC, PE = "SSC-A", "PE-A"


def counted(*counts):
    """Two gates on side scatter, one in the other, with what a workspace counted in them."""
    cells = RectangleGate("cells", (Interval(Dimension(Recorded(SSC)), low=0.0),))
    mono = RectangleGate("mono", (Interval(Dimension(Recorded(SSC)), high=60_000.0),))
    places = ((("cells",), cells), (("cells", "mono"), mono))
    return GatingStrategy(
        tuple(Node(*place, count) for place, count in zip(places, counts, strict=True))
    )


def held(table):
    ssc = table.column(SSC)
    return int((ssc >= 0.0).sum()), int(((ssc >= 0.0) & (ssc < 60_000.0)).sum())


def said(result):
    return [each.message for each in result.findings if each.code == "GATES_COUNT_OTHERWISE"]


def test_the_gates_are_applied_to_a_sample_once(sepsis, monkeypatch):
    applied = []
    apply = GatingStrategy.apply

    def watched(strategy, columns):
        applied.append(strategy)
        return apply(strategy, columns)

    monkeypatch.setattr(GatingStrategy, "apply", watched)
    assert said(sepsis.result(counted(1, 1)))
    assert len(applied) == 1


@pytest.mark.parametrize(("off", "warned"), [(0, False), (0.004, False), (0.02, True)])
def test_counts_that_binning_does_not_explain_are_said(sepsis, off, warned):
    cells, mono = held(sepsis.table())
    strategy = counted(cells, round(mono * (1 + off)))
    messages = said(sepsis.result(strategy))
    assert bool(messages) == warned
    if warned:
        assert f"Gate mono holds {mono:,}, the workspace counted" in messages[0].replace("'", "")


def test_the_count_is_that_of_the_gate_whatever_could_be_measured(sepsis):
    def lost(stored):
        stored[::3] = np.nan
        return stored

    table = sepsis.table(values={PE: lost})
    strategy = counted(*held(table))
    result = sepsis.result(strategy, sample=table)
    assert result.measured.monocytes < 0.7 * strategy.nodes[1].recorded_events
    assert not said(result)
    fewer = dataclasses.replace(strategy.nodes[1], recorded_events=result.measured.monocytes)
    assert said(sepsis.result(GatingStrategy((strategy.nodes[0], fewer)), sample=table))
