"""The tables.

Moments are texts as `service.moment` writes them, JSON texts as `service.canonical`, ids random
UUIDs, hashes hexadecimal SHA-256. What has versions has two tables: heads, whose `version` moves
on, and versions, which are written once; triggers of the database see to the latter.
"""

from service.store.tables.bench import receptions
from service.store.tables.campaigns import recalculation_items, recalculations
from service.store.tables.chain import audit, audit_head
from service.store.tables.columns import metadata
from service.store.tables.doors import outgoing, pseudonym_keys, study_exports
from service.store.tables.laboratory import (
    calibration_versions,
    calibrations,
    definitions,
    files,
    instrument_versions,
    instruments,
    lot_versions,
    lots,
)
from service.store.tables.people import api_keys, bytes_received, idempotency, sessions, users
from service.store.tables.quality import quality_log
from service.store.tables.results import analyses, analysis_versions, answers, notices, signatures
from service.store.tables.trials import randomisations, studies

APPEND_ONLY = (
    "audit",
    "definitions",
    "instrument_versions",
    "lot_versions",
    "calibration_versions",
    "analysis_versions",
    "signatures",
    "answers",
    "notices",
    "study_exports",
    "pseudonym_keys",
    "quality_log",
)
"""Tables whose rows are never changed and never taken away."""

__all__ = [
    "APPEND_ONLY",
    "analyses",
    "analysis_versions",
    "answers",
    "api_keys",
    "audit",
    "audit_head",
    "bytes_received",
    "calibration_versions",
    "calibrations",
    "definitions",
    "files",
    "idempotency",
    "instrument_versions",
    "instruments",
    "lot_versions",
    "lots",
    "metadata",
    "notices",
    "outgoing",
    "pseudonym_keys",
    "quality_log",
    "randomisations",
    "recalculation_items",
    "recalculations",
    "receptions",
    "sessions",
    "signatures",
    "studies",
    "study_exports",
    "users",
]
