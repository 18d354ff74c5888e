"""Quality over time: the log of each instrument."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER quality_log_no_{verb} BEFORE {verb} ON quality_log
BEGIN SELECT RAISE(ABORT, 'rows of quality_log are never changed'); END
"""
_POSTGRESQL = """
CREATE TRIGGER quality_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON quality_log
FOR EACH STATEMENT EXECUTE FUNCTION hladr_refuse()
"""


def upgrade() -> None:
    """Make the log, which is only ever written to."""
    op.create_table(
        "quality_log",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instrument_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name=op.f("fk_quality_log_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_log")),
    )
    op.create_index("ix_quality_log_instrument_id", "quality_log", ["instrument_id", "made_at"])
    op.create_index("ix_analysis_versions_calibration_id", "analysis_versions", ["calibration_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))
