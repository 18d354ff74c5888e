"""What may be done with a version of an analysis: who may sign what, and what is given out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from service.errors import ServiceError
from service.principal import Role
from service.store.analyses import Analysis, State
from service.store.signatures import Meaning, Said, Signature
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


class SigningRefused(ServiceError):
    """A version cannot be signed so."""

    code: ClassVar[str] = "SIGNING_REFUSED"
    status: ClassVar[int] = 409


class RoleMissing(SigningRefused):
    """Whoever signs is not one who may."""

    code: ClassVar[str] = "ROLE_MISSING"
    status: ClassVar[int] = 403

    def __init__(self, *, meaning: Meaning) -> None:
        self.meaning = meaning
        roles = " or ".join(_ROLE[meaning])
        super().__init__(f"expected a {roles} to sign as {meaning}; whoever signs is none.")


class NumberRejected(SigningRefused):
    """The number may not be used, so that no signature gives it out."""

    code: ClassVar[str] = "NUMBER_REJECTED"

    def __init__(self) -> None:
        super().__init__(
            "expected a number that may be used, found one that its findings reject. Measure or "
            "gate again, or sign it as rejected."
        )


class FindingUnanswered(SigningRefused):
    """A finding that blocks has no answer."""

    code: ClassVar[str] = "FINDING_UNANSWERED"

    def __init__(self, *, findings: tuple[str, ...]) -> None:
        self.findings = findings
        super().__init__(
            f"expected an answer to every finding that blocks, found none to "
            f"{', '.join(findings)}. Answer for it, or correct what it speaks of."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Which ones."""
        return {"findings": list(self.findings)}


class CommentMissing(SigningRefused):
    """A result with warnings, or a rejection, is signed without a word about it."""

    code: ClassVar[str] = "COMMENT_MISSING"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__("expected a comment on what is doubtful, found none. Say why you sign.")


class SameSigner(SigningRefused):
    """One person signed twice where two must."""

    code: ClassVar[str] = "SAME_SIGNER"

    def __init__(self) -> None:
        super().__init__("expected another person than the one who performed it. Ask a reviewer.")


class NotPerformed(SigningRefused):
    """Nobody stands for the measurement that is reviewed."""

    code: ClassVar[str] = "NOT_PERFORMED"

    def __init__(self) -> None:
        super().__init__("expected a version that was signed as performed, found none. Sign that.")


class SignedOtherwise(SigningRefused):
    """The version has come to its end."""

    code: ClassVar[str] = "SIGNED_OTHERWISE"

    def __init__(self, *, state: State) -> None:
        self.state = state
        super().__init__(
            f"expected a version that is open, found one that is {state}. A change makes a new "
            "version, to be signed anew."
        )


class SecondPersonNeeded(SigningRefused):
    """The laboratory's rule asks for two people."""

    code: ClassVar[str] = "SECOND_PERSON_NEEDED"

    def __init__(self) -> None:
        super().__init__(
            "expected a signature as performed or preliminary, and a review by another person; "
            "found one of somebody alone. Sign as performed."
        )


class SignerElsewhere(SigningRefused):
    """Whoever signs belongs to another site than the tube."""

    code: ClassVar[str] = "SIGNER_ELSEWHERE"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected somebody of the laboratory or of the tube's site to sign; whoever signs is "
            "of another."
        )


class ResultHidden(SigningRefused):
    """An embargo hides the result from the one who signs."""

    code: ClassVar[str] = "RESULT_HIDDEN"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected somebody who may see the result that is signed; the study hides it from its "
            "sites. Ask the laboratory."
        )


class FindingUnknown(SigningRefused):
    """The version has no such finding, or none that blocks."""

    code: ClassVar[str] = "FINDING_UNKNOWN"
    status: ClassVar[int] = 422

    def __init__(self, *, finding: str) -> None:
        self.finding = finding
        super().__init__(f"expected a finding of this version that blocks, found {finding!r}.")


class NotReleased(SigningRefused):
    """Nothing has left the laboratory that somebody could have been told."""

    code: ClassVar[str] = "NOT_RELEASED"

    def __init__(self) -> None:
        super().__init__("expected a result that was released, found none. Sign it first.")


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
    return _STATE[signing.meaning]


def _check_person(signing: Signing) -> None:
    if not signing.user.roles & set(_ROLE[signing.meaning]):
        raise RoleMissing(meaning=signing.meaning)
    state = signing.analysis.state
    if state in {State.FINAL, State.REJECTED, State.NO_RESULT}:
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


class Status(StrEnum):
    """What a version that left the laboratory is to those who have it.

    ├── PRELIMINARY  one person stands for it; it may still change
    ├── FINAL        it may be used
    ├── AMENDED      final, in the place of one that was given out before
    └── WITHDRAWN    no number is given any more, where one was
    """

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Release:
    """What has left the laboratory last.

    Parameters
    ----------
    replaces
        The version that was given out before, which of one that was withdrawn may be itself; None
        for the first.
    signatures
        Of those who stand for it.
    """

    version: int
    status: Status
    replaces: int | None
    signatures: tuple[Signature, ...]


def release_of(said: Said, verdicts: Mapping[int, str | None]) -> Release | None:
    """Return what has left the laboratory last; None if nothing has.

    Parameters
    ----------
    verdicts
        Of the software, by version; a rejected number is never released.
    """
    before: int | None = None
    release = None
    for version in sorted(verdicts):
        signed = said.signed(version)
        status = None
        if verdicts[version] in {"pass", "review"}:
            status = _status(frozenset(signed), again=before is not None)
        if Meaning.REJECTED in signed:
            before = version if status is not None else before
            status = None if before is None else Status.WITHDRAWN
        if status is not None:
            release = Release(version, status, before, tuple(signed.values()))
            before = version
    return release


def _status(signed: frozenset[Meaning], *, again: bool) -> Status | None:
    if signed & {Meaning.REVIEWED, Meaning.PERFORMED_ALONE}:
        return Status.AMENDED if again else Status.FINAL
    return Status.PRELIMINARY if Meaning.PRELIMINARY in signed else None
