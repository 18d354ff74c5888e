"""People and systems."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
)

from service.store.tables.columns import id_column, metadata, moment, sha256_column, text, word

users = Table(
    "users",
    metadata,
    id_column(),
    Column("name", String(64), nullable=False, unique=True),
    word("full_name"),
    word("password_hash"),
    text("roles"),
    word("site", nullable=True),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    moment("created_at"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    sha256_column("csrf_sha256"),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
)
api_keys = Table(
    "api_keys",
    metadata,
    id_column(),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("prefix", String(16), nullable=False),
    word("label"),
    text("scopes"),
    word("site", nullable=True),
    Column("requests_a_minute", Integer, nullable=False),
    Column("bytes_a_day", BigInteger, nullable=False),
    moment("created_at"),
    word("created_by"),
    moment("expires_at", nullable=True),
    moment("last_used_at", nullable=True),
    moment("revoked_at", nullable=True),
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
    sha256_column("request_sha256"),
    moment("started_at"),
    Column("attempt", String(36), nullable=True),
    moment("finished_at", nullable=True),
    Column("status", Integer, nullable=True),
    text("headers", nullable=True),
    text("body", nullable=True),
)
