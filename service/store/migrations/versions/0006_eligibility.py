"""Eligibility: signed records of what was answered of a subject."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER eligibility_records_no_{verb} BEFORE {verb} ON eligibility_records
BEGIN SELECT RAISE(ABORT, 'rows of eligibility_records are never changed'); END
"""
_POSTGRESQL = """
CREATE TRIGGER eligibility_records_no_change
BEFORE UPDATE OR DELETE OR TRUNCATE ON eligibility_records
FOR EACH STATEMENT EXECUTE FUNCTION hladr_refuse()
"""


def upgrade() -> None:
    """Make the table, which is only ever written to."""
    op.create_table(
        "eligibility_records",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("plain_subject", sa.String(length=800), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("trial", sa.String(length=200), nullable=False),
        sa.Column("analysis_id", sa.String(length=36), nullable=False),
        sa.Column("analysis_version", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("bedside", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_eligibility_records_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["analysis_id", "analysis_version"],
            ["analysis_versions.id", "analysis_versions.version"],
            name=op.f("fk_eligibility_records_analysis_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_records")),
    )
    op.create_index(
        "ix_eligibility_records_plain_subject",
        "eligibility_records",
        ["plain_subject", "trial", "version"],
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))
