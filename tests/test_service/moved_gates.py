"""Gates that somebody moves: what is sent, and the library's own number of it."""

from laboratory import (
    BEADS,
    LOT,
    SAMPLES,
)

import hladr
from hladr.gates import PolygonGate
from service.store import analyses

SAMPLE = SAMPLES / "healthy.fcs"
LOT_TEXT = ",".join(map(str, LOT["assigned"]))
GATE = "monocytes_by_cd14"


def automatic():
    """The automatic gates of the sample."""
    return hladr.gating_strategy(hladr.quantify(SAMPLE, beads=BEADS, lot=LOT_TEXT))


def vertices_of(strategy, gate=GATE):
    return [list(each) for each in strategy.find(gate).gate.vertices]


def shifted(vertices, x=0.02, y=0.0):
    return [[a + x, b + y] for a, b in vertices]


def move(service, told, status=201, *, key=None, **wanted):
    path = f"analyses/{told['id']}/gates/moved"
    return service.post(path, status, version=told["version"], json=wanted, key=key)


def by_hand(strategy, gate, vertices):
    old = strategy.find(gate).gate
    moved = PolygonGate(old.name, old.x, old.y, tuple(map(tuple, vertices)))
    changed = strategy.with_gate(gate, moved)
    lot = {"beads": BEADS, "lot": LOT_TEXT}
    return hladr.quantify(SAMPLE, gates=changed, population="monocytes", **lot).to_dict(), changed


def told_gate(told, name=GATE):
    return next(each for each in told["gates"] if each["gate"] == name)


def stored(service, told):
    with service.laboratory.database.reading() as connection:
        return analyses.at(connection, told["id"], told["version"])
