"""What an analysis waits for, and who may give it."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from service.principal import Role
from service.store.analysis import State
from service.store.signatures import Meaning
from service.store.users import User

ENDED = frozenset({State.FINAL, State.REJECTED, State.NO_RESULT})
AT_WORK = frozenset(State) - ENDED
BENCH = frozenset({Role.TECHNICIAN, Role.REVIEWER})


class Awaited(StrEnum):
    """What an analysis waits for.

    ├── ANSWER     to a finding that blocks
    ├── DECISION   its number may not be used: other gates or beads, or a signature that says so
    ├── PERFORMED  the signature of who stands for the measurement
    ├── REVIEWED   the signature of another person
    └── NOTHING    it has come to its end
    """

    ANSWER = "answer"
    DECISION = "decision"
    PERFORMED = "performed"
    REVIEWED = "reviewed"
    NOTHING = "nothing"


def awaited(state: State, verdict: str | None, open_findings: Collection[str]) -> Awaited:
    """Return what an analysis waits for.

    Parameters
    ----------
    verdict
        None also where an embargo hides it.
    """
    if state in ENDED:
        return Awaited.NOTHING
    if verdict == "reject":
        return Awaited.DECISION
    if open_findings:
        return Awaited.ANSWER
    return Awaited.REVIEWED if state is State.PERFORMED else Awaited.PERFORMED


def may_give(what: Awaited, user: User, signers: Mapping[Meaning, str]) -> bool:
    """Whether somebody may give what an analysis of their site waits for.

    Parameters
    ----------
    signers
        Ids of those who have signed the version, by what that says.
    """
    if what is Awaited.NOTHING or Role.ADMINISTRATOR in user.roles:
        return False
    if what is not Awaited.REVIEWED:
        return bool(BENCH & user.roles)
    stand = {signers.get(each) for each in (Meaning.PERFORMED, Meaning.PRELIMINARY)}
    return Role.REVIEWER in user.roles and user.id not in stand
