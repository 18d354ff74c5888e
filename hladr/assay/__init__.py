"""Assay definitions: everything the number depends on apart from the files and the lot, as data."""

from hladr.assay.definition import (
    AssayDefinition,
    ChannelRule,
    CompensationLimits,
    DriftLimits,
    EventLimits,
    GateLimits,
    InternalControlLimits,
    IntervalTerms,
    SettingLimits,
    ValueLimits,
)
from hladr.assay.errors import InvalidAssay, UnknownAssay
from hladr.assay.loading import available_assays, load_assay

__all__ = [
    "AssayDefinition",
    "ChannelRule",
    "CompensationLimits",
    "DriftLimits",
    "EventLimits",
    "GateLimits",
    "InternalControlLimits",
    "IntervalTerms",
    "InvalidAssay",
    "SettingLimits",
    "UnknownAssay",
    "ValueLimits",
    "available_assays",
    "load_assay",
]
