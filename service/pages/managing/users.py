"""``/users`` and ``/users/new``."""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from service.accounts import users as calls
from service.laboratory import Lab
from service.pages.form import Form
from service.pages.managing.answered import clock
from service.pages.managing.filled import Filled
from service.pages.managing.new_password import disagreement, passwords_of
from service.pages.managing.next_steps import next_steps
from service.pages.managing.roles import ROLES
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Administering, Visitor
from service.people.password import PasswordUnfit
from service.people.person import NewUser, RolesMixed
from service.principal import Role
from service.store import users as store
from service.store.heads import AlreadyThere

router = page_router()


@router.get("/users")
def users(visitor: Administering, laboratory: Lab) -> Response:
    """Show all people, also those who have left."""
    with laboratory.database.reading() as connection:
        people = list(store.everybody(connection))
    return page(
        "users.html", visitor, people=people, roles=ROLES, steps=next_steps(laboratory, visitor),
        at=clock(laboratory),
    )  # fmt: skip


@router.get("/users/new")
def new(visitor: Administering, role: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Show an empty form; a role may be chosen already."""
    chosen = (role,) if role in set(map(str, Role)) else ()
    return _form(visitor, Filled({"roles": chosen}))


@router.post("/users/new")
def make(visitor: Administering, posted: Form, laboratory: Lab) -> Response:
    """Register a person."""
    filled, passwords = Filled.of(posted), passwords_of(posted)
    unlike = disagreement(passwords)
    if unlike:
        return _form(visitor, filled.told(unlike, {"password": unlike}))
    said: dict[str, Any] = {
        **posted.said("name", "full_name", "site"),
        "roles": posted.all("roles"),
        **({"password": passwords[0]} if passwords else {}),
    }
    try:
        calls.add(NewUser.model_validate(said), visitor.who, laboratory)
    except REFUSALS as error:
        about = {"name": AlreadyThere, "password": PasswordUnfit, "roles": RolesMixed}
        return _form(visitor, filled.refused(error, **about))
    return onward("/users")


def _form(visitor: Visitor, form: Filled) -> Response:
    return page("user_new.html", visitor, form.status, form=form, roles=ROLES)
