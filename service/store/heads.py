"""The row of a thing that says which of its versions is the newest; nobody moves it unseen."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Table, select, update

from service.errors import ServiceError
from service.store.database import Writing


class NotFound(ServiceError):
    """There is no such thing, or not for the one who asks."""

    code: ClassVar[str] = "NOT_FOUND"
    status: ClassVar[int] = 404

    def __init__(self, *, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        many = _many(kind)
        super().__init__(f"expected the id of one of the {many}, found {id!r}. List the {many}.")


def _many(kind: str) -> str:
    """Return the word for more than one."""
    if kind.endswith("is"):
        return f"{kind[:-2]}es"
    return f"{kind[:-1]}ies" if kind.endswith("y") and kind != "key" else f"{kind}s"


class VersionMoved(ServiceError):
    """Somebody else changed it in the meantime."""

    code: ClassVar[str] = "VERSION_MOVED"
    status: ClassVar[int] = 412

    def __init__(self, *, kind: str, base: int, current: int) -> None:
        self.base, self.current = base, current
        super().__init__(
            f"expected a change of the {kind}'s version {current}, found one of version {base}: "
            "somebody changed it in the meantime. Look at what it is now, and change that."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The version it has now."""
        return {"current_version": self.current}


class AlreadyThere(ServiceError):
    """Another one is called the same."""

    code: ClassVar[str] = "ALREADY_THERE"
    status: ClassVar[int] = 409

    def __init__(self, *, kind: str, label: str) -> None:
        self.kind, self.label = kind, label
        super().__init__(
            f"expected a {kind} that is not known, found {label!r}, which is. Use that one, or "
            "change it."
        )


def move(
    writing: Writing, kind: str, heads: Table, at: tuple[str, int], values: Mapping[str, Any]
) -> None:
    """Set columns of a head, if it is still at the version that was looked at.

    Parameters
    ----------
    at
        Its id, and the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved
    """
    id_, base = at
    moved = writing.connection.execute(
        update(heads).where(heads.c.id == id_, heads.c.version == base).values(dict(values))
    )
    if moved.rowcount != 1:
        wanted = select(heads.c.version).where(heads.c.id == id_)
        current = writing.connection.execute(wanted).scalar_one_or_none()
        if current is None:
            raise NotFound(kind=kind, id=id_)
        raise VersionMoved(kind=kind, base=base, current=current)
