"""Read an FCS file: FCS 2.0 to 3.2 list mode, and Beckman LMD.

Nothing is allocated on the word of a header: the keywords are held against the bytes first, and
the bytes stay where they are until a column is asked for.
"""

from hladr.fcs.chain import choose_dataset, read_chain
from hladr.fcs.source import FileLike, open_source
from hladr.fcs.table import EventTable


def read_fcs(file: FileLike, *, dataset: int | None = None) -> EventTable:
    """Events of an FCS file.

    Parameters
    ----------
    file
        Path (the file is memory-mapped), bytes, or a binary stream (read to its end; a file opened
        with ``open(path, "rb")`` is mapped from its position on).
    dataset
        Which data set, from 0, where the file holds several. None takes, of a Beckman LMD file,
        the full-resolution one with marker names from the other; of any other, the first.

    Returns
    -------
    EventTable
        What had to be tolerated is in its `findings`.

    Raises
    ------
    FcsError
        The file cannot be read as what it claims to be; the leaf and its `code` say why.
    """
    source = open_source(file)
    chosen, companion = choose_dataset(read_chain(source.view), dataset)
    return EventTable(source, chosen, companion)
