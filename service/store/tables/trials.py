"""Studies, and who of their subjects was randomised when."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    false,
)

from service.store.tables.columns import id_column, metadata, moment, word

studies = Table(
    "studies",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False, unique=True),
    moment("created_at"),
    word("created_by"),
    moment("unblinded_at", nullable=True),
    word("unblinded_by", nullable=True),
    Column("coded", Boolean, nullable=False, server_default=false()),
)
randomisations = Table(
    "randomisations",
    metadata,
    Column("study_id", ForeignKey("studies.id"), primary_key=True),
    Column("subject", String(200), primary_key=True),
    moment("randomised_at"),
    word("recorded_by"),
    Column("plain_subject", String(800), nullable=False, server_default="", index=True),
)
