"""A row of a list says of an analysis what the call says of it, to whoever looks."""

import pytest
from laboratory import (
    answer,
    correct_lot,
    describe,
    now_text,
    regate,
    release,
    site_key,
    tube_file,
)
from sqlalchemy import event

from service.analyses import summary, view
from service.principal import Principal, Scope
from service.store import worklists
from service.store.worklists import Sought

READ = frozenset({Scope.READ})


@pytest.fixture
def kept(bench):
    """Analyses of all kinds, two of them of a site, one of those hidden from it."""
    lot = bench.lot()
    calibration = bench.calibration(lot)
    told = {"ferritin_ng_ml": "812"}
    release(bench, bench.analyse(calibration, **told))
    made = bench.analyse(calibration, tube_file(), **told)
    bench.sign(made, "anna", "rejected", comment="drawn from a line")
    regate(bench, made)
    made = bench.analyse(calibration, tube_file(_SRC="Z"), subject="Y", site="north", **told)
    answer(bench, made, "SUBJECT_MISMATCH")
    bench.analyse(calibration, subject="other", site="north")  # a file that came before
    first = bench.analyse(calibration, tube_file(name="2.fcs"), drawn_at="2026-02-01T08:00")
    more = {"related_to": first["id"], "relation": "duplicate"}
    again = bench.analyse(calibration, tube_file(_COM="x"), drawn_at="2026-02-02T08:00", **more)
    describe(bench, again, ferritin_ng_ml="9000")
    bench.sign(first, "anna", "preliminary", comment="at night")
    bench.analyse(calibration, tube_file(_CYTSN="V00000002"))  # of another instrument
    bench.post("analyses", files={"outcome": (None, "lost"), "subject": (None, "P")})
    study = bench.post("studies", json={"name": "S"})
    at = {"randomised_at": "2026-01-01T00:00:00+00:00"}
    bench.put(f"studies/{study['id']}/subjects/N-1", json=at)
    hidden = tube_file(_SRC="N-1")
    bench.analyse(calibration, hidden, subject="N-1", site="north", drawn_at=now_text())
    correct_lot(bench, lot)
    return bench


def rows(service, who):
    laboratory = service.laboratory
    with laboratory.database.reading() as connection:
        found = worklists.page(connection, Sought(who.site), 0, 100)
        told = [view.told(connection, each, laboratory, who) for each in found]
        return list(zip(summary.summaries(connection, found, laboratory, who), told, strict=True))


@pytest.mark.parametrize("site", [None, "north"])
def test_a_row_says_what_the_call_says(kept, site):
    found = rows(kept, Principal("1", "x", READ, "1", site))
    assert len(found) == (9 if site is None else 3)
    for row, told in found:
        result = told["result"]
        assert (row.id, row.version, row.state) == (told["id"], told["version"], told["state"])
        assert row.verdict == told["verdict"]
        assert list(row.open_findings) == told["open_findings"]
        assert row.hidden == (site is not None and told["embargo"] is not None)
        measured = None if result is None else result["hla_dr"]
        assert (row.number is None) == (measured is None)
        if measured is not None:
            assert row.number.abc.replace(",", "") == f"{measured['abc']:.0f}"
        grave = [
            each["code"]
            for each in (*told["findings"], *(() if result is None else result["findings"]))
            if each["severity"] in {"warn", "reject"}
        ]
        assert set(row.flags) == set(grave)
        assert row.label == (None if result is None else result["classification"]["class"])
        signed = {each["meaning"] for each in told["signatures"] if each["version"] == row.version}
        assert set(row.signers) == signed
        released = None if told["release"] is None else told["release"]["status"]
        assert row.released == released
    if site is not None:
        assert [row.number for row, _ in found if row.hidden] == [None]
        south = site_key(kept, "south")
        assert south.get("analyses")["analyses"] == []


def test_many_are_asked_for_in_as_many_questions_as_few(kept):
    """A list of the laboratory asks the database no question for each of its rows."""
    laboratory, who = kept.laboratory, Principal("1", "x", READ, "1", None)

    def questions(most):
        asked = []
        with laboratory.database.reading() as connection:
            all_of_them = worklists.page(connection, Sought(), 0, 100)
            found = [each for each in all_of_them if each.tube.related_to is None][:most]

            def heard(*said):
                asked.append(said[2])

            event.listen(connection, "before_cursor_execute", heard)
            summary.summaries(connection, found, laboratory, who)
        return len(asked)

    assert questions(8) <= questions(2) + 1


def test_a_state_that_waits_is_told_by_who_signed(kept):
    found = {row.state: row for row, _ in rows(kept, Principal("1", "x", READ, "1", None))}
    assert found["final"].awaits == "nothing"
    assert found["no_result"].awaits == "nothing"
    assert found["preliminary"].awaits == "answer"  # to what the corrected lot brought
