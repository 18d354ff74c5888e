"""``/api/v1/analyses/{id}/report.html`` and ``report.pdf``."""

from fastapi import APIRouter
from starlette.responses import Response

from service.doors.leaving import Leaving, leaving
from service.doors.report.pdf import pdf_of
from service.doors.report.rendering import render_report
from service.doors.report.sources import sources_of
from service.http.authentication import Reader
from service.http.heavy import Heavy
from service.http.problem import answers
from service.laboratory import Lab, Laboratory
from service.principal import Principal
from service.texts import Id

router = APIRouter(prefix="/api/v1/analyses", tags=["doors"])
_REPORT = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "
        "sandbox"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@router.get(
    "/{id}/report.html",
    response_class=Response,
    responses={
        200: {
            "description": "The report",
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
        **answers(404, 409),
    },
)
async def as_html(id: Id, who: Reader, laboratory: Lab, heavy: Heavy) -> Response:
    """Return the report of what left last: released, rejected or without a number."""
    _, text = await heavy.do(lambda: _rendered(laboratory, id, who))
    return Response(text, media_type="text/html", headers=_REPORT)


@router.get(
    "/{id}/report.pdf",
    response_class=Response,
    responses={
        200: {
            "description": "The report",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        },
        **answers(404, 409, 501),
    },
)
async def as_pdf(id: Id, who: Reader, laboratory: Lab, heavy: Heavy) -> Response:
    """Return the same as PDF, the same bytes as long as nothing was said since."""

    def work() -> bytes:
        left, text = _rendered(laboratory, id, who)
        return pdf_of(text, left)

    content = await heavy.do(work)
    headers = {**_REPORT, "Content-Disposition": f'inline; filename="{id}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _rendered(laboratory: Laboratory, id: str, who: Principal) -> tuple[Leaving, str]:
    with laboratory.database.reading() as connection:
        left = leaving(connection, laboratory, id, who)
        sources = sources_of(connection, laboratory, left)
    return left, render_report(laboratory, left, sources)
