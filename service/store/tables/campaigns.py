"""Recalculations: one row each, and one row an analysis in it."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from service.store.tables.columns import id_column, metadata, moment, text, word

recalculations = Table(
    "recalculations",
    metadata,
    id_column(),
    text("reason"),
    text("wanted"),
    moment("created_at"),
    word("created_by"),
    moment("finished_at", nullable=True),
)
recalculation_items = Table(
    "recalculation_items",
    metadata,
    Column("recalculation_id", ForeignKey("recalculations.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("analysis_id", ForeignKey("analyses.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(36), nullable=True),
    moment("lease_until", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("old_version", Integer, nullable=False),
    Column("new_version", Integer, nullable=True),
    word("code", nullable=True),
    text("message", nullable=True),
    UniqueConstraint("recalculation_id", "analysis_id"),
    Index("ix_recalculation_items_state", "state", "lease_until"),
)
