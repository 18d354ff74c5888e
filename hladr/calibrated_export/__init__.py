"""A sample's events with one channel more: antibodies bound per cell, event by event.

For plots and further gating in other programs. The number of the sample is in the result, not
here: it is a statistic of the monocytes.
"""

from hladr.calibrated_export.errors import (
    ExportError,
    ExportNotWritable,
    OtherSample,
    ResultRejected,
)
from hladr.calibrated_export.export import events_abc, export_calibrated, export_name

__all__ = [
    "ExportError",
    "ExportNotWritable",
    "OtherSample",
    "ResultRejected",
    "events_abc",
    "export_calibrated",
    "export_name",
]
