"""The output, read again: it measures what the original measures."""

import math
from collections.abc import Sequence

from hladr.assay import available_assays, load_assay
from hladr.assay.definition import AssayDefinition
from hladr.deidentify.errors import DeidentifiedDiffers
from hladr.deidentify.segments import data_bytes
from hladr.errors import HladrError
from hladr.fcs.dataset import DataSet, Outline
from hladr.fcs.scaling import time_step
from hladr.fcs.table import EventTable
from hladr.panel import ROLE_NAMES, find_panel, stained_channel
from hladr.spillover import Spillover

_PIECE = 1 << 20


def require_same_events(old: Sequence[DataSet], new: Sequence[DataSet]) -> None:
    """Check that events and all that scales them are what they were.

    Raises
    ------
    DeidentifiedDiffers
    """
    if len(old) != len(new):
        raise DeidentifiedDiffers(what="the number of data sets")
    for before, after in zip(old, new, strict=True):
        if not _same_bytes(data_bytes(before.columns), data_bytes(after.columns)):
            raise DeidentifiedDiffers(what="the events")
        _require_same_settings(before, after)


def require_same_reading(old: EventTable, new: EventTable) -> None:
    """Check that the reader chooses the same data set, and the panel the same channels of it.

    Raises
    ------
    DeidentifiedDiffers
    """
    if len(data_bytes(old.dataset.columns)) != len(data_bytes(new.dataset.columns)):
        raise DeidentifiedDiffers(what="the data set that is read")
    _require_same_settings(old.dataset, new.dataset)
    if _weights(old) != _weights(new):
        raise DeidentifiedDiffers(what="the spillover matrix")
    for name in available_assays():
        assay = load_assay(name)
        if _stains(old, assay) != _stains(new, assay):
            raise DeidentifiedDiffers(
                what=f"the channels that {name} reads",
                advice="A label that may be a person's name was replaced: label the stains with "
                "antigen and dye alone, and export again.",
            )


def require_nothing_beside(
    size: int, outlines: Sequence[Outline], datasets: Sequence[DataSet]
) -> None:
    """Check that HEADER, TEXT and events are all there is, so that all of it is searched.

    Parameters
    ----------
    size
        Bytes of the file.
    outlines, datasets
        Of the output.

    Raises
    ------
    DeidentifiedDiffers
    """
    known = sum(
        outline.header.text.end + len(data_bytes(dataset.columns))
        for outline, dataset in zip(outlines, datasets, strict=True)
    )
    if known != size:
        raise DeidentifiedDiffers(what="bytes that belong to neither TEXT nor events")


def _same_bytes(one: memoryview, other: memoryview) -> bool:
    """Whether two stretches are equal, looked at in pieces that fit into the cache."""
    return len(one) == len(other) and all(
        bytes(one[at : at + _PIECE]) == bytes(other[at : at + _PIECE])
        for at in range(0, len(one), _PIECE)
    )


def _require_same_settings(before: DataSet, after: DataSet) -> None:
    if type(before.columns) is not type(after.columns) or before.masks != after.masks:
        raise DeidentifiedDiffers(what="the layout of the events")
    if time_step(before.keywords) != time_step(after.keywords):
        raise DeidentifiedDiffers(what="$TIMESTEP")
    if [_settings(c) for c in before.channels] != [_settings(c) for c in after.channels]:
        raise DeidentifiedDiffers(what="the channels' settings")


def _settings(channel: object) -> tuple[object, ...]:
    names = ("bits", "range", "log_decades", "log_offset", "gain", "voltage", "is_time")
    values = (getattr(channel, name) for name in names)
    return tuple(None if isinstance(v, float) and math.isnan(v) else v for v in values)


def _weights(table: EventTable) -> object:
    """Columns and numbers of the matrix, None without one, the code where it cannot be used."""
    try:
        spillover = Spillover.from_table(table)
    except HladrError as error:
        return error.code
    if spillover is None:
        return None
    order = [table.channel(name).index for name in spillover.detectors]
    return order, spillover.matrix.tolist(), spillover.normalised


def _stains(table: EventTable, assay: AssayDefinition) -> object:
    """Columns by role as blood and as beads, or why there are none."""
    return _panel(table, assay), _bead_channel(table, assay)


def _panel(table: EventTable, assay: AssayDefinition) -> object:
    try:
        panel = find_panel(table, assay)
    except HladrError as error:
        return error.code, getattr(error, "role", None)
    found = {role: getattr(panel, role) for role in (*ROLE_NAMES, "fsc_height", "time")}
    return {role: None if channel is None else channel.index for role, channel in found.items()}


def _bead_channel(table: EventTable, assay: AssayDefinition) -> object:
    try:
        return stained_channel(table, "hla_dr", assay.channels["hla_dr"]).index
    except HladrError as error:
        return error.code
