"""What a laboratory has: files, definitions, instruments, lots, calibrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
)

from service.store.tables.columns import (
    id_column,
    made,
    metadata,
    moment,
    sha256_column,
    text,
    word,
)

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    moment("received_at"),
)
definitions = Table(
    "definitions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    word("kind"),
    word("name"),
    word("version"),
    text("content"),
)


def _heads(name: str) -> Table:
    return Table(
        name,
        metadata,
        id_column(),
        Column("version", Integer, nullable=False),
        Column("label", String(700), nullable=False, unique=True),
        moment("created_at"),
        word("created_by"),
    )


def _versions(name: str, heads: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", ForeignKey(f"{heads}.id"), primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        text("content"),
        sha256_column("sha256"),
        *made(),
    )


instruments, instrument_versions = (
    _heads("instruments"),
    _versions("instrument_versions", "instruments"),
)
lots, lot_versions = _heads("lots"), _versions("lot_versions", "lots")

calibrations = Table(
    "calibrations",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("file_sha256", ForeignKey("files.sha256"), nullable=False),
    text("file_name"),
    Column("lot_id", ForeignKey("lots.id"), nullable=False, index=True),
    Column("instrument_id", ForeignKey("instruments.id"), nullable=False),
    moment("created_at"),
    word("created_by"),
    Index("ix_calibrations_instrument_id", "instrument_id", "created_at", "id"),
    Index(
        "ix_calibrations_file_sha256", "file_sha256", "instrument_id", "lot_id", "created_at", "id"
    ),
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
    word("algorithm"),
    text("curve"),
    sha256_column("curve_sha256"),
    Column("accepted", Boolean, nullable=False),
    text("findings"),
    *made(),
    ForeignKeyConstraint(["lot_id", "lot_version"], ["lot_versions.id", "lot_versions.version"]),
    ForeignKeyConstraint(
        ["instrument_id", "instrument_version"],
        ["instrument_versions.id", "instrument_versions.version"],
    ),
)
