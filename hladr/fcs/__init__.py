"""FCS files: reading (2.0 to 3.2 list mode, Beckman LMD) and writing.

>>> from hladr.fcs import read_fcs                     # doctest: +SKIP
>>> table = read_fcs("patient.fcs")                    # doctest: +SKIP
>>> table.column("PE-A").mean(), table.findings        # doctest: +SKIP

`read_fcs` gives an `EventTable`; `write_fcs` writes stored numbers as they are given. Whatever a
file can do wrong raises an `FcsError` with a stable code; what is tolerated is a finding.
"""

from hladr.fcs.channel import Channel
from hladr.fcs.errors import AmbiguousChannel, ChannelError, ChannelNotFound, FcsError
from hladr.fcs.reader import read_fcs
from hladr.fcs.table import EventTable
from hladr.fcs.writer import OutputChannel, write_fcs

__all__ = [
    "AmbiguousChannel",
    "Channel",
    "ChannelError",
    "ChannelNotFound",
    "EventTable",
    "FcsError",
    "OutputChannel",
    "read_fcs",
    "write_fcs",
]
