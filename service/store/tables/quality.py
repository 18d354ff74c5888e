"""Quality over time: what people wrote into the log of an instrument."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from service.store.tables.columns import id_column, metadata, moment, text, word

quality_log = Table(
    "quality_log",
    metadata,
    id_column(),
    Column("instrument_id", ForeignKey("instruments.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    text("content"),
    text("reason"),
    moment("made_at"),
    word("made_by"),
    Index("ix_quality_log_instrument_id", "instrument_id", "made_at"),
)
