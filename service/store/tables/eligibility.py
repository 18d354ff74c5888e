"""Eligibility for trials: what was answered of a subject, and what followed."""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table

from service.store.tables.columns import id_column, metadata, moment, text, word

eligibility_records = Table(
    "eligibility_records",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    word("subject"),
    Column("plain_subject", String(800), nullable=False),
    word("site", nullable=True),
    word("trial"),
    Column("analysis_id", String(36), nullable=False),
    Column("analysis_version", Integer, nullable=False),
    text("record"),
    text("bedside"),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    moment("made_at"),
    word("made_by"),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
    Index("ix_eligibility_records_plain_subject", "plain_subject", "trial", "version"),
)
