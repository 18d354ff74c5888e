"""Gating-ML 2.0 to a gating strategy.

References
----------
.. [1] Spidlen J, Moore W, ISAC Data Standards Task Force, Brinkman RR. ISAC's Gating-ML 2.0 data
   exchange standard for gating description. Cytometry A 2015;87A:683-687.
   doi:10.1002/cyto.a.22690
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.fields import (
    DATA_TYPE,
    GATING,
    TRANSFORMS,
    attribute,
    boolean,
    only_attributes,
    only_child,
    only_children,
    required,
    shown,
)
from hladr.gate_files.gatingml_gates import READERS, quadrants
from hladr.gate_files.transformations import Definitions
from hladr.gate_files.xml import Element
from hladr.gates import (
    Combination,
    Gate,
    GatingStrategy,
    InvalidGate,
    Logic,
    Node,
    Path,
    Reference,
)
from hladr.gates.strategy import DEEPEST

ROOT = f"{GATING} Gating-ML"
CUSTOM_INFO = f"{DATA_TYPE} custom_info"
_GATE = ("id", "parent_id", "eventsInside")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A gate whose place in the tree is not known yet."""

    id: str
    parent: str | None
    gate: Gate | None  # None: `logic` joins `references`
    logic: Logic = Logic.AND
    references: tuple[tuple[str, bool], ...] = ()


def read_gatingml(root: Element) -> GatingStrategy:
    """Return the strategy of a Gating-ML 2.0 document.

    Raises
    ------
    GateFileInvalid, GateNotSupported
        With the gate's name.
    InvalidGate
        A gate that cannot be executed, or gates that rest on each other in a circle.
    """
    definitions = Definitions(
        _by_id(root.all(f"{TRANSFORMS} transformation"), "transformation"),
        _by_id(root.all(f"{TRANSFORMS} spectrumMatrix"), "matrix"),
    )
    drafts: dict[str, _Draft] = {}
    for element in root.children:
        if element.name in {f"{TRANSFORMS} transformation", f"{TRANSFORMS} spectrumMatrix"}:
            continue
        for draft in _drafts(element, definitions):
            if draft.id in drafts:
                found = "several"
                raise GateFileInvalid(where=f"gate {draft.id!r}", expected="one gate", found=found)
            drafts[draft.id] = draft
    if not drafts:
        raise GateFileInvalid(where="Gating-ML", expected="one gate or more", found="none")
    return GatingStrategy(tuple(_placed(draft, drafts) for draft in drafts.values()))


def _by_id(elements: Iterator[Element], what: str) -> Mapping[str, Element]:
    found: dict[str, Element] = {}
    for element in elements:
        name = required(element, TRANSFORMS, "id", what)
        if name in found:
            raise GateFileInvalid(where=f"{what} {name!r}", expected="one of this id", found="two")
        found[name] = element
    return found


def _placed(draft: _Draft, drafts: Mapping[str, _Draft]) -> Node:
    path = _path(draft.id, drafts, draft.id)
    if draft.gate is not None:
        return Node(path, draft.gate)
    references = tuple(
        Reference(_path(name, drafts, draft.id), complement)
        for name, complement in draft.references
    )
    return Node(path, Combination(draft.id, draft.logic, references))


def _path(name: str, drafts: Mapping[str, _Draft], gate: str) -> Path:
    """Ids from the top of the tree down to `name`, which `gate` rests on."""
    upwards: list[str] = []
    above: str | None = name
    while above is not None:
        if above not in drafts:
            found = f"none of id {shown(above)}"
            expected = "its parent and references among the gates of the file"
            raise GateFileInvalid(where=f"gate {gate!r}", expected=expected, found=found)
        if len(upwards) == DEEPEST or above in upwards:
            deep = f"more than {DEEPEST} gates one above the other"
            found = "a circle of parents" if above in upwards else deep
            raise InvalidGate(gate=gate, expected="parents that lead to the top", found=found)
        upwards.append(above)
        above = drafts[above].parent
    return tuple(reversed(upwards))


def _drafts(element: Element, definitions: Definitions) -> Iterator[_Draft]:
    """Gates of an element: one, or one a quadrant."""
    name = attribute(element, GATING, "id", "gate") or f"in line {element.line}"
    where = f"gate {name!r}"
    kind = element.name.removeprefix(f"{GATING} ")
    if kind not in READERS and kind not in {"BooleanGate", "QuadrantGate"}:
        raise GateNotSupported(where=where, found=f"element {shown(element.local)}")
    required(element, GATING, "id", where)
    if attribute(element, GATING, "eventsInside", where) not in {None, "1", "true"}:
        raise GateNotSupported(where=where, found="events outside the gate (eventsInside)")
    parent = attribute(element, GATING, "parent_id", where)
    only_attributes(element, _GATE, where)
    if kind == "QuadrantGate":
        for gate in quadrants(element, definitions, where):
            yield _Draft(gate.name, parent, gate)
    elif kind == "BooleanGate":
        logic, references = _operands(element, where)
        yield _Draft(name, parent, None, logic, references)
    else:
        yield _Draft(name, parent, READERS[kind](element, definitions, name, where))


def _operands(element: Element, where: str) -> tuple[Logic, tuple[tuple[str, bool], ...]]:
    kinds = {f"{GATING} {logic}": logic for logic in Logic}
    only_children(element, kinds, where)
    joined = only_child(element.children, "and, or, not", where)
    reference = f"{GATING} gateReference"
    only_children(joined, (reference,), where)
    references = []
    for child in joined.children:
        only_attributes(child, ("ref", "use-as-complement"), where)
        complement = boolean(child, GATING, "use-as-complement", where)
        references.append((required(child, GATING, "ref", where), complement))
    return kinds[joined.name], tuple(references)
