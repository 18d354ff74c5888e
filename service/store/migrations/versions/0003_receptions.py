"""Receptions of tubes, and the barcodes of analyses."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Make the table, and find the barcodes that analyses were sent with."""
    op.create_table(
        "receptions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("barcode", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=True),
        sa.Column("drawn_at", sa.String(length=200), nullable=True),
        sa.Column("tube_type", sa.String(length=200), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("study_id", sa.String(length=36), nullable=True),
        sa.Column("visit", sa.String(length=200), nullable=True),
        sa.Column("analysis_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.String(length=27), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analyses.id"], name=op.f("fk_receptions_analysis_id")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_receptions_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
    )
    op.create_index(
        "uq_receptions_open_barcode", "receptions", ["barcode"], unique=True,
        sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN,
    )  # fmt: skip
    op.create_index("ix_receptions_state", "receptions", ["state", "due_at"])
    op.create_index("ix_receptions_created_at", "receptions", ["created_at", "id"])
    op.add_column("analyses", sa.Column("barcode", sa.String(length=200), nullable=True))
    _find_barcodes()
    op.create_index("ix_analyses_barcode", "analyses", ["barcode"])
    op.create_index("ix_analyses_state", "analyses", ["state", "created_at", "id"])


def _find_barcodes() -> None:
    heads = sa.table("analyses", *map(sa.column, ("id", "version", "barcode")))
    versions = sa.table("analysis_versions", *map(sa.column, ("id", "version", "tube")))
    newest = sa.and_(versions.c.id == heads.c.id, versions.c.version == heads.c.version)
    connection = op.get_bind()
    said = connection.execute(
        sa.select(heads.c.id, versions.c.tube)
        .join_from(heads, versions, newest)
        .where(versions.c.tube.contains('"barcode"'))
    ).all()
    for id_, tube in said:
        barcode = json.loads(tube).get("barcode")
        connection.execute(sa.update(heads).where(heads.c.id == id_).values(barcode=barcode))
