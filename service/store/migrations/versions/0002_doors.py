"""Doors out: what is to be sent, frozen exports, subjects by their plain id, pseudonyms."""

import json
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
    _work_out_plain_subjects()
    op.create_index("ix_randomisations_plain_subject", "randomisations", ["plain_subject"])
    _place_versions()
    for table in _APPEND_ONLY:
        _keep_as_written(table, "UPDATE", "DELETE")


def _keep_as_written(table: str, *verbs: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL.format(table=table))
    else:
        for verb in verbs:
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
    table = sa.table("randomisations", *map(sa.column, ("subject", "plain_subject")))
    for subject in connection.execute(sa.select(table.c.subject).distinct()).scalars().all():
        plain = _plain(subject)
        connection.execute(
            sa.update(table).where(table.c.subject == subject).values(plain_subject=plain)
        )


def _place_versions() -> None:
    """Say of each version, beside its tube, by what it is looked for: no result is changed."""
    for column in (
        sa.Column("kind", sa.String(length=16), nullable=False, server_default=""),
        sa.Column("plain_subject", sa.String(length=800), nullable=False, server_default=""),
        sa.Column("study_id", sa.String(length=36), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
    ):
        op.add_column("analysis_versions", column)
    postgresql = op.get_bind().dialect.name == "postgresql"
    trigger = "analysis_versions_no_change" if postgresql else "analysis_versions_no_UPDATE"
    op.execute(f"DROP TRIGGER {trigger}" + (" ON analysis_versions" if postgresql else ""))
    _work_out_places()
    _keep_as_written("analysis_versions", "UPDATE")
    op.create_index("ix_analysis_versions_plain_subject", "analysis_versions", ["plain_subject"])
    op.create_index("ix_analysis_versions_study_id", "analysis_versions", ["study_id", "site"])


def _work_out_places() -> None:
    connection = op.get_bind()
    names = ("id", "version", "tube", "kind", "plain_subject", "study_id", "site")
    table = sa.table("analysis_versions", *map(sa.column, names))
    kept = table.c
    for id_, version in connection.execute(sa.select(kept.id, kept.version)).all():
        one = (kept.id == id_, kept.version == version)
        tube = json.loads(connection.execute(sa.select(kept.tube).where(*one)).scalar_one())
        connection.execute(
            sa.update(table)
            .where(*one)
            .values(
                kind=tube["kind"],
                plain_subject=_plain(tube.get("subject") or ""),
                study_id=tube.get("study"),
                site=tube.get("site"),
            )
        )


def _plain(text: str) -> str:
    capitals = unicodedata.normalize("NFKC", text).upper().translate(_LOOK_ALIKE)
    return "".join(sign for sign in capitals.casefold() if sign.isalnum())
