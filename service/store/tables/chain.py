"""The audit: the chain, and its last link."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Table,
)

from service.store.tables.columns import metadata, moment, sha256_column, text, word

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    moment("at"),
    word("actor"),
    word("action"),
    word("subject"),
    text("facts"),
    sha256_column("previous"),
    sha256_column("hash"),
    Index("ix_audit_subject", "subject", "seq"),
)
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    sha256_column("hash"),
)
