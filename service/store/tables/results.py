"""Analyses: a tube, the versions of its result, and what people said of them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from service.store.tables.columns import id_column, made, metadata, moment, text, word

analyses = Table(
    "analyses",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("file_sha256", ForeignKey("files.sha256"), nullable=True, index=True),
    text("file_name", nullable=True),
    Column("kind", String(16), nullable=False),
    word("subject", nullable=True),
    Column("study_id", ForeignKey("studies.id"), nullable=True),
    word("site", nullable=True),
    Column("related_to", ForeignKey("analyses.id"), nullable=True, index=True),
    Column("relation", String(16), nullable=True),
    word("barcode", nullable=True),
    moment("created_at"),
    word("created_by"),
    Index("ix_analyses_subject", "subject", "created_at"),
    Index("ix_analyses_created_at", "created_at", "id"),
    Index("ix_analyses_state", "state", "created_at", "id"),
    Index("ix_analyses_barcode", "barcode"),
)
analysis_versions = Table(
    "analysis_versions",
    metadata,
    Column("id", ForeignKey("analyses.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("cause", String(16), nullable=False),
    Column("calibration_id", String(36), nullable=True, index=True),
    Column("calibration_version", Integer, nullable=True),
    Column("gates_sha256", ForeignKey("files.sha256"), nullable=True),
    text("population", nullable=True),
    Column("assay_sha256", ForeignKey("definitions.sha256"), nullable=True),
    Column("criterion_sha256", ForeignKey("definitions.sha256"), nullable=True),
    text("tube"),
    Column("kind", String(16), nullable=False, server_default=""),
    Column("plain_subject", String(800), nullable=False, server_default="", index=True),
    Column("study_id", String(36), nullable=True),
    word("site", nullable=True),
    text("result", nullable=True),
    Column("verdict", String(16), nullable=True),
    text("findings"),
    *made(),
    ForeignKeyConstraint(
        ["calibration_id", "calibration_version"],
        ["calibration_versions.id", "calibration_versions.version"],
    ),
    Index("ix_analysis_versions_study_id", "study_id", "site"),
)
signatures = Table(
    "signatures",
    metadata,
    id_column(),
    Column("analysis_id", String(36), nullable=False),
    Column("analysis_version", Integer, nullable=False),
    Column("meaning", String(16), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    word("user_name"),
    word("full_name"),
    moment("at"),
    text("comment", nullable=True),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
    UniqueConstraint("analysis_id", "analysis_version", "meaning"),
)
answers = Table(
    "answers",
    metadata,
    id_column(),
    Column("analysis_id", String(36), nullable=False),
    Column("analysis_version", Integer, nullable=False),
    word("finding"),
    text("answer"),
    moment("at"),
    word("by"),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
    UniqueConstraint("analysis_id", "analysis_version", "finding"),
)
notices = Table(
    "notices",
    metadata,
    id_column(),
    Column("analysis_id", String(36), nullable=False, index=True),
    Column("analysis_version", Integer, nullable=False),
    word("told"),
    moment("told_at"),
    Column("read_back", Boolean, nullable=False),
    word("by"),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
)
