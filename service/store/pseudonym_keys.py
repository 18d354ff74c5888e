"""Which key pseudonyms are made with: its fingerprint, from which nobody comes to the key."""

from sqlalchemy import Connection, func, insert, select

from service.store.audit import record
from service.store.database import Writing
from service.store.tables import pseudonym_keys

_KEYS = pseudonym_keys.c


def known(connection: Connection) -> str | None:
    """Return the fingerprint of the key; None before the first one."""
    wanted = select(_KEYS.fingerprint).order_by(_KEYS.number.desc()).limit(1)
    return connection.execute(wanted).scalar_one_or_none()


def know_first(writing: Writing, fingerprint: str) -> None:
    """Keep the fingerprint of the first key, made or found at a start: nobody did anything."""
    _add(writing, fingerprint, None)


def know_another(writing: Writing, fingerprint: str, reason: str) -> None:
    """Keep the fingerprint of another key, by which every subject has another pseudonym."""
    _add(writing, fingerprint, reason)
    record(
        writing, "pseudonym-key.changed", "pseudonym-key",
        {"fingerprint": fingerprint, "reason": reason},
    )  # fmt: skip


def _add(writing: Writing, fingerprint: str, reason: str | None) -> None:
    last = select(func.coalesce(func.max(_KEYS.number), 0))
    writing.connection.execute(
        insert(pseudonym_keys).values(
            number=writing.connection.execute(last).scalar_one() + 1,
            fingerprint=fingerprint,
            made_at=writing.at,
            made_by=writing.actor,
            reason=reason,
        )
    )
