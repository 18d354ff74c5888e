"""Calibrations of an instrument in their order, and of one bead file."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what they are found by; entries of the log of quality may be taken back from now on."""
    op.drop_index("ix_calibrations_instrument_id", "calibrations")
    op.create_index(
        "ix_calibrations_instrument_id", "calibrations", ["instrument_id", "created_at", "id"]
    )
    op.create_index(
        "ix_calibrations_file_sha256",
        "calibrations",
        ["file_sha256", "instrument_id", "lot_id", "created_at", "id"],
    )
