"""The clock of a database's server."""

import datetime as dt

from sqlalchemy import Connection


def of_server(connection: Connection) -> dt.datetime | None:
    """Now, as a PostgreSQL server has it; None of SQLite, which has no clock of its own."""
    if connection.dialect.name != "postgresql":
        return None
    told: dt.datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return told.astimezone(dt.UTC)
