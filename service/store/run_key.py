"""By what bead runs are known, so that what hangs on them can be kept as long as they are equal."""

from dataclasses import dataclass

from service.store.bead_copies import Copy


@dataclass(frozen=True, slots=True, order=True)
class RunKey:
    """A run at its newest accepted version: what charts hang on, without what was measured.

    Parameters
    ----------
    at
        Moment of creation.
    curve_sha256
        Of the curve: a version that was not kept may have had the same number.
    copies
        Runs of the same file; the control blood that was measured by them is of this run.
    """

    at: str
    id: str
    version: int
    lot_id: str
    curve_sha256: str
    copies: tuple[Copy, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all runs of the file."""
        return (self.id, *(each.id for each in self.copies))


@dataclass(frozen=True, slots=True)
class RunsNear:
    """Runs that a look at some of them takes in, the oldest first.

    Parameters
    ----------
    newest
        The newest, without a gap.
    earlier
        Before them, runs of what was measured seldom: rules count its values, not all runs.
    """

    newest: tuple[RunKey, ...]
    earlier: tuple[RunKey, ...]

    @property
    def all(self) -> tuple[RunKey, ...]:
        """Both."""
        return (*self.earlier, *self.newest)

    @property
    def ids(self) -> list[str]:
        """Of all, with those of copies."""
        return [id_ for each in self.all for id_ in each.ids]
