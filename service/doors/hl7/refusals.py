"""Why there is no message about an analysis."""

from typing import ClassVar

from service.errors import ServiceError


class SubjectNotSaid(ServiceError):
    """A message must name whose blood it is about."""

    code: ClassVar[str] = "SUBJECT_NOT_SAID"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected an analysis with a subject, found one of which nobody said whose blood it "
            "is; a receiver could file no message about it. Describe the tube, and sign it anew."
        )
