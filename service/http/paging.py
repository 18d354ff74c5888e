"""Pages of a list: the mark by which the next one is asked for."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from service.errors import ServiceError
from service.moment import read

Mark = Annotated[str, Field(max_length=80)]
"""Where a page begins, as the answer before gave it as `next`."""
Most = Annotated[int, Field(ge=1, le=200)]
"""How many there are on a page."""


class PageUnreadable(ServiceError):
    """The mark of a page is none that was given."""

    code: ClassVar[str] = "PAGE_UNREADABLE"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__("expected `after` as an answer gave it as `next`, found another text.")


def mark_of(created_at: str, id: str) -> str:
    """Return the mark of what follows something."""
    return f"{created_at},{id}"


def after_mark(mark: str | None) -> tuple[str, str] | None:
    """Return moment and id of what a page follows; None for the first page.

    Raises
    ------
    PageUnreadable
    """
    if mark is None:
        return None
    moment, _, id_ = mark.partition(",")
    try:
        read(moment)
        UUID(id_)
    except ValueError:
        raise PageUnreadable from None
    return moment, id_
