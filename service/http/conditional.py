"""Changes of a version that was looked at: `ETag` on the way out, `If-Match` on the way in."""

import re
from typing import Annotated, Any, ClassVar

from fastapi import Header

from service.errors import ServiceError

_TAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


class VersionNotNamed(ServiceError):
    """The request does not say which version it changes."""

    code: ClassVar[str] = "VERSION_NOT_NAMED"
    status: ClassVar[int] = 428

    def __init__(self) -> None:
        super().__init__(
            'expected the version that was looked at, as If-Match: "3"; found none. Send the ETag '
            "of what is to be changed."
        )


class VersionUnreadable(ServiceError):
    """If-Match is no version."""

    code: ClassVar[str] = "VERSION_UNREADABLE"
    status: ClassVar[int] = 412

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(f'expected If-Match: "3", found {found[:40]!r}. Send the ETag as it came.')

    @property
    def facts(self) -> dict[str, Any]:
        """Nothing more."""
        return {}


IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description='The version that is changed, such as `"3"`.'),
]


def version_of(given: str | None) -> int:
    """Return the version that a request changes.

    Raises
    ------
    VersionNotNamed, VersionUnreadable
    """
    if given is None:
        raise VersionNotNamed
    found = _TAG.fullmatch(given.strip())
    if found is None:
        raise VersionUnreadable(found=given)
    return int(found[1])


def tag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'
