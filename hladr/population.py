"""The events a gate keeps, and what part of their parent they are."""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray

Each = TypeVar("Each", IndexArray, FloatArray)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Some of a file's events.

    Parameters
    ----------
    name
        What the population is called.
    parent
        Name of the population it was gated from; None for all events of a file.
    mask : shape (n_events,)
        One boolean an event of the file; kept read-only, copied where the caller could change it.
    parent_count
        Events in the parent; the population's own for all events of a file.

    Raises
    ------
    ValueError
        The mask is not one-dimensional and boolean, or holds more events than the parent.
    """

    name: str
    parent: str | None
    mask: BoolArray
    parent_count: int

    def __post_init__(self) -> None:
        """Refuse what is no mask, and freeze it."""
        if self.mask.dtype != np.bool_ or self.mask.ndim != 1:
            found = f"{self.mask.dtype} of shape {self.mask.shape}"
            raise ValueError(f"a mask is one boolean an event, found {found}")
        if self.mask.flags.writeable:
            mask = self.mask.copy()
            mask.flags.writeable = False
            object.__setattr__(self, "mask", mask)
        if self.count > self.parent_count:
            raise ValueError(f"{self.count} events in {self.name!r}, {self.parent_count} in parent")

    @property
    def count(self) -> int:
        """Events in the population."""
        return int(np.count_nonzero(self.mask))

    @property
    def percent_of_parent(self) -> float:
        """100 * count / parent_count; NaN when the parent is empty."""
        return 100.0 * self.count / self.parent_count if self.parent_count else math.nan


def evenly(events: Each, at_most: int) -> Each:
    """Some of the events, spread evenly: what is learnt from them costs no more in large files."""
    if events.size <= at_most:
        return events
    return events[np.arange(at_most) * events.size // at_most]


def all_events(name: str, n_events: int) -> Population:
    """Make the root of a gating tree: every event of a file."""
    return Population(name, None, np.ones(n_events, np.bool_), n_events)


def gated(parent: Population, name: str, mask: BoolArray) -> Population:
    """Keep the events of `parent` that are true in `mask`, one boolean an event of the file."""
    if mask.shape != parent.mask.shape:
        raise ValueError(f"mask of {mask.shape} events for a file of {parent.mask.shape}")
    return Population(name, parent.name, parent.mask & mask, parent.count)
