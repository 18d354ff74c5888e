"""Why something does not leave."""

from typing import Any, ClassVar

from service.errors import ServiceError


class Embargoed(ServiceError):
    """A study hides the result from everybody outside the laboratory."""

    code: ClassVar[str] = "EMBARGOED"
    status: ClassVar[int] = 403

    def __init__(self, *, study_id: str) -> None:
        self.study_id = study_id
        super().__init__(
            "expected a result that may leave the laboratory, found one that a study hides until "
            "it is unblinded. It leaves by itself then."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Which study."""
        return {"study_id": self.study_id}


class ControlStays(ServiceError):
    """Control blood has no patient who a message could be about."""

    code: ClassVar[str] = "CONTROL_STAYS"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected blood of a patient, found control blood; nothing about it is sent. Its "
            "report can be printed."
        )


class SubjectDoubted(ServiceError):
    """The tube is described as another subject's since, and nobody has signed that."""

    code: ClassVar[str] = "SUBJECT_DOUBTED"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected a tube of the subject whose result left, found one that was described as "
            "another's since, which nobody has signed. Sign it, or describe the tube as it was."
        )
