"""Entries of the log of an instrument as they are answered."""

from typing import Any

from pydantic import BaseModel

from service.quality.book import Book
from service.store.quality_log import Entry


class EntryTold(BaseModel):
    """An entry of the log of an instrument; `content` is as its `kind` has it."""

    id: str
    kind: str
    content: dict[str, Any]
    reason: str
    made_at: str
    made_by: str


class LogEntry(EntryTold):
    """An entry in its log.

    `taken_back` is the entry that takes it back, null where it counts. A baseline that was locked
    behind a service which was taken back has `holds` false: it stays, and no run is held against
    it.
    """

    taken_back: EntryTold | None
    holds: bool


def entry_told(entry: Entry) -> dict[str, Any]:
    """Write an entry as it is answered."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "content": dict(entry.content),
        "reason": entry.reason,
        "made_at": entry.made_at,
        "made_by": entry.made_by,
    }


def told_in_log(entry: Entry, book: Book) -> dict[str, Any]:
    """Write an entry with what became of it."""
    by = book.taken_back.get(entry.id)
    return {
        **entry_told(entry),
        "taken_back": None if by is None else entry_told(by),
        "holds": by is None and not book.hangs_on_nothing(entry),
    }
