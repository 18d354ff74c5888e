"""Numbers without anything stored are not for sites, as long as a study hides any from them."""

from typing import ClassVar

from service.errors import ServiceError
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import studies


class SiteIsBlinded(ServiceError):
    """A site asks for a number of a file that nothing ties to a subject, in a blinded study."""

    code: ClassVar[str] = "SITE_IS_BLINDED"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected somebody of the laboratory, found a site; as long as a study is blinded, "
            "sites measure files as tubes of a subject. Send it to /api/v1/analyses."
        )


def require_unblinded(laboratory: Laboratory, who: Principal) -> None:
    """Refuse a site as long as any study is blinded: the file may be one that is hidden from it.

    Raises
    ------
    SiteIsBlinded
    """
    if who.site is None:
        return
    with laboratory.database.reading() as connection:
        if studies.blinded_ids(connection):
            raise SiteIsBlinded
