"""A data set of numbers in memory, as if they had been read from a float file."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from hladr.fcs.channel import read_channels
from hladr.fcs.columns import HeldColumns, read_only
from hladr.fcs.dataset import DataSet
from hladr.fcs.keywords import Keywords

_VERSION = "FCS3.1"


def held_dataset(
    columns: Mapping[str, ArrayLike], markers: Mapping[str, str], keywords: Mapping[str, str]
) -> DataSet:
    """Data set of columns, each of shape (n_events,), by name ($PnN).

    Parameters
    ----------
    columns
        Name to stored numbers.
    markers
        Name to marker ($PnS).
    keywords
        Further keywords; they overrule those made here ($PnR is 262144).

    Raises
    ------
    ValueError
        Columns of different lengths, or none.
    """
    held = tuple(read_only(np.array(c, dtype=np.float64, ndmin=1)) for c in columns.values())
    if not held or any(column.shape != (held[0].size,) for column in held):
        raise ValueError("columns must be one-dimensional and of one length, at least one")
    entries = {"$PAR": str(len(held)), "$TOT": str(held[0].size), "$DATATYPE": "D"}
    for n, short_name in enumerate(columns, start=1):
        entries |= {f"$P{n}N": short_name, f"$P{n}B": "64", f"$P{n}R": "262144"}
        entries |= {f"$P{n}E": "0,0", f"$P{n}S": markers.get(short_name, "")}
    read = Keywords(entries | dict(keywords))
    channels, findings = read_channels(read, ("D",) * len(held), _VERSION)
    return DataSet(
        version=_VERSION,
        keywords=read,
        analysis={},
        channels=channels,
        masks=(None,) * len(held),
        largest=(None,) * len(held),
        columns=HeldColumns(held, held[0].size),
        findings=tuple(findings),
    )
