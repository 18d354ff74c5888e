"""A recalculation reads gates that were written here itself, and any others in another process."""

import pytest
from laboratory import finished, recalculate, regate
from moved_gates import GATE, move, shifted, stored, vertices_of

from hladr.gate_files import write_gatingml
from service.recalculations import work
from service.recalculations.item import prepared
from service.store.recalculation import Item, ItemState

pytestmark = pytest.mark.usefixtures("worker_processes", "gate_processes")


def work_on(service, told):
    """What a worker is given to measure a version again."""
    asked = finished(service, recalculate(service))
    item = Item(asked["id"], 0, told["id"], ItemState.RUNNING, None, 1, 1, None, None, None)
    return prepared(service.laboratory, item, stored(service, told)).work


@pytest.fixture
def apart(monkeypatch):
    """How often a process was begun."""
    begun, measured_apart = [], work.measured_apart

    def counted(order):
        begun.append(order)
        return measured_apart(order)

    monkeypatch.setattr(work, "measured_apart", counted)
    return begun


def test_gates_that_were_written_here_give_the_same_without_a_process(
    service, analysis, automatic, monkeypatch, apart
):
    ordered = work_on(
        service, move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    )
    here = work.do(ordered)
    assert apart == []
    monkeypatch.setattr(work, "archived_here", lambda *_: None)
    assert work.do(ordered) == here
    assert len(apart) == 1


def test_a_file_of_another_form_is_read_apart(service, analysis, automatic, apart):
    text = write_gatingml(automatic).replace("  <", "\t<")
    told = regate(service, analysis, gates=("g.xml", text.encode(), "application/xml"))
    assert work.do(work_on(service, told)).result["hla_dr"] == told["result"]["hla_dr"]
    assert len(apart) == 1


def test_a_damaged_gate_file_says_so(service, analysis, automatic, apart):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    path = service.laboratory.archive.path(told["gates_sha256"])
    ordered = work_on(service, told)
    path.write_bytes(path.read_bytes().replace(b"<", b"< ", 1))
    assert work.do(ordered).code == "FILE_DAMAGED"
    assert apart == []
