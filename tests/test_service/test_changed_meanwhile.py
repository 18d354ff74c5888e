"""What a person changes while an item is measured: it ends on no version that is past."""

import pytest
from laboratory import correct_lot, describe, finished, items, rows

from service.recalculations.item import pass_over, refuse, settle
from service.recalculations.runner import Runner
from service.recalculations.work import NoNumber, do
from service.store.heads import VersionMoved
from service.store.recalculation import ItemState


def test_an_analysis_that_was_changed_meanwhile_is_looked_at_again(waiting):
    found = waiting()
    (item,) = found.claim("one")
    ready = found.prepared(item)
    described = describe(found.service, found.analyses[0], visit="D7")
    with pytest.raises(VersionMoved):
        found.settle(ready, do(ready.work))
    again = found.prepared(item)
    assert found.settle(again, do(again.work)) is ItemState.SAME
    (told,) = items(found.service, found.made)
    assert (told["old_version"], told["new_version"]) == (2, None)
    assert found.service.get(f"analyses/{described['id']}") == described


@pytest.mark.parametrize("measure", [do, lambda _work: NoNumber("X", "of these values")])
def test_a_lot_that_was_corrected_meanwhile_is_looked_at_again(waiting, measure):
    found = waiting()
    (item,) = found.claim("one")
    ready = found.prepared(item)
    correct_lot(found.service, found.lot)
    with pytest.raises(VersionMoved):
        found.settle(ready, measure(ready.work))
    assert rows(found.service, "analysis_versions") == 1
    again = found.prepared(item)
    assert found.settle(again, do(again.work)) is ItemState.DONE


@pytest.mark.parametrize("way", ["nothing came out", "nothing could be prepared", "rejected"])
def test_no_item_ends_on_a_version_that_was_changed_meanwhile(waiting, way):
    found = waiting()
    (item,) = found.claim("one")
    ready, reason = found.prepared(item), NoNumber("NO_MONOCYTES", "of these gates")
    describe(found.service, found.analyses[0], visit="D7")
    end = {
        "nothing came out": lambda writing: settle(writing, ready, reason),
        "nothing could be prepared": lambda writing: refuse(writing, item, ready.analysis, reason),
        "rejected": lambda writing: pass_over(writing, item, ready.analysis),
    }[way]
    with pytest.raises(VersionMoved), found.database.writing("system") as writing:
        end(writing)
    assert items(found.service, found.made)[0]["state"] == "running"


def test_a_refusal_is_of_the_version_that_was_measured(waiting):
    found = waiting()
    (item,) = found.claim("one")
    describe(found.service, found.analyses[0], visit="D7")
    assert found.settle(found.prepared(item), NoNumber("X", "x")) is ItemState.REFUSED
    assert items(found.service, found.made)[0]["old_version"] == 2


def test_a_runner_does_again_what_was_changed_under_it(waiting):
    found = waiting()
    changed = []

    class Slow:
        """Somebody describes the tube anew, and corrects the lot, during the first measurement."""

        def do(self, work):
            if not changed:
                changed.append(describe(found.service, found.analyses[0], visit="D7"))
                correct_lot(found.service, found.lot, 1.2)
            return do(work)

        def end(self):
            pass

    measures = found.service.app.state.measures
    with Runner(found.service.laboratory, measures, 1, Slow):
        comparison = finished(found.service, found.made)["comparison"]
    told = found.service.get(f"analyses/{found.analyses[0]['id']}")
    assert (told["version"], told["cause"], told["tube"]["visit"]) == (3, "recalculated", "D7")
    (item,) = items(found.service, found.made)
    assert (item["old_version"], item["new_version"]) == (2, 3)
    # What the person changed is none of its doing: the first 10 % came by the description.
    bias = comparison["agreement"]["bland_altman_percent"]["bias"]
    assert bias == pytest.approx(20.0, abs=0.1)
