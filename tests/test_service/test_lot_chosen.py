"""Which bead lot a plain form means: one that is pressed, or a number that is typed twice."""

import pytest
from browser import signed_in
from laboratory import BEADS, part


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def begun(service):
    """Begins a run as Anna does without scripts, after one with the lot SIM-1."""
    used, instrument = service.lot(number="SIM-1"), service.instrument()
    service.calibration(used, instrument)
    service.lot(number="SIM-2")
    anna = signed_in(service, "anna", "technician")

    def begin(**said):
        fields = {
            "csrf": anna.client.headers["X-CSRF-Token"], "key": "run", "lot_id": used["id"],
            "instrument_id": instrument["id"], **said,
        }  # fmt: skip
        return anna.client.post(
            "/runs/new", data=fields, files={"file": part(BEADS)}, follow_redirects=False
        )

    return begin


@pytest.mark.parametrize("again", ["SIM-2", ""])
def test_a_number_beside_another_lot_that_is_pressed_is_refused(begun, again):
    answer = begun(lot_number="SIM-2", lot_again=again)
    assert answer.status_code == 422
    assert "LOT_NOT_CHOSEN" in answer.text
    assert "lot SIM-1 chosen, and another number typed" in answer.text
    assert 'name="lot_number" value="SIM-2"' in answer.text


def test_a_number_of_the_lot_that_is_pressed_or_none_is_taken(begun):
    assert begun(lot_number="SIM-1", lot_again="SIM-1").status_code == 303
    assert begun(key="another").status_code == 303


def test_a_number_alone_is_taken_too(begun):
    assert begun(lot_id="", lot_number="SIM-2", lot_again="SIM-2").status_code == 303
