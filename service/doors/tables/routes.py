"""``/api/v1/results.csv`` and ``/api/v1/results.parquet``."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection
from starlette.responses import Response

from hladr.csv_text import Cell
from hladr.result_table.parquet import write_parquet
from service.archive.incoming import refusing_full
from service.doors.leaving import Leaving
from service.doors.tables.files import Rows, write_csv
from service.doors.tables.row import TABLE, row_of
from service.doors.tables.sending import SentFile
from service.doors.tables.walk import Chosen, Subjects, all_departed
from service.http.authentication import Reader
from service.http.heavy import Heavy
from service.http.problem import answers
from service.laboratory import Lab, Laboratory
from service.moment import written
from service.principal import Principal
from service.store import studies
from service.texts import Id, Moment, Word
from service.told_time import required

CSV, PARQUET = "text/csv; charset=utf-8", "application/vnd.apache.parquet"
ROWS: Final = "Hladr-Rows"
EMBARGOED: Final = "Hladr-Embargoed"
"""Headers: how many rows there are, and how many results are none because a study hides them."""
_HELD = 2_000  # rows of a group while Parquet is written
router = APIRouter(prefix="/api/v1", tags=["doors"])


class Asked(BaseModel):
    """Which results: of a study, of a site, that left at `since` or later and before `until`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    study: Id | None = None
    site: Word | None = None
    since: Moment | None = None
    until: Moment | None = None


Choice = Annotated[Asked, Query()]


@dataclass(slots=True)
class Counted:
    """How many rows were written, and how many results were left out."""

    rows: int = 0
    embargoed: int = 0

    def said(self) -> Mapping[str, str]:
        """Return the same as metadata of a file."""
        return {"hladr.rows": str(self.rows), "hladr.embargoed": str(self.embargoed)}


Write = Callable[[IO[bytes], Rows, Counted], None]


def _answer(media_type: str) -> dict[int | str, dict[str, Any]]:
    text = {"description": "How many", "schema": {"type": "string"}}
    content = {media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}}
    told = {"description": "A table", "content": content, "headers": {ROWS: text, EMBARGOED: text}}
    return {**answers(404, 507), 200: told}


@router.get("/results.csv", response_class=Response, responses=_answer(CSV))
async def as_csv(asked: Choice, who: Reader, laboratory: Lab, heavy: Heavy) -> Response:
    """Return a row for each analysis of which something left, with subjects as pseudonyms."""

    def write(file: IO[bytes], rows: Rows, _: Counted) -> None:
        write_csv(file, TABLE, rows)

    return await heavy.do(lambda: _table(laboratory, asked, who, write, (CSV, "results.csv")))


@router.get("/results.parquet", response_class=Response, responses=_answer(PARQUET))
async def as_parquet(asked: Choice, who: Reader, laboratory: Lab, heavy: Heavy) -> Response:
    """Return the rows of `results.csv` with the kinds of their columns."""

    def write(file: IO[bytes], rows: Rows, counted: Counted) -> None:
        write_parquet(file, TABLE, rows, after=counted.said, held=_HELD)

    name = (PARQUET, "results.parquet")
    return await heavy.do(lambda: _table(laboratory, asked, who, write, name))


def _table(
    laboratory: Laboratory, asked: Asked, who: Principal, write: Write, kind: tuple[str, str]
) -> Response:
    counted, file = Counted(), laboratory.archive.aside()
    try:
        with laboratory.database.reading() as connection, refusing_full():
            chosen = _chosen(connection, asked, who, laboratory.settings.zone)
            rows = () if chosen is None else _rows(connection, laboratory, chosen, counted)
            write(file, rows, counted)
    except BaseException:
        file.close()
        raise
    said = {ROWS: str(counted.rows), EMBARGOED: str(counted.embargoed)}
    return SentFile(file, *kind, said)


def _rows(
    connection: Connection, laboratory: Laboratory, chosen: Chosen, counted: Counted
) -> Iterator[Mapping[str, Cell]]:
    subjects = Subjects(connection, laboratory)
    for found in all_departed(connection, laboratory, chosen):
        if isinstance(found, Leaving):
            counted.rows += 1
            yield row_of(found, subjects.outside(found.tube))
        else:
            counted.embargoed += 1


def _chosen(connection: Connection, asked: Asked, who: Principal, zone: dt.tzinfo) -> Chosen | None:
    """Return what is chosen; None where a site asks for another one.

    Raises
    ------
    NotFound
        There is no such study.
    """
    if asked.study is not None:
        studies.by_id(connection, asked.study)
    if who.site is not None and asked.site not in {None, who.site}:
        return None
    since, until = (
        None if each is None else _moment(each, zone) for each in (asked.since, asked.until)
    )
    return Chosen(asked.study, who.site or asked.site, since, until)


def _moment(text: str, zone: dt.tzinfo) -> str:
    return written(required(text, zone))
