"""A barcode waits once at each site: what waits at one says nothing of another."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state = 'open'")
_OF_NO_SITE = sa.text("state = 'open' AND site IS NULL")


def upgrade() -> None:
    """Make the index over barcodes one over sites and barcodes; those of no site have their own."""
    op.drop_index("uq_receptions_open_barcode", table_name="receptions")
    op.create_index(
        "uq_receptions_open_barcode", "receptions", ["barcode", "site"], unique=True,
        sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN,
    )  # fmt: skip
    op.create_index(
        "uq_receptions_open_barcode_of_no_site", "receptions", ["barcode"], unique=True,
        sqlite_where=_OF_NO_SITE, postgresql_where=_OF_NO_SITE,
    )  # fmt: skip
