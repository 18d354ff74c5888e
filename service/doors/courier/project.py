"""A project of REDCap that takes a record of each analysis."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from requests import RequestException
from sqlalchemy import Connection

from service.canonical import canonical
from service.doors.courier.receiver import Answered, NotGiven, shown
from service.doors.leaving import Leaving
from service.doors.redcap.record import Record, erasing, record
from service.doors.redcap.token import TOKEN
from service.laboratory import Laboratory
from service.store.message import Message, Stage

if TYPE_CHECKING:
    from requests import Response

_ERASES, _ADDS = "overwrite", "normal"
_UNFIT: Final = 400  # the status of data that the project does not take


class RedcapProject:
    """A project, by the address of its interface and a file with its token."""

    def __init__(self, url: str, token_file: Path, laboratory: Laboratory) -> None:
        self._url, self._token_file, self._laboratory = url, token_file, laboratory

    def packed(self, connection: Connection, leaving: Leaving) -> bytes:
        """Return the record, and what takes away what it does not say."""
        said = record(connection, self._laboratory, leaving)
        return canonical({_ERASES: erasing(said), _ADDS: said}).encode()

    def look(self, _message: Message) -> None:
        """Nothing lies anywhere: what was given has ended."""

    def give(self, _message: Message, content: bytes) -> Answered:
        """Import the record; a blank of it erases nothing, so that what goes is imported apart.

        What goes is erased first: nothing of one patient stands beside anything of another.
        """
        token, records = self._token(), json.loads(content)
        for overwrite in (_ERASES, _ADDS):
            said = records[overwrite]
            refused = None if said is None else self._imported(token, said, overwrite)
            if refused is not None:
                return Answered(Stage.REFUSED, refused)
        return Answered(Stage.TAKEN)

    def take_back(self, _message: Message) -> bool:
        """Do nothing: what was imported and taken has ended."""
        return False

    def _token(self) -> str:
        """Return the token as it is now; it is kept nowhere."""
        try:
            token = self._token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            raise NotGiven("the file of the token cannot be read") from None
        if not TOKEN.fullmatch(token):
            raise NotGiven("the file of the token holds none")
        return token

    def _imported(self, token: str, said: Record, overwrite: Any) -> str | None:  # noqa: ANN401
        """Import a record; why the project refuses it, None where it takes it.

        Raises
        ------
        NotGiven
        """
        from redcap.project import Project

        statuses: list[int] = []

        def note(response: "Response", **_more: object) -> None:
            statuses.append(response.status_code)

        seconds = self._laboratory.settings.send_seconds
        project = Project(
            self._url, token, timeout=seconds, allow_redirects=False, hooks={"response": note}
        )
        try:
            told = project.import_records([said], overwrite=overwrite)
        except RequestException as error:
            found = error.args[0] if error.args else None
            if isinstance(found, dict) and statuses == [_UNFIT]:
                return shown(str(found.get("error")))
            what = f"status {statuses[0]}" if statuses else type(error).__name__
            raise NotGiven(f"the project: {what}") from None
        if told != {"count": 1}:
            raise NotGiven("the project: it did not tell that one record was imported")
        return None
