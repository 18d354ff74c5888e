"""``/samples/{id}``: a sample is looked at, at its newest version or at an older one."""

from starlette.responses import Response

from service.pages.page import onward
from service.pages.route import page_router
from service.pages.sample.table import OnTable
from service.texts import Id, Version

router = page_router()


@router.get("/samples/{id}")
async def newest(id: Id, table: OnTable) -> Response:
    """Show a sample at its newest version."""
    return await table.show(id)


@router.get("/samples/{id}/versions/{version}")
async def as_it_was(id: Id, version: Version, table: OnTable) -> Response:
    """Show a sample at one of its versions."""
    return await table.show(id, version)


@router.get("/samples/{id}/signatures")
@router.get("/samples/{id}/answers")
@router.get("/samples/{id}/notices")
def from_form(id: Id) -> Response:
    """Lead from where a form was sent back to the sample."""
    return onward(f"/samples/{id}")
