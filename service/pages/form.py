"""What a form of a page sends: its fields, known to come from a page of this service."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from service.archive.incoming import Incoming
from service.http.authentication import is_own_origin
from service.http.multipart import Form as ReceivedForm
from service.http.multipart import FormInvalid, FormKind, receive_form
from service.laboratory import Lab, Laboratory
from service.pages.visitor import Anybody, Visitor
from service.people.who import RequestForged

CSRF = "csrf"
"""Name of the field that says that a form is one of ours."""
OLD_PASSWORD = "old_password"  # noqa: S105 - the name of a field
BESIDE_FILES = "beside_files"
"""Where a request has the texts of a form with files that was read."""
SECRET = frozenset({CSRF, "password", OLD_PASSWORD, "key"})
"""Fields that are never shown again."""
_PASSWORDS = ("password", OLD_PASSWORD)
_MOST_FIELDS = 1200  # vertices of an outline, two numbers each


@dataclass(frozen=True, slots=True)
class Posted:
    """Fields of a form.

    Parameters
    ----------
    fields
        Each with all its values, as they were sent.
    """

    fields: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """Return a field without blanks around it; empty if it was not sent."""
        return self.fields.get(name, ("",))[-1].strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that can be chosen more than once."""
        return self.fields.get(name, ())

    def said(self, *names: str) -> dict[str, str]:
        """Return the fields of these names that are not empty."""
        texts = {name: self.text(name) for name in names}
        return {name: text for name, text in texts.items() if text}

    def passwords(self) -> tuple[str, ...]:
        """Return the names of the fields that a password was typed into."""
        return tuple(name for name in _PASSWORDS if any(self.fields.get(name, ())))

    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return what may be shown again, field by field, without secrets."""
        shown = ((name, values) for name, values in self.fields.items() if name not in SECRET)
        return tuple((name, value) for name, values in shown for value in values)


async def read_fields(request: Request) -> Posted:
    """Read the fields of a form without files.

    Raises
    ------
    FormInvalid
    """
    body = await request.body()  # bounded before it comes here
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise FormInvalid(
            expected="fields of a form of this service", found="other bytes"
        ) from None
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return Posted(fields)


def require_own_form(request: Request, visitor: Visitor, laboratory: Lab, csrf: str) -> None:
    """Refuse a form that no page of this service made.

    Raises
    ------
    RequestForged
    """
    own = is_own_origin(request.headers, laboratory.settings)
    if not own or not hmac.compare_digest(csrf.encode(), visitor.csrf.encode()):
        raise RequestForged


async def receive_own_form(
    request: Request, visitor: Visitor, laboratory: Laboratory, kind: FormKind, incoming: Incoming
) -> ReceivedForm:
    """Read a form of ours with its files; its texts stay with the request, should it be refused.

    Raises
    ------
    NotMultipart, FormInvalid, RequestForged
    ClientLeft, BodyTooLarge, BodyTooSlow, DiskFull
    """
    sent = await receive_form(request, kind, incoming)
    setattr(request.state, BESIDE_FILES, sent.texts)
    require_own_form(request, visitor, laboratory, sent.texts.get(CSRF, ""))
    return sent


async def read_own_fields(
    request: Request, visitor: Visitor, laboratory: Laboratory
) -> dict[str, str]:
    """Return the texts of a form of ours that came without its files.

    Raises
    ------
    FormInvalid, RequestForged
    """
    found = await read_fields(request)
    require_own_form(request, visitor, laboratory, found.text(CSRF))
    return {name: found.text(name) for name in found.fields}


async def _posted(request: Request, visitor: Anybody, laboratory: Lab) -> Posted:
    found = await read_fields(request)
    require_own_form(request, visitor, laboratory, found.text(CSRF))
    return found


Form = Annotated[Posted, Depends(_posted)]
"""Fields of a form that the one who is signed in sent from a page of this service."""
