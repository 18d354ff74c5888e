"""The application: calls, and what is around them."""

import contextlib
from collections.abc import AsyncIterator
from functools import cache

from anyio.to_thread import current_default_thread_limiter, run_sync
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from hladr.version import software_version
from service.accounts import keys, own_password, session, users
from service.analyses import moved_routes as moved_gates
from service.analyses import routes as analyses
from service.audit import routes as audit
from service.calibrations import routes as calibrations
from service.doors.courier import routes as outgoing
from service.doors.courier.courier import Courier
from service.doors.exports import routes as exports
from service.doors.fhir import routes as fhir
from service.doors.hl7 import routes as hl7
from service.doors.redcap import routes as redcap
from service.doors.report import routes as reports
from service.doors.tables import routes as tables
from service.http import problem
from service.http.authentication import Authentication
from service.http.body import BoundedBody
from service.http.calls import Calls
from service.http.heavy import HeavyCalls
from service.http.openapi import DescribedApp
from service.http.rate import Rate
from service.instruments import routes as instruments
from service.laboratory import Laboratory
from service.lots import routes as lots
from service.operations import health
from service.operations.answers_kept import forgetting_answers
from service.operations.health import Started
from service.operations.log import configure
from service.operations.measures import Measures
from service.operations.watch import Watch
from service.pages.every import PAGES
from service.pages.sample.drawings import Drawings
from service.pages.shown import shown
from service.quality import routes as quality
from service.quantify import routes as quantify
from service.recalculations import routes as recalculations
from service.recalculations.runner import Runner
from service.receptions import routes as receptions
from service.settings import Settings
from service.start import in_use, prepare, warm
from service.studies import routes as studies
from service.subjects import routes as subjects

_ABOUT = (
    "Monocyte HLA-DR in antibodies bound per cell, from flow-cytometry files. Research use only; "
    "not for diagnosis."
)
_READERS = 30  # threads of a process
_ROUTERS = (
    quantify, instruments, lots, calibrations, quality, receptions, analyses, moved_gates,
    recalculations, studies, subjects, reports, fhir, hl7, redcap, outgoing, tables, exports,
    session, users, own_password, keys, audit, health, *PAGES,
)  # fmt: skip


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; what it needs is opened when it is started.

    Parameters
    ----------
    settings
        None: those of the environment.
    """
    known = Settings() if settings is None else settings

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        configure(known.log_level)
        # Whoever waits to write holds a thread; there are others to read by, and to say how it is.
        current_default_thread_limiter().total_tokens = known.writers + _READERS
        with contextlib.closing(laboratory.database):
            lost = await run_sync(prepare, laboratory)
            await run_sync(warm)
            with (
                in_use(known.data_dir),
                forgetting_answers(laboratory.database),
                Runner.of(laboratory, measures),
                Courier.of(laboratory, measures),
            ):
                measures.lost_files.set(lost)
                app.state.started = Started(warm=True, lost_files=lost)
                yield

    laboratory, measures = Laboratory.of(known), Measures()
    calls = Calls(each.router for each in _ROUTERS)
    app = DescribedApp(
        title="hladr",
        version=software_version(),
        description=_ABOUT,
        lifespan=life,
        docs_url=None,  # they would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # they would send bodies, and keys, to whatever Host says
    )
    app.state.laboratory, app.state.measures = laboratory, measures
    app.state.sign_in_rate = Rate()
    app.state.drawings = Drawings()
    app.state.shown = shown
    app.state.heavy = HeavyCalls(known.places, known.wait_seconds)
    app.state.started = Started(warm=False, lost_files=0)
    app.router.routes.extend(_routes())
    problem.handle(app, calls)
    app.add_middleware(BoundedBody, settings=known, takes_files=calls.takes_files)
    # Around it: whom nobody knows does not have their body waited for.
    app.add_middleware(Authentication, database=laboratory.database, settings=known)
    app.add_middleware(Watch, measures=measures)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """All calls, made once in a process: they know nothing of the application they are in."""
    together = APIRouter()
    for each in _ROUTERS:
        together.include_router(each.router)
    return tuple(together.routes)
