"""What an empty service still needs before the first tube, for those who can bring it about."""

from dataclasses import dataclass

from service.laboratory import Laboratory
from service.pages.visitor import Visitor
from service.principal import Role
from service.store import users
from service.store.versions import INSTRUMENTS, LOTS


@dataclass(frozen=True, slots=True)
class Step:
    """Something that has to be there.

    Parameters
    ----------
    address
        Where it is made; empty where whoever looks cannot make it.
    """

    what: str
    address: str
    done: bool


def next_steps(laboratory: Laboratory, visitor: Visitor) -> tuple[Step, ...]:
    """Return what is needed before the first tube; nothing once all is there."""
    if not visitor.may("manage"):
        return ()
    with laboratory.database.reading() as connection:
        active = [each for each in users.everybody(connection) if each.active]
        lots, instruments = any(LOTS.all(connection)), any(INSTRUMENTS.all(connection))
    makes_people = visitor.may("administer")
    steps = (
        _person("A technician, who works at the bench", Role.TECHNICIAN, active, makes_people),
        _person("A reviewer, who signs second", Role.REVIEWER, active, makes_people),
        Step("The bead lot, from its leaflet", "/lots/new", lots),
        Step("The instrument", "/instruments/new", instruments),
    )
    return () if all(step.done for step in steps) else steps


def _person(what: str, role: Role, active: list[users.User], makes_people: bool) -> Step:  # noqa: FBT001
    done = any(role in each.roles for each in active)
    return Step(what, f"/users/new?role={role}" if makes_people else "", done)
