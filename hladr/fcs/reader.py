"""Read an FCS file: FCS 2.0 to 3.2 list mode, and Beckman LMD.

Nothing is allocated on the word of a header: the keywords are held against the bytes first, and
the bytes stay where they are until a column is asked for.
"""

import operator
from typing import SupportsIndex

from hladr.fcs.chain import choose_dataset, read_chain
from hladr.fcs.source import FileLike, open_source
from hladr.fcs.table import EventTable


def read_fcs(
    file: FileLike, *, dataset: SupportsIndex | None = None, name: str | None = None
) -> EventTable:
    """Events of an FCS file.

    Parameters
    ----------
    file
        Path, or a plain file opened for reading (memory-mapped, the latter from its position on);
        bytes, or what holds bytes (read where it lies); or a binary stream (read to its end).
    dataset
        Which data set, from 0, where the file holds several. None takes, of a Beckman LMD file,
        the full-resolution one with marker names from the other; of any other, the first.
    name
        What errors and results call the file. None: the name it lies under.

    Returns
    -------
    EventTable
        What had to be tolerated is in its `findings`.

    Raises
    ------
    FcsError
        The file cannot be read as what it claims to be; the leaf and its `code` say why. What
        only the reading of all events shows of DATA in ASCII, its columns raise.
    TypeError
        `file` is no file, or `dataset` no whole number.
    """
    wanted = _whole_number(dataset)
    source = open_source(file, name)
    chosen, companion = choose_dataset(read_chain(source.view, wanted), wanted)
    return EventTable(source, chosen, companion)


def _whole_number(dataset: SupportsIndex | None) -> int | None:
    if dataset is None:
        return None
    if isinstance(dataset, bool) or not hasattr(dataset, "__index__"):
        raise TypeError(
            f"dataset is the number of a data set, from 0, or None; not {type(dataset).__name__}"
        )
    return operator.index(dataset)
