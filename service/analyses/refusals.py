"""Why a version of an analysis cannot be signed, answered for, or told."""

from typing import Any, ClassVar

from service.errors import ServiceError
from service.principal import Role
from service.store.analysis import State


class SigningRefused(ServiceError):
    """A version cannot be signed so."""

    code: ClassVar[str] = "SIGNING_REFUSED"
    status: ClassVar[int] = 409


class RoleMissing(SigningRefused):
    """Whoever signs is not one who may."""

    code: ClassVar[str] = "ROLE_MISSING"
    status: ClassVar[int] = 403

    def __init__(self, *, act: str, roles: tuple[Role, ...]) -> None:
        self.act, self.roles = act, roles
        super().__init__(f"expected a {' or '.join(roles)} to {act}; whoever does is none.")


class AdministratorSigns(SigningRefused):
    """Whoever signs makes people too, and could sign in their place."""

    code: ClassVar[str] = "ADMINISTRATOR_SIGNS"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected somebody who does not administer, found an administrator, who signs nothing "
            "and answers for nothing. Sign as a user without that role."
        )


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


class FinalBefore(SigningRefused):
    """One person would take the place of what two have decided."""

    code: ClassVar[str] = "FINAL_BEFORE"

    def __init__(self) -> None:
        super().__init__(
            "expected a tube that was never final, found one that two people have decided on; one "
            "alone gives out nothing in its place. Sign as performed, and have it reviewed."
        )


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
    """An embargo hides the result from the one who signs it, or draws its gates."""

    code: ClassVar[str] = "RESULT_HIDDEN"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected somebody who may see the result; the study hides it from its sites. Ask the "
            "laboratory."
        )


class FindingUnknown(SigningRefused):
    """The version has no such finding, or none that blocks."""

    code: ClassVar[str] = "FINDING_UNKNOWN"
    status: ClassVar[int] = 422

    def __init__(self, *, finding: str) -> None:
        self.finding = finding
        super().__init__(f"expected a finding of this version that blocks, found {finding!r}.")


class FindingCame(SigningRefused):
    """A finding came after somebody looked at what they stand for."""

    code: ClassVar[str] = "FINDING_CAME"
    status: ClassVar[int] = 412

    def __init__(self, *, findings: tuple[str, ...]) -> None:
        self.findings = findings
        super().__init__(
            f"expected somebody who saw every finding that there is, found one who looked before "
            f"{', '.join(findings)} came. Look at it as it is now."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Which ones."""
        return {"findings": list(self.findings)}


class RunNotUsed(SigningRefused):
    """Somebody answers on a tube for what is of its whole run."""

    code: ClassVar[str] = "RUN_NOT_USED"

    def __init__(self) -> None:
        super().__init__(
            "expected a run that violates no rule of its quality control, or one that a reviewer "
            "lets be used, found neither. It is said once for the run, with the quality of its "
            "instrument."
        )


class NotReleased(SigningRefused):
    """Nothing had left the laboratory that somebody could have been told."""

    code: ClassVar[str] = "NOT_RELEASED"

    def __init__(self) -> None:
        super().__init__(
            "expected a result that was released by then, found none. Sign it first, or "
            "correct the time."
        )


class ToldLater(SigningRefused):
    """Somebody is said to have been told a result at a time that has not come yet."""

    code: ClassVar[str] = "TOLD_LATER"
    status: ClassVar[int] = 422

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected the time of a call that was made, found {found}. Correct the time."
        )
