"""The tables.

Moments are texts as `service.moment` writes them, JSON texts as `service.canonical`, ids random
UUIDs, hashes hexadecimal SHA-256. What has versions has two tables: heads, whose `version` moves
on, and versions, which are written once; triggers of the database see to the latter.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

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
)
"""Tables whose rows are never changed and never taken away."""


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(36), primary_key=True)


def _sha256(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(64), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(27), nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(200), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _made() -> tuple[Column[str], Column[str], Column[str]]:
    """When a version was made, by whom, and why."""
    return _moment("made_at"), _word("made_by"), _text("reason", nullable=True)


# Audit: the chain, and its last link.
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _moment("at"),
    _word("actor"),
    _word("action"),
    _word("subject"),
    _text("facts"),
    _sha256("previous"),
    _sha256("hash"),
)
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    _sha256("hash"),
)

# People and systems.
users = Table(
    "users",
    metadata,
    _id(),
    Column("name", String(64), nullable=False, unique=True),
    _word("full_name"),
    _word("password_hash"),
    _text("roles"),
    _word("site", nullable=True),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    _moment("created_at"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    _sha256("csrf_sha256"),
    _moment("created_at"),
    _moment("seen_at"),
    _moment("expires_at"),
    _moment("ended_at", nullable=True),
)
api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("prefix", String(16), nullable=False),
    _word("label"),
    _text("scopes"),
    _word("site", nullable=True),
    Column("requests_a_minute", Integer, nullable=False),
    Column("bytes_a_day", BigInteger, nullable=False),
    _moment("created_at"),
    _word("created_by"),
    _moment("expires_at", nullable=True),
    _moment("last_used_at", nullable=True),
    _moment("revoked_at", nullable=True),
)
bytes_received = Table(
    "bytes_received",
    metadata,
    Column("principal_id", String(36), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)
idempotency = Table(
    "idempotency",
    metadata,
    Column("principal_id", String(36), primary_key=True),
    Column("key", String(200), primary_key=True),
    _sha256("request_sha256"),
    _moment("started_at"),
    _moment("finished_at", nullable=True),
    Column("status", Integer, nullable=True),
    _text("headers", nullable=True),
    _text("body", nullable=True),
)

# What a laboratory has.
files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    _moment("received_at"),
)
definitions = Table(
    "definitions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    _word("kind"),
    _word("name"),
    _word("version"),
    _text("content"),
)


def _heads(name: str) -> Table:
    return Table(
        name,
        metadata,
        _id(),
        Column("version", Integer, nullable=False),
        Column("label", String(700), nullable=False, unique=True),
        _moment("created_at"),
        _word("created_by"),
    )


def _versions(name: str, heads: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", ForeignKey(f"{heads}.id"), primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        _text("content"),
        _sha256("sha256"),
        *_made(),
    )


instruments, instrument_versions = (
    _heads("instruments"),
    _versions("instrument_versions", "instruments"),
)
lots, lot_versions = _heads("lots"), _versions("lot_versions", "lots")

calibrations = Table(
    "calibrations",
    metadata,
    _id(),
    Column("version", Integer, nullable=False),
    Column("file_sha256", ForeignKey("files.sha256"), nullable=False),
    _text("file_name"),
    Column("lot_id", ForeignKey("lots.id"), nullable=False, index=True),
    Column("instrument_id", ForeignKey("instruments.id"), nullable=False, index=True),
    _moment("created_at"),
    _word("created_by"),
)
calibration_versions = Table(
    "calibration_versions",
    metadata,
    Column("id", ForeignKey("calibrations.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("lot_id", String(36), nullable=False),
    Column("lot_version", Integer, nullable=False),
    Column("instrument_id", String(36), nullable=False),
    Column("instrument_version", Integer, nullable=False),
    Column("assay_sha256", ForeignKey("definitions.sha256"), nullable=False),
    _word("algorithm"),
    _text("curve"),
    _sha256("curve_sha256"),
    Column("accepted", Boolean, nullable=False),
    _text("findings"),
    *_made(),
    ForeignKeyConstraint(["lot_id", "lot_version"], ["lot_versions.id", "lot_versions.version"]),
    ForeignKeyConstraint(
        ["instrument_id", "instrument_version"],
        ["instrument_versions.id", "instrument_versions.version"],
    ),
)

# Studies, and who of their subjects was randomised when.
studies = Table(
    "studies",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    _moment("created_at"),
    _word("created_by"),
    _moment("unblinded_at", nullable=True),
    _word("unblinded_by", nullable=True),
)
randomisations = Table(
    "randomisations",
    metadata,
    Column("study_id", ForeignKey("studies.id"), primary_key=True),
    Column("subject", String(200), primary_key=True),
    _moment("randomised_at"),
    _word("recorded_by"),
)

# Analyses: a tube, the versions of its result, and what people said of them.
analyses = Table(
    "analyses",
    metadata,
    _id(),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("file_sha256", ForeignKey("files.sha256"), nullable=True, index=True),
    _text("file_name", nullable=True),
    Column("kind", String(16), nullable=False),
    _word("subject", nullable=True),
    Column("study_id", ForeignKey("studies.id"), nullable=True),
    _word("site", nullable=True),
    Column("related_to", ForeignKey("analyses.id"), nullable=True, index=True),
    Column("relation", String(16), nullable=True),
    _moment("created_at"),
    _word("created_by"),
    Index("ix_analyses_subject", "subject", "created_at"),
    Index("ix_analyses_created_at", "created_at", "id"),
)
analysis_versions = Table(
    "analysis_versions",
    metadata,
    Column("id", ForeignKey("analyses.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("cause", String(16), nullable=False),
    Column("calibration_id", String(36), nullable=True),
    Column("calibration_version", Integer, nullable=True),
    Column("gates_sha256", ForeignKey("files.sha256"), nullable=True),
    _text("population", nullable=True),
    Column("assay_sha256", ForeignKey("definitions.sha256"), nullable=True),
    Column("criterion_sha256", ForeignKey("definitions.sha256"), nullable=True),
    _text("tube"),
    _text("result", nullable=True),
    Column("verdict", String(16), nullable=True),
    _text("findings"),
    *_made(),
    ForeignKeyConstraint(
        ["calibration_id", "calibration_version"],
        ["calibration_versions.id", "calibration_versions.version"],
    ),
)
signatures = Table(
    "signatures",
    metadata,
    _id(),
    Column("analysis_id", String(36), nullable=False),
    Column("analysis_version", Integer, nullable=False),
    Column("meaning", String(16), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    _word("user_name"),
    _word("full_name"),
    _moment("at"),
    _text("comment", nullable=True),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
    UniqueConstraint("analysis_id", "analysis_version", "meaning"),
)
answers = Table(
    "answers",
    metadata,
    _id(),
    Column("analysis_id", String(36), nullable=False),
    Column("analysis_version", Integer, nullable=False),
    _word("finding"),
    _text("answer"),
    _moment("at"),
    _word("by"),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
    UniqueConstraint("analysis_id", "analysis_version", "finding"),
)
notices = Table(
    "notices",
    metadata,
    _id(),
    Column("analysis_id", String(36), nullable=False, index=True),
    Column("analysis_version", Integer, nullable=False),
    _word("told"),
    _moment("told_at"),
    Column("read_back", Boolean, nullable=False),
    _word("by"),
    ForeignKeyConstraint(
        ["analysis_id", "analysis_version"], ["analysis_versions.id", "analysis_versions.version"]
    ),
)

# Recalculations: one row a campaign, one row an analysis in it.
recalculations = Table(
    "recalculations",
    metadata,
    _id(),
    _text("reason"),
    _text("wanted"),
    _moment("created_at"),
    _word("created_by"),
    _moment("finished_at", nullable=True),
)
recalculation_items = Table(
    "recalculation_items",
    metadata,
    Column("recalculation_id", ForeignKey("recalculations.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("analysis_id", ForeignKey("analyses.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(36), nullable=True),
    _moment("lease_until", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("old_version", Integer, nullable=False),
    Column("new_version", Integer, nullable=True),
    _word("code", nullable=True),
    _text("message", nullable=True),
    UniqueConstraint("recalculation_id", "analysis_id"),
    Index("ix_recalculation_items_state", "state", "lease_until"),
)
