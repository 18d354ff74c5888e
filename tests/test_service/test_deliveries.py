"""A message is claimed by one at a time, and moved on by the attempt that holds it alone."""

import datetime as dt
import threading

import pytest
from laboratory import describe, release, rows, running, two_people

from service.settings import Door, Settings
from service.store import deliveries, outgoing
from service.store.deliveries import AttemptLost
from service.store.message import Left, Stage, Step

LEASE = dt.timedelta(minutes=1)
OVER = dt.timedelta(minutes=-1)


@pytest.fixture
def analysis(service):
    two_people(service)
    return service.analyse(service.calibration())


@pytest.fixture
def writing(service, analysis):
    """A transaction each, after two messages about an analysis were put into the line."""
    database = service.laboratory.database
    with database.writing("test") as first:
        for status in ("preliminary", "final"):
            left = Left(analysis["id"], 1, status, None)
            outgoing.enqueue(first, left, [Door.MLLP])
    return lambda: database.writing("test")


def claimed(writing, lease=LEASE):
    with writing() as transaction:
        return deliveries.claim(transaction, Door.MLLP, lease)


def moved(writing, message, step):
    with writing() as transaction:
        deliveries.move(transaction, message, step)


def test_who_comes_later_gets_nothing_until_the_lease_is_over(writing):
    first = claimed(writing)
    assert (first.place, first.attempt) == (1, 1)
    assert claimed(writing) is None
    moved(writing, first, Step(Stage.WAITING))
    again = claimed(writing, OVER)
    assert (again.id, again.attempt) == (first.id, 2)
    assert claimed(writing).attempt == 3


def test_an_attempt_whose_lease_was_taken_over_moves_nothing(writing):
    first = claimed(writing, OVER)
    second = claimed(writing)
    for step in (Step(Stage.TAKEN), Step(Stage.REFUSED, "no"), Step(Stage.WAITING)):
        with pytest.raises(AttemptLost):
            moved(writing, first, step)
    moved(writing, second, Step(Stage.TAKEN))
    with pytest.raises(AttemptLost):
        moved(writing, second, Step(Stage.REFUSED, "no"))


@pytest.mark.parametrize(
    ("stage", "is_free"),
    [
        (Stage.WAITING, False), (Stage.HELD, False), (Stage.GIVEN, False),
        (Stage.TAKEN, True), (Stage.REFUSED, True),
    ],
)  # fmt: skip
def test_the_next_one_is_free_when_the_first_has_ended(writing, stage, is_free):
    moved(writing, claimed(writing), Step(stage, pause=LEASE))
    found = claimed(writing)
    assert (found is not None and found.place == 2) is is_free


def test_a_study_that_is_unblinded_takes_what_is_held_from_who_has_it(writing):
    moved(writing, claimed(writing), Step(Stage.HELD, pause=OVER))
    held = claimed(writing)
    with writing() as transaction:
        outgoing.look_again(transaction)
    with pytest.raises(AttemptLost):
        moved(writing, held, Step(Stage.HELD, pause=LEASE))
    assert claimed(writing).id == held.id


def test_many_who_claim_at_once_share_the_messages(service, writing):
    ids = [service.post("analyses", files={
        name: (None, text) for name, text in (("subject", f"P{number}"), ("outcome", "lost"))
    })["id"] for number in range(12)]  # fmt: skip
    with writing() as transaction:
        for id_ in ids:
            outgoing.enqueue(transaction, Left(id_, 1, "final", None), [Door.MLLP])
    found, noting = [], threading.Lock()

    def work():
        while (message := claimed(writing)) is not None:
            with noting:
                found.append(message.id)
            moved(writing, message, Step(Stage.TAKEN))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 14


def test_a_door_is_told_what_leaves_after_it_was_opened(settings, analysis, service):
    release(service, analysis)
    assert rows(service, "outgoing") == 0
    more = {"hl7_folder": settings.data_dir / "nowhere", "longest_pause_seconds": 0.1}
    with running(settings.model_copy(update=more)) as begun:
        opened = begun.as_key(service.key)
        assert rows(opened, "outgoing") == 0
        again = describe(opened, opened.get(f"analyses/{analysis['id']}"), visit="D7")
        opened.sign(again, "anna", "performed")
        assert rows(opened, "outgoing") == 0
        opened.sign(again, "boris", "reviewed")
        assert rows(opened, "outgoing") == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"mllp": "lis"}, "no host and port"),
        ({"mllp": "lis:0"}, "no host and port"),
        ({"mllp": "lis:65536"}, "no host and port"),
        ({"redcap_url": "http://redcap.example.org/api/"}, "without TLS"),
        ({"redcap_url": "https://redcap.example.org/"}, "no address such as"),
        ({"redcap_url": "https://u:p@redcap.example.org/api/"}, "no address such as"),
        ({"redcap_url": "https://redcap.example.org/api/"}, "needs a file with the token"),
    ],
)
def test_a_door_that_cannot_be_is_no_setting(given, problem):
    with pytest.raises(ValueError, match=problem):
        Settings(**given)


def test_settings_open_doors(tmp_path):
    known = Settings(
        mllp="[::1]:2575", hl7_folder=tmp_path, redcap_token_file=tmp_path / "t",
        redcap_url="https://redcap.example.org/redcap/api/",
    )  # fmt: skip
    assert known.open_doors == tuple(Door)
    assert Settings().open_doors == ()
