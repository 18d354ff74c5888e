"""What nobody gives is told: by a door that was closed, or since more than an hour."""

import datetime as dt

from laboratory import release, running, two_people
from operator_at_work import Operator
from process import free_port
from receivers import ended, fields, sent, until

from service.moment import now, written
from service.store.tables import outgoing


def test_a_withdrawal_waits_for_a_door_that_was_closed_meanwhile(
    settings, server, hasty, tmp_path, database_url
):
    opened = settings.model_copy(update={"mllp": server.place, **hasty})
    with running(opened) as service:
        two_people(service)
        calibration = service.calibration()
        told = service.analyse(calibration)
        release(service, told)
        server.wait(1)
        ended(service)
        key = service.key
    with running(settings) as closed:
        service = closed.as_key(key)
        assert service.get("/health")["outgoing"]["closed"] == {}
        service.sign(told, "boris", "rejected", comment="it is the wrong tube")
        health = service.get("/health")
        assert (health["status"], health["outgoing"]["closed"]) == ("degraded", {"mllp": 1})
        other = service.analyse(calibration, "borderline.fcs")
        release(service, other)
        assert len(sent(service)) == 2
    operator = Operator(tmp_path, database_url)
    said = operator.call("doctor", "--data", settings.data_dir, port=free_port(), status=1)
    assert "closed, 1 messages wait by it" in said.stdout
    with running(opened) as again:
        service = again.as_key(key)
        server.wait(2)
        ended(service, 2)
        assert [fields(each)["OBX"]["HLADR-ABC"][11] for each in server.messages] == ["F", "W"]
        assert service.get("/health")["outgoing"]["closed"] == {}


def measure(service):
    text = service.call("GET", "/metrics").text
    name = "hladr_oldest_message_seconds "
    [line] = [each for each in text.splitlines() if each.startswith(name)]
    return float(line.split()[1])


def test_what_waits_longer_than_an_hour_is_told(settings, server, hasty):
    server.behave("cut")
    more = {"mllp": server.place, **hasty, "send_tries": 10**6}
    with running(settings.model_copy(update=more)) as service:
        two_people(service)
        release(service, service.analyse(service.calibration()))
        until(lambda: sent(service)[0]["tries"] > 0, "a try in vain")
        assert service.get("/health")["outgoing"] == {
            "ok": True, "refused": 0, "closed": {}, "oldest_minutes": 0,
        }  # fmt: skip
        assert 0 < measure(service) < 600
        with service.laboratory.database.writing("test") as writing:
            before = written(now() - dt.timedelta(minutes=61))
            writing.connection.execute(outgoing.update().values(created_at=before))
        health = service.get("/health")
        assert health["status"] == "degraded"
        assert health["outgoing"]["oldest_minutes"] == 61
        assert 3660 <= measure(service) < 3900
        server.behave("ok")
        ended(service)
        assert service.get("/health")["outgoing"]["ok"]
        assert measure(service) == 0
