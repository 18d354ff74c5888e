"""The way back from the gates of a sample: which versions undo leads to, one after the other."""

from collections.abc import Iterable


def way_back(history: Iterable[tuple[int, str | None]]) -> tuple[int, ...]:
    """Return the versions that undo leads through; the last is of the gates that there are now.

    A version is a step on the way if its gates are others. One whose gates are those of the step
    before the last went that step back: so each undo makes the way shorter, and ends at the first
    gates. Whatever else it was, such as redo or the automatic gate once more, is a step onward.

    Parameters
    ----------
    history
        Each version with the hash of its gates (None: the automatic gate), the first one first.
    """
    way: list[tuple[int, str | None]] = []
    for version, gates in history:
        if len(way) > 1 and way[-2][1] == gates:
            way.pop()
        elif not way or way[-1][1] != gates:
            way.append((version, gates))
    return tuple(version for version, _ in way)
