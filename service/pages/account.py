"""``/account``: who is signed in, and another password of theirs."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from service.accounts import own_password as calls
from service.accounts.own_password import PasswordChange
from service.http.attempts import TriedPasswords
from service.http.authentication import caller_of
from service.laboratory import Lab
from service.pages.form import OLD_PASSWORD, Form
from service.pages.managing.filled import Filled
from service.pages.managing.new_password import disagreement, passwords_of
from service.pages.managing.roles import ROLES
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Anybody, Visitor
from service.people.password import PasswordUnfit
from service.people.signing_in import SignInRefused
from service.people.who import NotSignedIn

router = page_router()
_DONE = "password"
_WRONG = "expected the password that you have now, found another. Type it again."


@router.get("/account")
def account(visitor: Anybody, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Show who is signed in."""
    return _page(visitor, Filled(), changed=done == _DONE)


@router.post("/account")
def change(
    request: Request, visitor: Anybody, posted: Form, laboratory: Lab, tried: TriedPasswords
) -> Response:
    """Change the password of who is signed in."""
    passwords = passwords_of(posted)
    unlike = disagreement(passwords)
    if unlike:
        return _page(visitor, Filled().told(unlike, {"password": unlike}))
    old = posted.fields.get(OLD_PASSWORD, ("",))[-1]
    new = passwords[0] if passwords else ""
    session = caller_of(request).session
    if session is None:
        raise NotSignedIn
    try:
        wanted = PasswordChange.model_validate({"password": old, "new_password": new})
        calls.changed(laboratory, (visitor.who, session), wanted, tried)
    except SignInRefused:
        return _page(visitor, Filled().told(_WRONG, {OLD_PASSWORD: _WRONG}))
    except REFUSALS as error:
        return _page(visitor, Filled().refused(error, password=PasswordUnfit))
    return onward(f"/account?done={_DONE}")


def _page(visitor: Visitor, form: Filled, *, changed: bool = False) -> Response:
    return page("account.html", visitor, form.status, form=form, roles=ROLES, changed=changed)
