"""``/``: what is at work, and what waits."""

from starlette.responses import Response

from service.pages.page import page
from service.pages.route import page_router
from service.pages.visitor import Reading

router = page_router()


@router.get("/")
def worklist(visitor: Reading) -> Response:
    """Show the worklist."""
    return page("worklist.html", visitor)
