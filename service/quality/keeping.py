"""What is written into the log of an instrument: a service, a baseline, a rule, a run in use.

Nothing in it is changed: what was a mistake is taken back by another entry.
"""

from collections.abc import Mapping
from typing import ClassVar

from calibration.control import Baseline, Quantity, Run
from service.errors import ServiceError
from service.quality.book import Book
from service.quality.entry import (
    NewBaseline,
    NewService,
    RuleSwitch,
    RunUse,
    Withdrawal,
    baseline_kept,
    wall_clock,
)
from service.quality.runs import runs_of
from service.quality.verdicts import rejections_of
from service.quality.window import BaselineUnclear, locked_from
from service.store import calibration_runs, quality_log
from service.store.database import Writing
from service.store.heads import NotFound
from service.store.quality_log import Entry, EntryKind
from service.store.versions import INSTRUMENTS

MOST_RUNS = 2000
"""Runs of an instrument that are looked at, the newest."""


class RunSteady(ServiceError):
    """A run that violates no rule needs nobody who lets it be used."""

    code: ClassVar[str] = "RUN_STEADY"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected a run that violates a rule that rejects, found one that does not. It may be "
            "used as it is."
        )


class EntryTakenBack(ServiceError):
    """What was taken back already is not taken back again, nor is what takes back."""

    code: ClassVar[str] = "ENTRY_TAKEN_BACK"
    status: ClassVar[int] = 409

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected an entry of the log that counts, found {found}. What was taken back by "
            "mistake is written anew."
        )


def service_noted(writing: Writing, instrument_id: str, said: NewService) -> Entry:
    """Note that an instrument was serviced.

    Raises
    ------
    NotFound
    """
    INSTRUMENTS.current(writing.connection, instrument_id)
    content = {"at": wall_clock(said.at)}
    return quality_log.add(writing, instrument_id, EntryKind.SERVICE, content, said.reason)


def rule_switched(writing: Writing, instrument_id: str, said: RuleSwitch) -> Entry:
    """Say what a rule does from now on.

    Raises
    ------
    NotFound
    """
    INSTRUMENTS.current(writing.connection, instrument_id)
    content = {"of": said.of, "rule": said.rule.value, "action": said.action.value}
    return quality_log.add(writing, instrument_id, EntryKind.RULE, content, said.reason)


def baseline_locked(writing: Writing, instrument_id: str, said: NewBaseline) -> Entry:
    """Lock mean and SD of quantities.

    Raises
    ------
    NotFound, BaselineUnclear
    BaselineTooShort, BaselineMixesEpochs, InvalidControlRecord
        What was given makes no baseline.
    """
    INSTRUMENTS.current(writing.connection, instrument_id)
    known = _runs(writing, instrument_id)
    if said.runs and not said.by_hand:
        window = {run.id: run for run in (_one(known, id_) for id_ in said.runs)}
        made = locked_from(
            list(window.values()), [Quantity.of_key(each) for each in said.quantities]
        )
    elif said.by_hand and said.run is not None and not said.runs:
        made = _by_hand(_one(known, said.run), said)
    else:
        raise BaselineUnclear(found="both" if said.runs else "neither, or no run to hold them for")
    content = {"baselines": [baseline_kept(each) for each in made]}
    return quality_log.add(writing, instrument_id, EntryKind.BASELINE, content, said.reason)


def run_used(writing: Writing, instrument_id: str, said: RunUse) -> Entry:
    """Let a run be used for patients in spite of the rules it violates.

    Raises
    ------
    NotFound, RunSteady
    """
    connection, id_ = writing.connection, said.calibration_id
    if calibration_runs.places_of(connection, [id_]).get(id_, ("",))[0] != instrument_id:
        raise NotFound(kind="calibration", id=id_)
    judged = rejections_of(connection, [id_]).get(id_)
    if judged is None or not judged.is_rejected:
        raise RunSteady
    content = {"calibration_id": id_, "violations": list(judged.verdict.rejected_by)}
    return quality_log.add(writing, instrument_id, EntryKind.USE, content, said.reason)


def taken_back(writing: Writing, instrument_id: str, said: Withdrawal) -> Entry:
    """Take an entry back, which counts for nothing from now on.

    Raises
    ------
    NotFound, EntryTakenBack
    """
    INSTRUMENTS.current(writing.connection, instrument_id)
    log = quality_log.of_instrument(writing.connection, instrument_id)
    entry = next((each for each in log if each.id == said.entry_id), None)
    if entry is None:
        raise NotFound(kind="entry", id=said.entry_id)
    if entry.kind is EntryKind.WITHDRAWAL:
        raise EntryTakenBack(found="one that takes another back")
    if earlier := Book.of(log).taken_back.get(entry.id):
        raise EntryTakenBack(found=f"one that {earlier.made_by} took back at {earlier.made_at}")
    content = {"entry_id": entry.id, "kind": entry.kind.value}
    return quality_log.add(writing, instrument_id, EntryKind.WITHDRAWAL, content, said.reason)


def _runs(writing: Writing, instrument_id: str) -> dict[str, Run]:
    """Runs by their ids; the id of a copy is one more of the run that counts for its file."""
    connection = writing.connection
    book = Book.of(quality_log.of_instrument(connection, instrument_id))
    found = runs_of(connection, instrument_id, book, writing.at, MOST_RUNS)
    return {id_: each.run for each in found for id_ in each.ids}


def _one(known: Mapping[str, Run], id: str) -> Run:
    if id not in known:
        raise NotFound(kind="calibration", id=id)
    return known[id]


def _by_hand(run: Run, said: NewBaseline) -> list[Baseline]:
    return [
        Baseline.by_hand(
            quantity := Quantity.of_key(key),
            run.epoch.of(quantity),
            mean=each.mean,
            sd=each.sd,
            reason=said.reason,
        )
        for key, each in said.by_hand.items()
    ]
