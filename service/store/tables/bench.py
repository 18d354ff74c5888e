"""The bench: tubes that have come, and that nobody has measured yet."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from service.store.tables.columns import id_column, metadata, moment, word
from service.store.tables.columns import text as long_text

_IS_OPEN = text("state = 'open'")
_OF_NO_SITE = text("state = 'open' AND site IS NULL")  # no two NULL are the same to an index

receptions = Table(
    "receptions",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    word("barcode"),
    word("subject", nullable=True),
    moment("received_at"),
    moment("due_at", nullable=True),
    word("drawn_at", nullable=True),
    word("tube_type", nullable=True),
    word("site", nullable=True),
    Column("study_id", ForeignKey("studies.id"), nullable=True),
    word("visit", nullable=True),
    Column("analysis_id", ForeignKey("analyses.id"), nullable=True),
    long_text("reason", nullable=True),
    moment("created_at"),
    word("created_by"),
    moment("changed_at"),
    word("changed_by"),
    Index(
        "uq_receptions_open_barcode", "barcode", "site", unique=True,
        sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN,
    ),
    Index(
        "uq_receptions_open_barcode_of_no_site", "barcode", unique=True,
        sqlite_where=_OF_NO_SITE, postgresql_where=_OF_NO_SITE,
    ),
    Index("ix_receptions_state", "state", "due_at"),
    Index("ix_receptions_created_at", "created_at", "id"),
)  # fmt: skip
