"""Doors out: what is to be sent, frozen exports, subjects by their plain id, pseudonyms."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("study_exports", "pseudonym_keys")
_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION hladr_refuse()
"""
_LOOK_ALIKE = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХ", "ABEZHIKMNOPTYXABEKMHOPCTYX")


def upgrade() -> None:
    """Make the tables, and work out the plain ids of subjects who were randomised."""
    _make_tables()
    op.create_index("ix_audit_subject", "audit", ["subject", "seq"])
    op.add_column(
        "studies", sa.Column("coded", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "randomisations",
        sa.Column("plain_subject", sa.String(length=800), nullable=False, server_default=""),
    )
    op.add_column("idempotency", sa.Column("attempt", sa.String(length=36), nullable=True))
    op.add_column(
        "analyses",
        sa.Column("plain_subject", sa.String(length=800), nullable=False, server_default=""),
    )
    _work_out_plain_subjects()
    op.create_index("ix_randomisations_plain_subject", "randomisations", ["plain_subject"])
    op.create_index("ix_analyses_plain_subject", "analyses", ["plain_subject"])
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in _APPEND_ONLY:
        if postgresql:
            op.execute(_POSTGRESQL.format(table=table))
        else:
            for verb in ("UPDATE", "DELETE"):
                op.execute(_SQLITE.format(table=table, verb=verb))


def _make_tables() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("analysis_id", sa.String(length=36), nullable=False),
        sa.Column("analysis_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(length=27), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("packed_seq", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["analysis_id", "analysis_version"],
            ["analysis_versions.id", "analysis_versions.version"],
            name=op.f("fk_outgoing_analysis_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint(
            "door", "analysis_id", "analysis_version", "status", name=op.f("uq_outgoing_door")
        ),
        sa.UniqueConstraint("analysis_id", "door", "place", name=op.f("uq_outgoing_place")),
    )
    op.create_index("ix_outgoing_state", "outgoing", ["state", "next_at"])
    op.create_index("ix_outgoing_created_at", "outgoing", ["created_at", "id"])
    op.create_table(
        "study_exports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["files.sha256"], name=op.f("fk_study_exports_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_study_exports_study_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_exports")),
    )
    op.create_index(op.f("ix_study_exports_study_id"), "study_exports", ["study_id"])
    op.create_table(
        "pseudonym_keys",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pseudonym_keys")),
    )


def _work_out_plain_subjects() -> None:
    connection = op.get_bind()
    for name in ("randomisations", "analyses"):
        table = sa.table(name, *map(sa.column, ("subject", "plain_subject")))
        said = sa.select(table.c.subject).distinct().where(table.c.subject.is_not(None))
        for subject in connection.execute(said).scalars().all():
            plain = _plain(subject)
            connection.execute(
                sa.update(table).where(table.c.subject == subject).values(plain_subject=plain)
            )


def _plain(text: str) -> str:
    capitals = unicodedata.normalize("NFKC", text).upper().translate(_LOOK_ALIKE)
    return "".join(sign for sign in capitals.casefold() if sign.isalnum())
