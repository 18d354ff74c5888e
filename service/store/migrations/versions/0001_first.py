"""The first form of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BEGINNING = "0" * 64
_APPEND_ONLY = (
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
_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END
"""
_POSTGRESQL_REFUSE = """
CREATE FUNCTION hladr_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END
$$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION hladr_refuse()
"""


def upgrade() -> None:
    """Make the tables, the beginning of the audit, and what keeps rows as they were written."""
    _make_tables()
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": _BEGINNING}])
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(_POSTGRESQL_REFUSE)
    for table in _APPEND_ONLY:
        if postgresql:
            op.execute(_POSTGRESQL.format(table=table))
        else:
            for verb in ("UPDATE", "DELETE"):
                op.execute(_SQLITE.format(table=table, verb=verb))


def _make_tables() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("requests_a_minute", sa.Integer(), nullable=False),
        sa.Column("bytes_a_day", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=True),
        sa.Column("last_used_at", sa.String(length=27), nullable=True),
        sa.Column("revoked_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_api_keys_secret_sha256")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "bytes_received",
        sa.Column("principal_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("principal_id", "day", name=op.f("pk_bytes_received")),
    )
    op.create_table(
        "definitions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_definitions")),
    )
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_files")),
    )
    op.create_table(
        "idempotency",
        sa.Column("principal_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=False),
        sa.Column("finished_at", sa.String(length=27), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("principal_id", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "instruments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=700), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruments")),
        sa.UniqueConstraint("label", name=op.f("uq_instruments_label")),
    )
    op.create_table(
        "lots",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=700), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("label", name=op.f("uq_lots_label")),
    )
    op.create_table(
        "recalculations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("finished_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalculations")),
    )
    op.create_table(
        "studies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("unblinded_at", sa.String(length=27), nullable=True),
        sa.Column("unblinded_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        sa.UniqueConstraint("name", name=op.f("uq_studies_name")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    op.create_table(
        "analyses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("study_id", sa.String(length=36), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("related_to", sa.String(length=36), nullable=True),
        sa.Column("relation", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["files.sha256"], name=op.f("fk_analyses_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["related_to"], ["analyses.id"], name=op.f("fk_analyses_related_to")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_analyses_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
    )
    op.create_index("ix_analyses_created_at", "analyses", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_analyses_file_sha256"), "analyses", ["file_sha256"], unique=False)
    op.create_index(op.f("ix_analyses_related_to"), "analyses", ["related_to"], unique=False)
    op.create_index("ix_analyses_subject", "analyses", ["subject", "created_at"], unique=False)
    op.create_table(
        "calibrations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.String(length=36), nullable=False),
        sa.Column("instrument_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["files.sha256"], name=op.f("fk_calibrations_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name=op.f("fk_calibrations_instrument_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_calibrations_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
    )
    op.create_index(
        op.f("ix_calibrations_instrument_id"), "calibrations", ["instrument_id"], unique=False
    )
    op.create_index(op.f("ix_calibrations_lot_id"), "calibrations", ["lot_id"], unique=False)
    op.create_table(
        "instrument_versions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["instruments.id"], name=op.f("fk_instrument_versions_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_instrument_versions")),
    )
    op.create_table(
        "lot_versions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["lots.id"], name=op.f("fk_lot_versions_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_lot_versions")),
    )
    op.create_table(
        "randomisations",
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("randomised_at", sa.String(length=27), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_randomisations_study_id")
        ),
        sa.PrimaryKeyConstraint("study_id", "subject", name=op.f("pk_randomisations")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("csrf_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("seen_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sessions")),
    )
    op.create_table(
        "calibration_versions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.String(length=36), nullable=False),
        sa.Column("lot_version", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(length=36), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("assay_sha256", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=200), nullable=False),
        sa.Column("curve", sa.Text(), nullable=False),
        sa.Column("curve_sha256", sa.String(length=64), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assay_sha256"],
            ["definitions.sha256"],
            name=op.f("fk_calibration_versions_assay_sha256"),
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["calibrations.id"], name=op.f("fk_calibration_versions_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id", "instrument_version"],
            ["instrument_versions.id", "instrument_versions.version"],
            name=op.f("fk_calibration_versions_instrument_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "lot_version"],
            ["lot_versions.id", "lot_versions.version"],
            name=op.f("fk_calibration_versions_lot_id"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_calibration_versions")),
    )
    op.create_table(
        "recalculation_items",
        sa.Column("recalculation_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("analysis_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("old_version", sa.Integer(), nullable=False),
        sa.Column("new_version", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=200), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analyses.id"], name=op.f("fk_recalculation_items_analysis_id")
        ),
        sa.ForeignKeyConstraint(
            ["recalculation_id"],
            ["recalculations.id"],
            name=op.f("fk_recalculation_items_recalculation_id"),
        ),
        sa.PrimaryKeyConstraint("recalculation_id", "place", name=op.f("pk_recalculation_items")),
        sa.UniqueConstraint(
            "recalculation_id", "analysis_id", name=op.f("uq_recalculation_items_recalculation_id")
        ),
    )
    op.create_index(
        "ix_recalculation_items_state",
        "recalculation_items",
        ["state", "lease_until"],
        unique=False,
    )
    op.create_table(
        "analysis_versions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("calibration_id", sa.String(length=36), nullable=True),
        sa.Column("calibration_version", sa.Integer(), nullable=True),
        sa.Column("gates_sha256", sa.String(length=64), nullable=True),
        sa.Column("population", sa.Text(), nullable=True),
        sa.Column("assay_sha256", sa.String(length=64), nullable=True),
        sa.Column("criterion_sha256", sa.String(length=64), nullable=True),
        sa.Column("tube", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assay_sha256"], ["definitions.sha256"], name=op.f("fk_analysis_versions_assay_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id", "calibration_version"],
            ["calibration_versions.id", "calibration_versions.version"],
            name=op.f("fk_analysis_versions_calibration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["criterion_sha256"],
            ["definitions.sha256"],
            name=op.f("fk_analysis_versions_criterion_sha256"),
        ),
        sa.ForeignKeyConstraint(
            ["gates_sha256"], ["files.sha256"], name=op.f("fk_analysis_versions_gates_sha256")
        ),
        sa.ForeignKeyConstraint(["id"], ["analyses.id"], name=op.f("fk_analysis_versions_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_analysis_versions")),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("analysis_id", sa.String(length=36), nullable=False),
        sa.Column("analysis_version", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id", "analysis_version"],
            ["analysis_versions.id", "analysis_versions.version"],
            name=op.f("fk_answers_analysis_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint(
            "analysis_id", "analysis_version", "finding", name=op.f("uq_answers_analysis_id")
        ),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("analysis_id", sa.String(length=36), nullable=False),
        sa.Column("analysis_version", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=False),
        sa.Column("told_at", sa.String(length=27), nullable=False),
        sa.Column("read_back", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id", "analysis_version"],
            ["analysis_versions.id", "analysis_versions.version"],
            name=op.f("fk_notices_analysis_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_analysis_id"), "notices", ["analysis_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("analysis_id", sa.String(length=36), nullable=False),
        sa.Column("analysis_version", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["analysis_id", "analysis_version"],
            ["analysis_versions.id", "analysis_versions.version"],
            name=op.f("fk_signatures_analysis_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_signatures_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint(
            "analysis_id", "analysis_version", "meaning", name=op.f("uq_signatures_analysis_id")
        ),
    )
