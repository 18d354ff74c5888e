"""What leaves: messages to other systems, frozen exports of studies, the key of pseudonyms."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from service.store.tables.columns import id_column, made, metadata, moment, sha256_column, text

outgoing = Table(
    "outgoing",
    metadata,
    id_column(),
    Column("door", String(16), nullable=False),
    Column("analysis_id", String(36), nullable=False),
    Column("analysis_version", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("replaces", Integer, nullable=True),
    Column("place", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    moment("next_at"),
    sha256_column("content_sha256", nullable=True),
    Column("packed_seq", Integer, nullable=False),
    text("said", nullable=True),
    moment("created_at"),
    moment("ended_at", nullable=True),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
    UniqueConstraint("door", "analysis_id", "analysis_version", "status"),
    UniqueConstraint("analysis_id", "door", "place", name="uq_outgoing_place"),
    Index("ix_outgoing_state", "state", "next_at"),
    Index("ix_outgoing_created_at", "created_at", "id"),
)
study_exports = Table(
    "study_exports",
    metadata,
    id_column(),
    Column("study_id", ForeignKey("studies.id"), nullable=False, index=True),
    Column("file_sha256", ForeignKey("files.sha256"), nullable=False),
    text("manifest"),
    *made(),
)
pseudonym_keys = Table(
    "pseudonym_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", String(16), nullable=False),
    *made(),
)
