"""A new password, typed twice where nobody can see it."""

from service.pages.form import Posted

_FIELD = "password"


def passwords_of(posted: Posted) -> tuple[str, ...]:
    """Return what was typed in the two fields; nothing where both are empty."""
    typed = posted.all(_FIELD)
    return typed if any(typed) else ()


def disagreement(passwords: tuple[str, ...]) -> str:
    """Return why two passwords are not one; empty where they are, or where none was typed."""
    if not passwords or (len(passwords) > 1 and len(set(passwords)) == 1):
        return ""
    return "expected the same password twice, found two. Type both again."
