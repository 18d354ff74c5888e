"""Which sample of a FlowJo workspace a file is."""

import pytest
from oracle_gate_files import (
    CELLS,
    population,
    sample,
    workspace,
)

from hladr.fcs.table import EventTable
from hladr.gate_files import (
    SampleAmbiguous,
    SampleNotInWorkspace,
    parse_gates,
)


def named(name):
    return EventTable.from_columns({"FSC-A": [1.0], "SSC-A": [1.0]}, name=name)


ONE = population("g", CELLS)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"uri": "file:/C:/day%201/tube%2001.fcs"}, "tube 01.fcs"),
        ({"uri": "file:///Users/a/b/tube.fcs"}, "tube.fcs"),
        ({"uri": "V:\\a\\tube.fcs"}, "tube.fcs"),
        ({"uri": "", "name": "tube.fcs"}, "tube.fcs"),
        ({"uri": "x", "name": "y", "fil": "tube.fcs"}, "tube.fcs"),
    ],
)
def test_a_sample_is_matched_by_file_name(facts, name):
    other = sample(population("other", CELLS), uri="o.fcs", name="o.fcs", fil="o.fcs", matrix="")
    content = workspace(other, sample(ONE, matrix="", **facts))
    assert parse_gates(content).strategy_for(named(name)).labels() == ("g",)


def test_the_address_goes_before_the_name_and_that_before_fil():
    by_address = sample(population("address", CELLS), uri="a/t.fcs", name="n", matrix="")
    by_name = sample(population("name", CELLS), uri="u", name="t.fcs", matrix="")
    by_fil = sample(population("fil", CELLS), uri="u", name="n", fil="t.fcs", matrix="")
    for order in ([by_fil, by_name, by_address], [by_address, by_fil, by_name]):
        assert parse_gates(workspace(*order)).strategy_for(named("t.fcs")).labels() == ("address",)
    content = workspace(by_fil, by_name)
    assert parse_gates(content).strategy_for(named("t.fcs")).labels() == ("name",)


def test_several_samples_of_one_name_are_refused_and_listed():
    content = workspace(sample(ONE, number=4), sample(ONE, number=17))
    with pytest.raises(
        SampleAmbiguous, match=r"'s.fcs \(sample 4\)', 's.fcs \(sample 17\)'"
    ) as refused:
        parse_gates(content).strategy_for(named("s.fcs"))
    assert refused.value.code == "SAMPLE_AMBIGUOUS"


def test_a_sample_that_is_not_there_is_refused_with_what_is():
    content = workspace(sample(ONE), sample(ONE, uri="b/other.fcs"))
    with pytest.raises(SampleNotInWorkspace, match=r"'x.fcs'; it holds 's.fcs', 'other.fcs'"):
        parse_gates(content).strategy_for(named("x.fcs"))


def test_what_another_sample_holds_does_no_harm(table):
    curly = population("mono", "<gating:CurlyQuad/>")
    element = sample(curly, uri="other.fcs", name="other.fcs", fil="other.fcs")
    content = workspace(element, sample(ONE))
    assert parse_gates(content).strategy_for(table).labels() == ("g",)
