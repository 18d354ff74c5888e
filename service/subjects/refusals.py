"""Why nothing is told of a subject, or recorded of one."""

from typing import Any, ClassVar

from service.errors import ServiceError


class SubjectAtSeveralSites(ServiceError):
    """Tubes of several sites have the same id: they may be of several people."""

    code: ClassVar[str] = "SUBJECT_AT_SEVERAL_SITES"
    status: ClassVar[int] = 409

    def __init__(self, *, sites: tuple[str, ...]) -> None:
        self.sites = sites
        super().__init__(
            "expected a subject of one site, found tubes of several sites with this id; nothing "
            "says that they are of one person. Say which site is meant (site=; empty: the tubes "
            "that name none)."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Which sites; an empty one stands for tubes that name none."""
        return {"sites": list(self.sites)}


class ClassNotReleased(ServiceError):
    """There is no released result with a class by the trial's criterion."""

    code: ClassVar[str] = "CLASS_NOT_RELEASED"
    status: ClassVar[int] = 409

    def __init__(self, *, criterion: str) -> None:
        self.criterion = criterion
        super().__init__(
            f"expected a released result with a class by {criterion}, found none. Release one with "
            "HLA-DR and ferritin, then record the eligibility."
        )


class EligibilityOutdated(ServiceError):
    """The result that a record rests on was replaced or withdrawn since."""

    code: ClassVar[str] = "ELIGIBILITY_OUTDATED"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected a record whose result stands, found one whose result was replaced, withdrawn "
            "or is doubted since. Nothing is exported; record the eligibility anew."
        )


class NotRecorded(ServiceError):
    """Nobody has recorded the eligibility of a subject."""

    code: ClassVar[str] = "ELIGIBILITY_NOT_RECORDED"
    status: ClassVar[int] = 404

    def __init__(self) -> None:
        super().__init__(
            "expected a record of eligibility, found none of this subject and trial. Answer the "
            "trial's questions and sign them first."
        )
