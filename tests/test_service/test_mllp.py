"""MLLP as a real server sees it: frames, acknowledgements, and whatever else is answered."""

import time
from pathlib import Path

import pytest
from receivers import MllpServer, begun

from service.doors.courier.mllp import Mllp, read_answer
from service.doors.courier.receiver import Answered, NotGiven
from service.doors.hl7.er7 import segment
from service.doors.hl7.message import message_id
from service.settings import Settings
from service.store.message import Message, Stage

ID = message_id("a", 1, "final")
MESSAGE = Message(
    "m", "mllp", "a", 1, "final", None, 1, Stage.WAITING, 1, 0, "", None, 0, None, "", None
)
SETTINGS = Settings(data_dir=Path("none"), send_seconds=0.5)
CONTENT = "".join(
    f"{each}\r"
    for each in (
        f"MSH|^~\\&|HLADR||||20260314||ORU^R01^ORU_R01|{ID}|P|2.5.1||||||UNICODE UTF-8",
        segment("PID", {1: "1", 3: "P\r\x0b\x1c\r1"}),
        "OBR|1",
        "OBX|1",
        "SPM|1",
    )
).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with begun(MllpServer(tmp_path_factory.mktemp("receivers") / "mllp")) as found:
        yield found


def given(server, mode, place=None):
    server.behave(mode)
    return Mllp(place or server.place, SETTINGS).give(MESSAGE, CONTENT)


def test_what_is_acknowledged_is_taken(server):
    assert given(server, "ok") == Answered(Stage.TAKEN)
    assert given(server, "CA") == Answered(Stage.TAKEN)
    assert server.messages[-1] == CONTENT


@pytest.mark.parametrize("code", ["AE", "AR", "CE", "CR"])
def test_what_is_refused_says_why(server, code):
    assert given(server, f"{code} no order") == Answered(Stage.REFUSED, f"{code} no order")


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("cut", "the server: the connection ended before the answer did"),
        ("half", "the server: the connection ended before the answer did"),
        ("wrong", "the server: it answered to another message"),
        ("babble", "the server: it answered no message"),
        ("slow 2", "the server: no answer in time"),
        ("AX", "the server: it answered 'AX'"),
    ],
)
def test_whatever_else_is_answered_is_no_answer(server, mode, said):
    begun_at = time.monotonic()
    with pytest.raises(NotGiven) as refused:
        given(server, mode)
    assert str(refused.value) == said
    assert time.monotonic() - begun_at < 1.5


def test_a_server_that_is_not_there_says_so(server):
    with pytest.raises(NotGiven, match="the server: Connection refused"):
        given(server, "ok", "127.0.0.1:1")
    with pytest.raises(NotGiven, match="the server: "):
        given(server, "ok", "there.is.none.invalid:1")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_acknowledgements_of_other_hands_are_read(end):
    said = f"MSH#^~\\&#LIS{end}MSA#AE#{ID}#bad\x1b[31m{end}ERR#1#2"
    assert read_answer(f"\x0b{said}".encode(), ID) == Answered(Stage.REFUSED, "AE bad [31m ERR#1#2")
    with pytest.raises(NotGiven):
        read_answer(said.replace("MSA", "MSB").encode(), ID)
    assert read_answer(f"MSH|^~\\&|\xe9\rMSA|AA|{ID}".encode("latin-1"), ID).stage is Stage.TAKEN
