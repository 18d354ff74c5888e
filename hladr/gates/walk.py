"""Gates of a tree asked in one walk over a file of plain floats.

Bounds on data values tell nearly every event. The few beside an edge of a polygon are set aside,
and asked as any event of any file is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.fcs.sums import SumsReader
from hladr.gates.bounds import Bounds, bounds_of
from hladr.gates.column import Column
from hladr.gates.combination import Path
from hladr.gates.events import EventColumns
from hladr.gates.execution import Execution
from hladr.gates.node import Node
from hladr.gates.walk_plan import WalkPlan
from hladr.heap import keep_freed_blocks
from hladr.kernels.walk import walk
from hladr.spillover import SpilloverError

WORTH_IT = 10_000  # events a gate; of fewer the bounds take longer to make than they save
_ASKED_AT_ONCE = 65_536  # events that bounds do not tell


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Gates that bounds tell, ready to be asked about the events of a file.

    Parameters
    ----------
    order
        Each gate after the one above it.
    plan
        What the gates ask.
    wanted
        Columns to read for the events of one of them.
    reader
        Reads these.
    """

    order: tuple[Node, ...]
    plan: WalkPlan
    wanted: tuple[Column, ...]
    reader: SumsReader

    @classmethod
    def of(
        cls,
        order: tuple[Node, ...],
        columns: Mapping[Column, FloatArray],
        wanted: Sequence[Column],
    ) -> "Walk | None":
        """Return the gates ready to be asked; None where bounds do not tell all of them.

        None as well where there are few events, where they are held in memory or are anything but
        plain floats, and where something reads what is not there: `Execution` says what is wrong.
        """
        if not isinstance(columns, EventColumns) or columns.n_events < WORTH_IT * len(order):
            return None
        bounds: list[Bounds] = []
        for node in order:
            found = bounds_of(node.gate)
            if found is None:
                return None
            bounds.append(found)
        try:
            plan, reader = WalkPlan.of(order, bounds, columns), columns.together(wanted)
        except (KeyError, SpilloverError):
            return None
        if plan is None or reader is None or reader.singles is None:
            return None
        return cls(order, plan, tuple(wanted), reader)

    def masks(self, paths: tuple[Path, ...]) -> dict[Path, BoolArray]:
        """Events of the file in each gate, in the order of `paths`: masks, read-only."""
        return self.masks_and_values(paths, self.order[-1].path)[0]

    def masks_and_values(
        self, paths: tuple[Path, ...], gated: Path
    ) -> tuple[dict[Path, BoolArray], dict[Column, FloatArray]]:
        """Return the same, and the wanted columns of the events in one gate, shape (n_gated,)."""
        keep_freed_blocks()
        order = tuple(node.path for node in self.order)
        plan, n_events, place = self.plan, self.reader.n_events, order.index(gated)
        masks = np.zeros((len(order), n_events), dtype=bool)
        aside = np.zeros(n_events, dtype=bool)
        inside, parts = [np.empty(0, np.intp)], [np.empty((len(self.wanted), 0))]
        begin = 0
        for piece in plan.reader.plain_pieces():
            walk(piece, begin, plan.parents, plan.terms, plan.sides, plan.strips, masks, aside)
            if self.wanted:  # of all that may be in the gate, while the piece is at hand
                events = np.flatnonzero(masks[place, begin : begin + len(piece)])
                inside.append(events + begin)
                parts.append(self.reader.of_chosen(piece, events))
            begin += len(piece)
        self._ask(masks, np.flatnonzero(aside))
        is_held = masks[place][np.concatenate(inside)]
        values = (column[is_held] for column in np.concatenate(parts, axis=1))
        by_path = dict(zip(order, masks, strict=True))
        return {path: by_path[path] for path in paths}, dict(zip(self.wanted, values, strict=True))

    def _ask(self, masks: BoolArray, aside: IndexArray) -> None:
        """Ask about the events that bounds do not tell; close the masks for writing."""
        paths = tuple(node.path for node in self.order)
        for begin in range(0, aside.size, _ASKED_AT_ONCE):
            events = aside[begin : begin + _ASKED_AT_ONCE]
            exact = Execution.of(self.order, self.plan.values_at(events)).masks(paths)
            for mask, path in zip(masks, paths, strict=True):
                mask[events] = exact[path]
        masks.flags.writeable = False
