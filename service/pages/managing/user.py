"""``/users/{id}``: a person, and what they are from now on."""

from typing import Any

from starlette.responses import Response

from service.accounts import users as calls
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.managing.answered import clock
from service.pages.managing.base import required_base
from service.pages.managing.filled import Filled
from service.pages.managing.moved import Meantime, differences, merged
from service.pages.managing.new_password import disagreement, passwords_of
from service.pages.managing.roles import ROLES
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Administering, Visitor
from service.people.password import PasswordUnfit
from service.people.person import LastAdministrator, RolesMixed, UserChange
from service.store import users
from service.store.audit_search import Looked, newest
from service.store.heads import VersionMoved
from service.store.users import User
from service.texts import Id

router = page_router()
NAMES = {"full_name": "Full name", "roles": "Roles", "site": "Site", "active": "May sign in"}
"""Fields of a person, as people call them."""
_BEFORE = "before."  # what the form showed: of people no older version is kept
_YES, _APART = "yes", ", "


@router.get("/users/{id}")
def one(id: Id, visitor: Administering, laboratory: Lab) -> Response:
    """Show a person."""
    with laboratory.database.reading() as connection:
        found = users.by_id(connection, id)
    return _shown(id, visitor, laboratory, _form_of(_texts(found), found.version))


@router.post("/users/{id}")
def change(id: Id, visitor: Administering, posted: Form, laboratory: Lab) -> Response:
    """Describe a person anew."""
    filled, passwords = Filled.of(posted), passwords_of(posted)
    unlike = disagreement(passwords)
    if unlike:
        told = filled.told(unlike, {"password": unlike})
        return _shown(id, visitor, laboratory, told)
    said: dict[str, Any] = {
        **posted.said("full_name"),
        "site": posted.text("site") or None,
        "roles": posted.all("roles"),
        "active": posted.text("active") == _YES,
        **({"password": passwords[0]} if passwords else {}),
    }
    try:
        base = required_base(posted)
        wanted = UserChange.model_validate(said)
        calls.change(id, wanted, visitor.who, laboratory, if_match=f'"{base}"')
    except VersionMoved as error:
        form, meantime = _moved(id, laboratory, posted, filled.refused(error))
        return _shown(id, visitor, laboratory, form, meantime)
    except REFUSALS as error:
        told = filled.refused(error, password=PasswordUnfit, roles=(LastAdministrator, RolesMixed))
        return _shown(id, visitor, laboratory, told)
    return onward("/users")


def _texts(user: User) -> dict[str, str]:
    return {
        "full_name": user.full_name,
        "roles": _APART.join(sorted(user.roles)),
        "site": user.site or "",
        "active": _YES if user.active else "no",
    }


def _typed(posted: Posted) -> dict[str, str]:
    return {
        "full_name": posted.text("full_name"),
        "roles": _APART.join(sorted(posted.all("roles"))),
        "site": posted.text("site"),
        "active": _YES if posted.text("active") == _YES else "no",
    }


def _form_of(texts: dict[str, str], version: int, before: dict[str, str] | None = None) -> Filled:
    """Return a form that shows some texts on top of what there is."""
    kept = {f"{_BEFORE}{name}": (text,) for name, text in (before or texts).items()}
    shown = {name: (text,) for name, text in texts.items()}
    roles = tuple(texts["roles"].split(_APART))
    return Filled({**shown, **kept, "roles": roles, "version": (str(version),)})


def _moved(
    id: str, laboratory: Laboratory, posted: Posted, refused: Filled
) -> tuple[Filled, Meantime]:
    """Return the form on top of what somebody else made, and what that was."""
    with laboratory.database.reading() as connection:
        now = users.by_id(connection, id)
        last = newest(connection, Looked(subject=id), 1)[0]
    after = _texts(now)
    before = {name: posted.text(f"{_BEFORE}{name}") for name in after}
    typed = _typed(posted)
    form = _form_of(merged(before, after, typed), now.version, after)
    told = Meantime(last.actor, last.at, None, differences(before, after, typed))
    return form.told(refused.problem, {}, refused.status), told


def _shown(
    id: str,
    visitor: Visitor,
    laboratory: Laboratory,
    form: Filled,
    meantime: Meantime | None = None,
) -> Response:
    with laboratory.database.reading() as connection:
        person = users.by_id(connection, id)
    return page(
        "user.html", visitor, form.status, form=form, person=person, roles=ROLES,
        meantime=meantime, names=NAMES, before=[f"{_BEFORE}{name}" for name in NAMES],
        at=clock(laboratory),
    )  # fmt: skip
