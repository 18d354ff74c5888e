"""A spillover matrix as a keyword gives it: names and numbers between commas."""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray
from hladr.errors import HladrError
from hladr.fcs.chain import detector_of
from hladr.fcs.errors import ChannelError, shown
from hladr.fcs.keywords import integer_in, number_in
from hladr.fcs.table import EventTable

# More than any instrument has; larger matrices take seconds to invert.
_MOST_DETECTORS = 512
# Commas in a channel's name; each is an entry more than there should be.
_MOST_COMMAS = 8


class SpilloverError(HladrError):
    """The file's spillover matrix cannot be used."""

    code = "SPILLOVER_INVALID"

    def __init__(self, *, keyword: str, found: str) -> None:
        self.keyword, self.found = keyword, found
        super().__init__(
            f"{keyword} should be a square matrix of numbers that can be inverted, with the names "
            f"of its channels; found {found}. Export the file with its compensation, or without."
        )


@dataclass(frozen=True, slots=True, eq=False)
class NamedMatrix:
    """Channels ($PnN) and numbers, shape (n, n), of a keyword.

    `mended` says what is not as the standard has it, and was understood by the file's channels.
    """

    detectors: tuple[str, ...]
    values: FloatArray
    mended: tuple[str, ...]


def named_matrix(table: EventTable, keyword: str, text: str) -> NamedMatrix:
    """Channels and numbers of ``n,name1,…,namen,s11,…,snn``.

    Raises
    ------
    SpilloverError
        It is no such matrix of channels of the file.
    """
    first = text.partition(",")[0]
    n = integer_in(first)
    if n is None or not 1 <= n <= _MOST_DETECTORS:
        raise SpilloverError(keyword=keyword, found=f"{shown(first)} as the number of channels")
    needed = 1 + n + n * n
    mended: dict[str, None] = {}
    if text.endswith(",") and text.count(",") == needed:
        text = text[:-1]
        mended["a comma follows its last number"] = None
    spare = min(max(text.count(",") + 1 - needed, 0), _MOST_COMMAS * n)
    entries = entries_of(keyword, text, n, needed + spare)
    names = entries[1 : 1 + n + spare]
    if spare:
        names = _joined(table, keyword, names)
        mended["names of channels hold commas"] = None
    if len(names) != n:
        found = f"{len(entries)} entries instead of {needed} for {n} channels"
        raise SpilloverError(keyword=keyword, found=found)
    channels = []
    for name in names:
        channel, how = _channel_name(table, keyword, name)
        channels.append(channel)
        if how:
            mended[how] = None
    values = square(keyword, entries[1 + n + spare :], n)
    return NamedMatrix(tuple(channels), values, tuple(mended))


def entries_of(keyword: str, text: str, n: int, needed: int) -> list[str]:
    """Entries between commas, counted before any is taken.

    Raises
    ------
    SpilloverError
        They are not `needed`, or `n`, the number of channels, is above 512.
    """
    if n > _MOST_DETECTORS:
        found = f"{n} channels, more than {_MOST_DETECTORS}"
        raise SpilloverError(keyword=keyword, found=found)
    count = text.count(",") + 1
    if count != needed:
        found = f"{count} entries instead of {needed} for {n} channels"
        raise SpilloverError(keyword=keyword, found=found)
    return [part.strip() for part in text.split(",")]


def square(keyword: str, texts: list[str], n: int) -> FloatArray:
    """Return the numbers of a matrix, shape (n, n).

    Raises
    ------
    SpilloverError
        One of `texts` is no number.
    """
    values = [number_in(text) for text in texts]
    numbers = [value for value in values if value is not None]
    if len(numbers) != n * n:
        raise SpilloverError(keyword=keyword, found="entries that are not numbers")
    return np.array(numbers).reshape(n, n)


def _joined(table: EventTable, keyword: str, parts: list[str]) -> list[str]:
    """Names put together again from their parts, where the file has such a channel.

    Not where a part is the name of a channel itself: nothing would tell which is meant.
    """
    known = {_spelled(channel.name): channel.name for channel in table.channels}
    lengths = sorted({name.count(",") + 1 for name in known if "," in name}, reverse=True)
    names: list[str] = []
    at = 0
    while at < len(parts):
        found = parts[at : at + 1]
        for length in lengths:
            if _spelled(",".join(parts[at : at + length])) in known:
                found = parts[at : at + length]
                break
        if len(found) > 1 and any(_spelled(part) in known for part in found):
            name = shown(",".join(found))
            raise SpilloverError(keyword=keyword, found=f"{name}, which may be one name or several")
        whole = ",".join(found)
        names.append(known.get(_spelled(whole), whole))
        at += len(found)
    return names


def _spelled(name: str) -> str:
    """Return a name without case and without blanks around its commas."""
    return ",".join(part.strip() for part in name.lower().split(","))


def _channel_name(table: EventTable, keyword: str, name: str) -> tuple[str, str]:
    """Name of a channel that a matrix names, and what is odd about how it does.

    By $PnN, by number from 1 (Accuri), by $PnS, or by detector (LMD).
    """
    try:
        return table.channel(name).name, ""
    except ChannelError as cause:
        number = integer_in(name)
        if number is not None and 1 <= number <= len(table.channels):
            return table.channels[number - 1].name, ""
        marked = [c.name for c in table.channels if (c.marker or "").lower() == name.lower()]
        if name and len(marked) == 1:
            return marked[0], "channels are named by $PnS"
        detector = detector_of(name) if table.companion else ""
        same = [c.name for c in table.channels if detector and detector_of(c.name) == detector]
        if len(same) == 1:
            return same[0], ""
        found = f"{shown(name)}, which is not one channel of the file"
        raise SpilloverError(keyword=keyword, found=found) from cause
