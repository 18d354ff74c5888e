"""A look at what lies untaken costs little: nothing is packed anew when nothing happened."""

import datetime as dt

import pytest
from laboratory import release, running, two_people
from receivers import ended, sent, until
from sqlalchemy import select

from service.doors.courier import courier
from service.doors.courier.folder import Folder
from service.moment import now, read, written
from service.store.database import Database
from service.store.tables import outgoing


@pytest.fixture
def counted(monkeypatch):
    """How often a message was packed, and who wrote to the database."""
    packed, writers = [], []
    pack, writing = Folder.packed, Database.writing

    def counting_pack(*given):
        packed.append(1)
        return pack(*given)

    def counting_writing(database, actor, *more):
        writers.append(actor)
        return writing(database, actor, *more)

    monkeypatch.setattr(Folder, "packed", counting_pack)
    monkeypatch.setattr(Database, "writing", counting_writing)
    return packed, writers


@pytest.fixture
def service(settings, folder, hasty):
    with running(settings.model_copy(update={"hl7_folder": folder, **hasty})) as found:
        two_people(found)
        yield found


@pytest.fixture
def given(service):
    """A result that lies in the folder."""
    told = service.analyse(service.calibration())
    release(service, told)
    until(lambda: sent(service, "given"), "the file")
    return told


def row(service):
    with service.laboratory.database.reading() as connection:
        return connection.execute(select(outgoing)).one()


def change(service, **values):
    with service.laboratory.database.writing("test") as writing:
        writing.connection.execute(outgoing.update().values(values))


def looks(service, number):
    """Wait for so many looks more."""
    before = row(service).attempt
    until(lambda: row(service).attempt >= before + number, f"{number} looks")


def test_what_nobody_took_is_packed_anew_only_when_something_happened(
    counted, service, given, monkeypatch
):
    monkeypatch.setattr(courier, "_LONGEST_LOOK_SECONDS", 0.01)
    packed, writers = counted
    looks(service, 2)  # its own row of the audit tells nothing new
    packed.clear()
    writers.clear()
    before = row(service).attempt
    looks(service, 8)
    number = row(service).attempt - before
    assert packed == []
    assert writers.count("system") <= number + 1  # one is under way
    service.instrument(name="Another")
    until(lambda: packed, "that it is packed")
    looks(service, 2)
    assert len(packed) == 1
    service.sign(given, "boris", "rejected", comment="it is the wrong tube")
    until(lambda: len(packed) > 1, "that it is packed")


def test_the_longer_it_lies_the_longer_is_the_pause_but_not_for_ever(service, given):
    assert given
    pauses = []
    for attempt in (1, 60, 100, 10**6):
        change(service, attempt=attempt, next_at=written(now()))
        until(lambda attempt=attempt: row(service).attempt > attempt, "a look")
        pauses.append((read(row(service).next_at) - now()).total_seconds())
    first, *_, last = pauses
    assert pauses == sorted(pauses)
    assert first < 2
    assert 290 < last <= 300
    before = row(service).attempt
    file = next(service.laboratory.settings.hl7_folder.iterdir())
    change(service, attempt=before + 1, next_at=written(now()))
    file.rename(f"{file}.ok")
    assert ended(service)[0]["state"] == "taken"


def test_what_was_held_for_long_is_looked_at_less_often(service, given):
    trial = service.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{trial['id']}/subjects/{given['tube']['subject']}"
    service.put(path, json={"randomised_at": "2020-03-14T08:00:00+00:00"})
    until(lambda: sent(service, "held"), "that it is held")  # at once: noting it has it looked at
    minutes = []
    for hours in (0, 10, 1000):
        made = written(now() - dt.timedelta(hours=hours))
        change(service, created_at=made, attempt=row(service).attempt + 1, next_at=written(now()))
        until(lambda: minutes_left(service) > 5, "a look")  # not only that somebody has it
        minutes.append(round(minutes_left(service)))
    assert minutes == [10, 30, 60]


def minutes_left(service):
    return (read(row(service).next_at) - now()).total_seconds() / 60
