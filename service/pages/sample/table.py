"""Where a sample is laid out to be looked at, as it is or with a form that was refused."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends
from starlette.responses import Response

from service.doors.report.figures import Figures, NoFigures
from service.http.heavy import Heavy, HeavyCalls, TooBusy
from service.laboratory import Lab, Laboratory
from service.pages.page import page
from service.pages.sample.drawings import Drawings, Drawn
from service.pages.sample.opened import Opened, opened
from service.pages.sample.shown import Refused, page_of
from service.pages.visitor import Reading, Visitor


class Table:
    """Where a sample is laid out to be looked at."""

    def __init__(self, laboratory: Lab, visitor: Reading, heavy: Heavy, drawings: Drawn) -> None:
        self.laboratory: Laboratory = laboratory
        self.visitor: Visitor = visitor
        self._heavy: HeavyCalls = heavy
        self._drawings: Drawings = drawings

    async def show(
        self, id: str, version: int | None = None, refused: Refused | None = None, status: int = 200
    ) -> Response:
        """Return the page of a version; None: the newest.

        With a form that was refused it is returned in any case: what was typed stays.

        Raises
        ------
        NotFound, TooBusy
        """
        who = self.visitor.who
        found = await run_sync(lambda: opened(self.laboratory, who, id, version))
        try:
            figures = await self.figures(found)
        except TooBusy as busy:
            if refused is None:
                raise
            figures = NoFigures("Not drawn: all places to measure are taken.", busy)
        said = await run_sync(
            lambda: page_of(self.laboratory, self.visitor, found, figures, refused or Refused())
        )
        return page("sample.html", self.visitor, status, **said)

    async def figures(self, found: Opened) -> Figures | NoFigures:
        """Return the figures; only those that must be drawn wait for a place to measure."""
        kept = self._drawings.kept(self.laboratory, found)
        if kept is not None:
            return kept
        return await self._heavy.do(lambda: self._drawings.draw(self.laboratory, found))


OnTable = Annotated[Table, Depends()]
