"""Who may sign which version as what, and where that leads."""

from dataclasses import dataclass

from service.analyses.refusals import (
    AdministratorSigns,
    CommentMissing,
    FinalBefore,
    FindingUnanswered,
    NotPerformed,
    NumberRejected,
    RoleMissing,
    SameSigner,
    SignedOtherwise,
)
from service.analyses.release import FINAL
from service.analyses.standing import Standing
from service.principal import Role
from service.store.analysis import State
from service.store.signatures import Meaning
from service.store.users import User

_ROLE = {
    Meaning.PERFORMED: (Role.TECHNICIAN, Role.REVIEWER),
    Meaning.PERFORMED_ALONE: (Role.TECHNICIAN, Role.REVIEWER),
    Meaning.PRELIMINARY: (Role.TECHNICIAN, Role.REVIEWER),
    Meaning.REVIEWED: (Role.REVIEWER,),
    Meaning.REJECTED: (Role.TECHNICIAN, Role.REVIEWER),
}
_STATE = {
    Meaning.PERFORMED: State.PERFORMED,
    Meaning.PERFORMED_ALONE: State.FINAL,
    Meaning.PRELIMINARY: State.PRELIMINARY,
    Meaning.REVIEWED: State.FINAL,
    Meaning.REJECTED: State.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature that somebody wants to give, and what it is of."""

    standing: Standing
    user: User
    meaning: Meaning
    comment: str | None


def state_after(signing: Signing) -> State:
    """Return the state that a signature leads to.

    Raises
    ------
    SigningRefused
    """
    _check_person(signing)
    _check_result(signing)
    before, after = signing.standing.analysis.state, _STATE[signing.meaning]
    waits = before is State.PERFORMED and after is State.PRELIMINARY
    return before if waits else after  # what waits for a reviewer goes on waiting


def _check_person(signing: Signing) -> None:
    state, roles = signing.standing.analysis.state, _ROLE[signing.meaning]
    release = signing.standing.history.release
    is_final = release is not None and release.status in FINAL
    withdraws = is_final and signing.meaning is Meaning.REJECTED
    if withdraws:
        roles = (Role.REVIEWER,)
    if not signing.user.roles & set(roles):
        raise RoleMissing(act=f"sign as {signing.meaning}", roles=roles)
    if Role.ADMINISTRATOR in signing.user.roles:
        raise AdministratorSigns
    ended = state in {State.FINAL, State.REJECTED, State.NO_RESULT}
    if ended and not (withdraws and state is State.FINAL):
        raise SignedOtherwise(state=state)
    if signing.meaning is Meaning.PRELIMINARY and signing.standing.history.was_final:
        raise FinalBefore
    if signing.meaning is Meaning.REVIEWED:
        _check_second(signing)


def _check_second(signing: Signing) -> None:
    """See that another person than who reviews stands for the measurement."""
    signed = signing.standing.said.signed(signing.standing.analysis.version)
    if Meaning.PERFORMED not in signed:
        raise NotPerformed
    measured = (signed.get(each) for each in (Meaning.PERFORMED, Meaning.PRELIMINARY))
    if any(each is not None and each.user_id == signing.user.id for each in measured):
        raise SameSigner


def _check_result(signing: Signing) -> None:
    standing, rejects = signing.standing, signing.meaning is Meaning.REJECTED
    if rejects:
        if signing.comment is None:
            raise CommentMissing
        return
    if standing.analysis.verdict == "reject":
        raise NumberRejected
    if standing.open_findings:
        raise FindingUnanswered(findings=standing.open_findings)
    if standing.is_doubtful and signing.comment is None:
        raise CommentMissing
