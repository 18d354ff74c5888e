"""Passwords: Argon2 by pwdlib, slow on purpose, and few at a time."""

from functools import cache
from threading import BoundedSemaphore
from typing import ClassVar

from pwdlib import PasswordHash

from service.errors import ServiceError

SHORTEST, LONGEST = 12, 200
_AT_A_TIME = BoundedSemaphore(2)  # each takes 64 MiB for a moment


class PasswordUnfit(ServiceError):
    """A password that is too easily found, or too long."""

    code: ClassVar[str] = "PASSWORD_UNFIT"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__(
            f"expected a password of {SHORTEST} to {LONGEST} characters that is not the name; a "
            "sentence is a good one."
        )


def hash_password(password: str, *, name: str) -> str:
    """Return what is kept of a password.

    Raises
    ------
    PasswordUnfit
    """
    if not SHORTEST <= len(password) <= LONGEST or password.lower() == name.lower():
        raise PasswordUnfit
    with _AT_A_TIME:
        return _hasher().hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; with None as slow as with one."""
    with _AT_A_TIME:
        right = _hasher().verify(password[: LONGEST + 1], kept or _nobodys())
    return right and kept is not None


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash("a password that nobody has")
