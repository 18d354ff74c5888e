"""Who may sign which version as what, and where that leads."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.analyses.refusals import (
    CommentMissing,
    FindingUnanswered,
    NotPerformed,
    NumberRejected,
    RoleMissing,
    SameSigner,
    SignedOtherwise,
)
from service.principal import Role
from service.store.analysis import Analysis, State
from service.store.signatures import Meaning, Said
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
    """A signature that somebody wants to give."""

    analysis: Analysis
    said: Said
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
    before, after = signing.analysis.state, _STATE[signing.meaning]
    waits = before is State.PERFORMED and after is State.PRELIMINARY
    return before if waits else after  # what waits for a reviewer goes on waiting


def _check_person(signing: Signing) -> None:
    state, roles = signing.analysis.state, _ROLE[signing.meaning]
    withdraws = state is State.FINAL and signing.meaning is Meaning.REJECTED
    if withdraws:
        roles = (Role.REVIEWER,)
    if not signing.user.roles & set(roles):
        raise RoleMissing(act=f"sign as {signing.meaning}", roles=roles)
    if state in {State.FINAL, State.REJECTED, State.NO_RESULT} and not withdraws:
        raise SignedOtherwise(state=state)
    if signing.meaning is not Meaning.REVIEWED:
        return
    done = signing.said.signed(signing.analysis.version).get(Meaning.PERFORMED)
    if done is None:
        raise NotPerformed
    if done.user_id == signing.user.id:
        raise SameSigner


def _check_result(signing: Signing) -> None:
    analysis, rejects = signing.analysis, signing.meaning is Meaning.REJECTED
    if rejects:
        if signing.comment is None:
            raise CommentMissing
        return
    if analysis.verdict == "reject":
        raise NumberRejected
    open_ = tuple(unanswered(analysis, signing.said))
    if open_:
        raise FindingUnanswered(findings=open_)
    if _is_doubtful(analysis) and signing.comment is None:
        raise CommentMissing


def unanswered(analysis: Analysis, said: Said) -> Iterator[str]:
    """Codes of the findings that block a version and that nobody has answered for."""
    answered = said.answered(analysis.version)
    for finding in analysis.outcome.findings:
        if finding["blocks"] and finding["code"] not in answered:
            yield str(finding["code"])


def _is_doubtful(analysis: Analysis) -> bool:
    warned = any(each["severity"] == "warn" for each in analysis.outcome.findings)
    return warned or analysis.verdict == "review"
