"""Columns that many tables have."""

from sqlalchemy import Column, MetaData, String, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def id_column(name: str = "id") -> Column[str]:
    """A random UUID, the key of its table."""
    return Column(name, String(36), primary_key=True)


def sha256_column(name: str, *, nullable: bool = False) -> Column[str]:
    """A SHA-256, hexadecimal."""
    return Column(name, String(64), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> Column[str]:
    """A moment as `service.moment` writes it."""
    return Column(name, String(27), nullable=nullable)


def word(name: str, *, nullable: bool = False) -> Column[str]:
    """A short text."""
    return Column(name, String(200), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """A long text, or JSON."""
    return Column(name, Text, nullable=nullable)


def made() -> tuple[Column[str], Column[str], Column[str]]:
    """When a version was made, by whom, and why."""
    return moment("made_at"), word("made_by"), text("reason", nullable=True)
