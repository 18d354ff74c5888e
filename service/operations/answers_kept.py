"""Answers by Idempotency-Key, forgotten when nobody asks for them any more, while it runs."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from threading import Event, Thread
from typing import Final

from service.errors import ServiceError
from service.operations.background import fault
from service.operations.log import log
from service.people.who import SYSTEM
from service.store import idempotency
from service.store.database import Database

ANSWERS_KEPT: Final = dt.timedelta(days=7)
"""How long a request may be sent again with its Idempotency-Key, at least."""
EVERY_SECONDS: Final = 3600.0


@contextlib.contextmanager
def forgetting_answers(database: Database, every: float = EVERY_SECONDS) -> Iterator[None]:
    """Forget old answers again and again, until the block ends; what fails is done the next time.

    Parameters
    ----------
    every
        Seconds between.
    """
    ended = Event()

    def work() -> None:
        while not ended.wait(every):
            try:
                with database.writing(SYSTEM) as writing:
                    idempotency.clear(writing, ANSWERS_KEPT)
            except ServiceError as error:
                log().warning("old answers were not forgotten", code=error.code)
            except Exception as error:  # noqa: BLE001 - it is tried again
                fault(error)

    thread = Thread(target=work, name="answers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
