"""When the tubes of a run were stained is said once: the limit from the draw is checked."""

import pytest
from browser import signed_in
from laboratory import SAMPLES, codes, part


@pytest.fixture
def database_url():
    return None


@pytest.mark.parametrize(
    ("stained", "kept", "late"),
    [
        ("2026-03-14 9:30", "2026-03-14T09:30", False),
        ("2026-03-14 19:30", "2026-03-14T19:30", True),
    ],
)
def test_a_tube_of_a_run_is_said_to_be_stained(service, stained, kept, late):
    run = service.calibration()["id"]
    anna = signed_in(service, "anna", "technician")
    page = anna.client.get(f"/runs/{run}").text
    assert page.partition('<template id="tube-fields">')[0].count('name="stained_at"') == 1
    said = {
        "csrf": anna.client.headers["X-CSRF-Token"], "subject": "S-1", "tube_type": "EDTA",
        "drawn_at": "2026-03-14 8:00", "stained_at": stained,
    }  # fmt: skip
    files = {"file": part(SAMPLES / "healthy.fcs")}
    answer = anna.client.post(f"/runs/{run}", data=said, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    (analysis,) = service.get("analyses")["analyses"]
    told = service.get(f"analyses/{analysis['id']}")
    assert told["tube"]["stained_at"] == kept
    assert ("BLOOD_OLD" in codes(told["result"]["findings"])) is late
    assert "STAIN_TIME_UNKNOWN" not in codes(told["result"]["findings"])
    assert "stained <b>14 Mar 2026" in anna.client.get(f"/runs/{run}").text
