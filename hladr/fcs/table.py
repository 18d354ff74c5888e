"""Events of one file with their channels: read column by column, in scale values."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from calibration.finding import Finding
from hladr.arrays import FloatArray
from hladr.fcs.channel import Channel
from hladr.fcs.column_findings import Look, first_events
from hladr.fcs.columns import Columns, Stored, copied
from hladr.fcs.dataset import DataSet
from hladr.fcs.errors import AmbiguousChannel, ChannelNotFound
from hladr.fcs.hashing import WORTH_A_THREAD, Beside
from hladr.fcs.held import held_dataset
from hladr.fcs.keywords import BLANKS, Keywords, describes_bytes
from hladr.fcs.scaling import Scaling, scaling_of, time_step, top_of
from hladr.fcs.source import Source

__all__ = ["Channel", "EventTable"]


@dataclass(frozen=True, eq=False)  # no slots: what is computed when first asked for is kept
class EventTable:
    """Events of one data set.

    Parameters
    ----------
    source
        Name and bytes of the file.
    dataset
        The data set read from it.
    companion
        Keywords of the same measurement's other data set (Beckman LMD), else empty.
    """

    source: Source
    dataset: DataSet
    companion: Keywords

    @property
    def name(self) -> str:
        """File name, for messages and results."""
        return self.source.name

    @property
    def version(self) -> str:
        """Version in the HEADER, ``FCS3.1``."""
        return self.dataset.version

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Columns, in file order."""
        return self.dataset.channels

    @property
    def keywords(self) -> Keywords:
        """Keywords of the data set as in the file."""
        return self.dataset.keywords

    @property
    def analysis(self) -> Mapping[str, str]:
        """Keywords of the ANALYSIS segment."""
        return self.dataset.analysis

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was tolerated in reading the file."""
        return self.dataset.findings

    @property
    def n_events(self) -> int:
        """Number of events."""
        return self.dataset.columns.n_events

    def keyword(self, name: str) -> str | None:
        """Value of a keyword without blanks around it, None when absent or blank.

        Case does not matter. What the data set does not say is looked for in its companion, except
        what describes channels and bytes.
        """
        own = self.keywords.text(name)
        if own is not None or describes_bytes(name):
            return own
        return self.companion.text(name)

    def channel(self, name: str) -> Channel:
        """Return the channel of this short name ($PnN), whatever its case.

        Raises
        ------
        ChannelNotFound
            There is none.
        AmbiguousChannel
            There are several, and none or several of them have exactly this name.
        """
        wanted = name.strip(BLANKS)
        same = self._by_name.get(wanted.lower(), [])
        if len(same) == 1:  # as nearly always
            return same[0]
        if not same:
            raise ChannelNotFound(wanted=name, file=self.name, channels=self._names)
        exact = [c for c in same if c.name == wanted]
        if len(exact) == 1:
            return exact[0]
        raise AmbiguousChannel(wanted=name, file=self.name, positions=[c.index for c in same])

    def column(self, name: str | Channel) -> FloatArray:
        """One channel in scale values, shape (n_events,), float64, read-only.

        Bit mask applied; log amplification and gain undone; Time in seconds where $TIMESTEP is
        known. NaN and infinities stay.

        Raises
        ------
        ChannelNotFound, AmbiguousChannel
        """
        return self.columns([name])[0]

    def columns(self, names: Sequence[str | Channel]) -> tuple[FloatArray, ...]:
        """Return several channels as `column` gives them, in one pass over the file.

        Raises
        ------
        ChannelNotFound, AmbiguousChannel
        """
        return self._read(names, self.dataset.columns.pieces())

    def columns_and_findings(
        self, names: Sequence[str | Channel]
    ) -> tuple[tuple[FloatArray, ...], tuple[Finding, ...]]:
        """Return columns, and the `column_findings` of all of them, in one pass over the file.

        Raises
        ------
        ChannelNotFound, AmbiguousChannel
        """
        seen = self.look(names)
        columns = self._read(names, seen.passing(self.dataset.columns.pieces()))
        return columns, seen.findings

    def look(self, names: Sequence[str | Channel]) -> Look:
        """Return what looks at some channels while the pieces of the file pass.

        Raises
        ------
        ChannelNotFound, AmbiguousChannel
        """
        own, read = tuple(self._own(name) for name in names), self.dataset
        first = first_events(read.columns, len(self.channels))
        return Look(first, own, tuple(read.masks[channel.index] for channel in own))

    def _read(
        self, names: Sequence[str | Channel], pieces: Iterable[Columns]
    ) -> tuple[FloatArray, ...]:
        channels = [self._own(name) for name in names]
        values = tuple(np.empty(self.n_events) for _ in channels)
        self._fill(channels, pieces, values)
        for column in values:
            column.flags.writeable = False
        return values

    def _fill(
        self,
        channels: Sequence[Channel],
        pieces: Iterable[Columns],
        targets: Sequence[FloatArray],
    ) -> None:
        """Write scale values piece by piece, so that each piece of the file is fetched once."""
        scalings = [self._scalings[channel.index] for channel in channels]
        begin = 0
        with np.errstate(invalid="ignore", over="ignore"):  # NaN and infinities of the file stay
            for piece in pieces:
                end = begin + piece.n_events
                for channel, scaling, target in zip(channels, scalings, targets, strict=True):
                    scaling.apply(piece.stored(channel.index), target[begin:end])
                begin = end

    def scaling(self, channel: str | Channel) -> Scaling:
        """Return how the stored numbers of a channel become scale values.

        Raises
        ------
        ChannelNotFound, AmbiguousChannel
        """
        return self._scalings[self._own(channel).index]

    def raw(self) -> Stored:
        """Return the stored numbers, all bits, shape (n_events, n_channels), read-only."""
        return self.dataset.columns.matrix()

    def raw_copy(self) -> Stored:
        """Return the same in memory of the caller's own, which may be written to."""
        return copied(self.dataset.columns)

    @property
    def events(self) -> FloatArray:
        """All channels in scale values, shape (n_events, n_channels), built when asked for."""
        events = np.empty((self.n_events, len(self.channels)), order="F")
        self._fill(self.channels, self.dataset.columns.pieces(), list(events.T))
        events.flags.writeable = False
        return events

    def top(self, channel: str | Channel) -> float | None:
        """Scale value of the detector's top, None where it is not known (odd $PnR, Time)."""
        own = self._own(channel)
        return top_of(own, self._scalings[own.index], self.dataset.largest[own.index])

    def nonfinite(self, channel: str | Channel) -> int:
        """Count NaN and infinite values of a channel."""
        values = self.column(channel)
        return self.n_events - int(np.count_nonzero(np.isfinite(values)))

    def masked(self, channel: str | Channel) -> int:
        """Count integers of a channel with bits above $PnR, which scale values leave out."""
        index = self._own(channel).index
        mask = self.dataset.masks[index]
        if mask is None:
            return 0
        stored = self.dataset.columns.stored(index)
        return int(np.count_nonzero(stored > stored.dtype.type(mask)))

    def column_findings(self, channel: str | Channel) -> tuple[Finding, ...]:
        """What a channel's events show that opening the file, which sees the first, did not.

        Values that are not finite; bits and numbers above $PnR; numbers that float64 rounds.

        Raises
        ------
        ChannelNotFound, AmbiguousChannel
        """
        seen = self.look([channel])
        for _ in seen.passing(self.dataset.columns.pieces()):
            pass
        return seen.findings

    def begin_sha256(self) -> None:
        """Have the file hashed beside other work; `sha256` then waits only for the rest."""
        if len(self.source.view) >= WORTH_A_THREAD and "sha256" not in vars(self):
            self._hashing  # noqa: B018 - begun when first looked at

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the whole file, hexadecimal; of names and values for a table in memory."""
        if "_hashing" in vars(self):
            return self._hashing.result()
        if self.source.view:
            return self.source.sha256()
        digest = hashlib.sha256(repr(self._names).encode())
        for channel in self.channels:
            digest.update(np.ascontiguousarray(self.column(channel)).tobytes())
        return digest.hexdigest()

    @cached_property
    def _hashing(self) -> Beside:
        return Beside(self.source.sha256)

    @property
    def _names(self) -> list[str]:
        return [channel.name for channel in self.channels]

    @cached_property
    def _by_name(self) -> dict[str, list[Channel]]:
        """Channels by their names in lower case."""
        named: dict[str, list[Channel]] = {}
        for channel in self.channels:
            named.setdefault(channel.name.lower(), []).append(channel)
        return named

    @cached_property
    def _scalings(self) -> tuple[Scaling, ...]:
        step = time_step(self.keywords)
        pairs = zip(self.channels, self.dataset.masks, strict=True)
        return tuple(scaling_of(*pair, step) for pair in pairs)

    def _own(self, channel: str | Channel) -> Channel:
        if isinstance(channel, str):
            return self.channel(channel)
        if self.channels[channel.index : channel.index + 1] != (channel,):
            raise ChannelNotFound(wanted=channel.name, file=self.name, channels=self._names)
        return channel

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, ArrayLike],
        *,
        markers: Mapping[str, str] | None = None,
        keywords: Mapping[str, str] | None = None,
        name: str = "memory",
    ) -> "EventTable":
        """Return a table in memory, as if these numbers had been read from a float file.

        Parameters
        ----------
        columns
            Name ($PnN) to stored numbers, each of shape (n_events,).
        markers
            Name to marker ($PnS).
        keywords
            Further keywords, understood as in a file; $PnR is 262144 where they do not say.
        name
            Stands for the file name.

        Raises
        ------
        ValueError
            Columns of different lengths, or none.
        """
        dataset = held_dataset(columns, markers or {}, keywords or {})
        return cls(Source(name, memoryview(b"")), dataset, Keywords({}))
