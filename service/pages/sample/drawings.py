"""Figures of the samples that were looked at last: what was drawn once is not drawn again."""

from collections import OrderedDict
from threading import Lock
from typing import Annotated, Final

from fastapi import Depends, Request

from service.doors.report.figures import Figures, NoFigures, figures_of
from service.laboratory import Laboratory
from service.measuring.layout import Layout
from service.pages.sample.opened import Opened

_KEPT: Final = 64
Key = tuple[str, int, str, tuple[tuple[int, ...], ...], Layout]


class Drawings:
    """Figures by analysis, version, hash of the result, its files and layout; some are kept."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Figures] = OrderedDict()
        self._changing = Lock()

    def kept(self, laboratory: Laboratory, opened: Opened) -> Figures | NoFigures | None:
        """Return the figures of a version as far as they are at hand; None: they must be drawn.

        Of a result that is hidden from the one who looks there are none. Of files that were lost
        or rewritten since they are drawn anew.
        """
        if opened.told["result"] is None:
            return NoFigures("")
        key = _key(laboratory, opened)
        with self._changing:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def draw(self, laboratory: Laboratory, opened: Opened) -> Figures | NoFigures:
        """Draw the figures of a version, and keep them; why there are none is asked again."""
        made = self.kept(laboratory, opened)
        if made is not None:
            return made
        key = _key(laboratory, opened)
        made = figures_of(laboratory, opened.analysis, key[-1])
        if isinstance(made, Figures):
            with self._changing:
                self._kept[key] = made
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return made


def _key(laboratory: Laboratory, opened: Opened) -> Key:
    layout = Layout.WITHHELD if opened.standing.withheld else Layout.BENCH
    analysis = opened.analysis
    traces = laboratory.archive.traces(opened.files)
    return analysis.id, analysis.version, opened.result_sha256, traces, layout


def _drawings_of(request: Request) -> Drawings:
    drawings: Drawings = request.app.state.drawings
    return drawings


Drawn = Annotated[Drawings, Depends(_drawings_of)]
