"""What gives messages to other systems beside the requests: a thread for each door that is open."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from hladr.errors import HladrError
from service.canonical import sha256_of
from service.doors.courier.folder import Folder
from service.doors.courier.mllp import Mllp
from service.doors.courier.packing import Doubted, is_over, leaving_now
from service.doors.courier.project import RedcapProject
from service.doors.courier.receiver import NotGiven, Receiver
from service.doors.outside import PseudonymKeyUnknown
from service.doors.refusals import Embargoed
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.moment import now, read
from service.operations.background import Background, fault
from service.operations.measures import Measures
from service.people.who import SYSTEM
from service.settings import Door
from service.store import audit, deliveries
from service.store.database import DatabaseUnavailable
from service.store.deliveries import AttemptLost
from service.store.message import Message, Stage, Step

_IDLE_SECONDS: Final = 1.0
_SHORTEST_HELD, _LONGEST_HELD = dt.timedelta(minutes=10), dt.timedelta(hours=1)
_OVER: Final = "withdrawn before it was given"
_LONGEST_LOOK_SECONDS: Final = 300  # between two looks for an acknowledgement
_SOON: Final = dt.timedelta(seconds=1)
_GROWTH, _MOST_GROWTHS = 1.05, 200  # each pause is a twentieth of the time before it
_HELD_SHARE: Final = 20
_MOST_DOUBLINGS: Final = 30


class Courier(Background):
    """Gives messages until it is left.

    Parameters
    ----------
    receivers
        By their doors.
    """

    def __init__(
        self, laboratory: Laboratory, measures: Measures, receivers: Mapping[Door, Receiver]
    ) -> None:
        self._laboratory, self._measures = laboratory, measures
        settings = laboratory.settings
        # What is given takes a few times this long at the most, and is not claimed meanwhile.
        self._lease = dt.timedelta(seconds=settings.lease_seconds + 4 * settings.send_seconds)
        super().__init__(partial(self._work, *pair) for pair in receivers.items())

    @classmethod
    def of(cls, laboratory: Laboratory, measures: Measures) -> "Courier":
        """Return a courier to the doors that the settings open."""
        return cls(laboratory, measures, receivers_of(laboratory))

    def _work(self, door: Door, receiver: Receiver) -> None:
        while not self.stopping.is_set():
            try:
                message = self._claim(door)
                if message is None:
                    self.stopping.wait(_IDLE_SECONDS)
                else:
                    self._forward(receiver, message)
            except AttemptLost:
                continue
            except DatabaseUnavailable:
                self.stopping.wait(_IDLE_SECONDS)
            except Exception as error:  # noqa: BLE001 - what is claimed is claimed again
                fault(error)
                self.stopping.wait(_IDLE_SECONDS)

    def _claim(self, door: Door) -> Message | None:
        """Take what is due; what lies untaken is nobody's while it is only looked at."""
        database = self._laboratory.database
        with database.reading() as connection:
            found = deliveries.due(connection, door)
        if found is None or found.state is Stage.GIVEN:
            return found
        with database.writing(SYSTEM) as writing:
            return deliveries.claim(writing, door, self._lease)

    def _forward(self, receiver: Receiver, message: Message) -> None:
        """Give a message, or look after it, and move it on."""
        with self._laboratory.database.reading() as connection:
            before = audit.head(connection).seq
        step = self._look(receiver, message) if message.state is Stage.GIVEN else None
        if step is None:
            if message.state is Stage.GIVEN:
                with self._laboratory.database.writing(SYSTEM) as writing:
                    message = deliveries.hold(writing, message, self._lease)
            step = self._step(receiver, message)
        with self._laboratory.database.writing(SYSTEM) as writing:
            if step.state is Stage.HELD and audit.done_since(writing.connection, before):
                step = replace(step, pause=_SOON)  # what held it may be over by now
            deliveries.move(writing, message, step)
        if step.in_vain or step.state is not message.state:
            self._measures.messages.labels(message.door, step.state).inc()

    def _look(self, receiver: Receiver, message: Message) -> Step | None:
        """How what lies untaken goes on; None where it may have to say something else now."""
        try:
            answered = receiver.look(message)
        except NotGiven as error:
            return self._in_vain(message, str(error))
        if answered is None:
            return None
        if answered.stage is Stage.GIVEN:
            with self._laboratory.database.reading() as connection:
                if audit.done_since(connection, message.packed_seq):
                    return None
        return Step(answered.stage, answered.said, pause=_until_next_look(message))

    def _step(self, receiver: Receiver, message: Message) -> Step:
        """Give a message, or look after it; how it goes on.

        Raises
        ------
        DatabaseUnavailable
        """
        try:
            content, seq = self._packed(receiver, message)
            answered = receiver.give(message, content)
        except (Embargoed, Doubted) as error:
            return self._held(receiver, message, error.code)
        except NotGiven as error:
            return self._in_vain(message, str(error))
        except DatabaseUnavailable:
            raise
        except HladrError as error:
            said = f"{error.code}: {error}"
            if isinstance(error, ServiceError) and not isinstance(error, PseudonymKeyUnknown):
                return Step(Stage.REFUSED, said)
            return self._in_vain(message, said)  # a key that is not there may come
        except Exception as error:  # noqa: BLE001 - the others go on
            fault(error)
            return self._in_vain(message, "a fault of the service; its log says where")
        digest = None if answered.of_before else sha256_of(content.decode())
        pause = _until_next_look(message)
        return Step(answered.stage, answered.said, digest, packed_seq=seq, pause=pause)

    def _packed(self, receiver: Receiver, message: Message) -> tuple[bytes, int]:
        """Return what is given, and the audit's last row then.

        It is as it stands now, so that no number leaves that was rejected.
        """
        with self._laboratory.database.reading() as connection:
            found = leaving_now(connection, self._laboratory, message)
            return receiver.packed(connection, found), audit.head(connection).seq

    def _held(self, receiver: Receiver, message: Message, said: str) -> Step:
        """Keep it until it may be told; one that never will be makes way for its withdrawal."""
        with self._laboratory.database.reading() as connection:
            over = is_over(connection, message)
        try:
            taken = receiver.take_back(message)
        except NotGiven as refused:
            return self._in_vain(message, str(refused))
        if taken:
            return Step(Stage.TAKEN)
        return Step(Stage.REFUSED, _OVER) if over else Step(Stage.HELD, said, pause=_held(message))

    def _in_vain(self, message: Message, said: str) -> Step:
        """Try again after a pause that grows, or give it up."""
        settings, tries = self._laboratory.settings, message.tries + 1
        if tries >= settings.send_tries:
            return Step(Stage.REFUSED, f"not given in {tries} tries; {said}", in_vain=True)
        pause = min(2.0 ** min(message.tries, _MOST_DOUBLINGS), settings.longest_pause_seconds)
        return Step(Stage.WAITING, said, pause=dt.timedelta(seconds=pause), in_vain=True)


def _until_next_look(message: Message) -> dt.timedelta:
    """How long it lies before somebody looks again: the longer, the longer it has lain."""
    looks = min(message.attempt - message.tries, _MOST_GROWTHS)
    return dt.timedelta(seconds=min(_GROWTH**looks, _LONGEST_LOOK_SECONDS))


def _held(message: Message) -> dt.timedelta:
    """How long it is held before somebody looks again, if nothing happens that ends it."""
    age = now() - read(message.created_at)
    return min(max(age / _HELD_SHARE, _SHORTEST_HELD), _LONGEST_HELD)


def receivers_of(laboratory: Laboratory) -> dict[Door, Receiver]:
    """Return who the settings name as receivers."""
    settings, found = laboratory.settings, dict[Door, Receiver]()
    if settings.hl7_folder is not None:
        found[Door.FOLDER] = Folder(settings.hl7_folder, settings)
    if settings.mllp is not None:
        found[Door.MLLP] = Mllp(settings.mllp, settings)
    if settings.redcap_url is not None and settings.redcap_token_file is not None:
        found[Door.REDCAP] = RedcapProject(
            settings.redcap_url, settings.redcap_token_file, laboratory
        )
    return found
