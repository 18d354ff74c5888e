"""Names that lead to no channel, or to several."""

from collections.abc import Sequence
from typing import ClassVar

from hladr.errors import HladrError
from hladr.fcs.errors.sentence import listed, shown


class ChannelError(HladrError):
    """A channel's name does not lead to one channel."""

    code: ClassVar[str] = "CHANNEL_ERROR"


class ChannelNotFound(ChannelError):
    """No channel of this name."""

    code: ClassVar[str] = "CHANNEL_NOT_FOUND"

    def __init__(self, *, wanted: str, file: str, channels: Sequence[str]) -> None:
        self.wanted, self.file, self.channels = wanted, file, tuple(channels)
        super().__init__(
            f"no channel {shown(wanted)} in {shown(file)}; it has {listed(self.channels)}. "
            "Name the channel as in the file ($PnN)."
        )


class AmbiguousChannel(ChannelError):
    """Several channels of this name."""

    code: ClassVar[str] = "AMBIGUOUS_CHANNEL"

    def __init__(self, *, wanted: str, file: str, positions: Sequence[int]) -> None:
        self.wanted, self.file, self.positions = wanted, file, tuple(positions)
        places = ", ".join(f"$P{position + 1}N" for position in self.positions)
        super().__init__(
            f"{len(self.positions)} channels of {shown(file)} are called {shown(wanted)}, "
            f"{places}; one is needed. Give the channels names of their own when acquiring."
        )
