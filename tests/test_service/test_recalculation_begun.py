"""A recalculation is begun once, and what it is of is found in few questions."""

import pytest
from laboratory import running, tube_file
from sqlalchemy import event

from service.recalculations import wanted
from service.recalculations.wanted import RecalculationWanted, chosen
from service.store import recalculations

SAID = {"reason": "the lot was corrected", "everything": True}


@pytest.fixture
def still(settings):
    """A service that works on no recalculation."""
    with running(settings.model_copy(update={"recalculation_workers": 0})) as service:
        yield service


def analyses(service, n):
    calibration = service.calibration()
    files = (tube_file("mals.fcs", _SMNO=f"blood {number}") for number in range(n))
    return [service.analyse(calibration, file)["id"] for file in files]


def test_what_was_begun_is_told_again_though_it_could_not_be_begun_now(still, monkeypatch):
    analyses(still, 2)
    first = still.call("POST", "recalculations", json=SAID, key="once")
    assert first.status_code == 201
    monkeypatch.setattr(wanted, "MOST", 1)
    again = still.call("POST", "recalculations", json=SAID, key="once")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert still.post("recalculations", 422, json=SAID)["code"] == "TOO_MANY_ANALYSES"
    assert len(still.get("recalculations")["recalculations"]) == 1


def test_what_is_refused_can_be_asked_for_again_under_its_key(still):
    (id_,) = analyses(still, 1)
    said = {"reason": "x", "analyses": [id_], "criterion": "nobody's"}
    for _ in range(2):
        refused = still.post("recalculations", 422, json=said, key="once")
        assert refused["code"] == "DEFINITION_UNKNOWN"


@pytest.mark.parametrize("by", ["everything", "analyses"])
def test_the_number_of_questions_is_not_that_of_the_analyses(still, monkeypatch, by):
    monkeypatch.setattr(recalculations, "_AT_ONCE", 3)
    ids = analyses(still, 5)
    none = still.post("analyses", files={"outcome": (None, "clotted")})["id"]
    named = [ids[3], none, *ids[:3], ids[3], ids[4]]
    asked = RecalculationWanted(reason="x", **({by: True} if by == "everything" else {by: named}))
    questions = []
    with still.laboratory.database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: questions.append(said[2]))
        found = chosen(connection, asked)
    order = [ids[3], *ids[:3], ids[4]] if by == "analyses" else ids
    assert found == [(id_, 1) for id_ in order]
    questions = [text for text in questions if text.startswith("SELECT")]
    assert len(questions) == {"everything": 1 + 2, "analyses": 2}[by]
    assert not any("analysis_versions.result" in text for text in questions)
