"""Patients whose a tube was said to be, one after another: each has resources of their own."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import Connection

from service.analyses.release import History
from service.analyses.standing import Standing
from service.analyses.tube import Kind, tube_of
from service.store import analysis_lists


@dataclass(frozen=True, slots=True)
class Earlier:
    """A patient who was told of a tube that is known as somebody else's since.

    Parameters
    ----------
    key
        What the ids of their resources are made of.
    class_, ferritin
        Whether they were told any.
    """

    key: UUID
    class_: bool
    ferritin: bool


def key_of(analysis_id: str, history: History, version: int) -> UUID:
    """Return what the ids of the resources are made of that tell of a version.

    To the first patient who was told it is the id of the analysis, to another one that and the
    version by which they were told first: no resource is ever of two patients.
    """
    told, own = _told(history), UUID(analysis_id)
    first = next((each for each in told if history.is_of_same(each, version)), version)
    return own if first == told[0] else uuid5(own, f"patient/{first}")


def id_of(key: UUID, name: str) -> str:
    """Return the id of a resource: the same for all versions that a patient is told."""
    return str(uuid5(key, name))


def earlier_of(
    connection: Connection, standing: Standing, version: int, site: str | None
) -> tuple[Earlier, ...]:
    """Return who else was told than whose the tube is at a version.

    Parameters
    ----------
    site
        Whoever is told of its tubes alone; None: of all.
    """
    id_, history = standing.analysis.id, standing.history
    others = [each for each in _told(history) if not history.is_of_same(each, version)]
    if not others:
        return ()
    tubes = {each: tube_of(of) for each, of in analysis_lists.tubes_of(connection, id_).items()}
    by_key = dict[UUID, list[int]]()
    for each in others:
        if site is None or tubes[each].site == site:
            by_key.setdefault(key_of(id_, history, each), []).append(each)
    return tuple(
        Earlier(
            key,
            class_=any(history.versions[each].verdict is not None for each in versions),
            ferritin=any(tubes[each].ferritin is not None for each in versions),
        )
        for key, versions in by_key.items()
    )


def had_ferritin(
    connection: Connection, standing: Standing, version: int, site: str | None
) -> bool:
    """Return whether the patient of a version was told a ferritin by an earlier one.

    Parameters
    ----------
    site
        As `earlier_of` takes it.
    """
    history = standing.history
    earlier = [
        each for each in _told(history) if each < version and history.is_of_same(each, version)
    ]
    if not earlier:
        return False
    found = analysis_lists.tubes_of(connection, standing.analysis.id)
    tubes = [tube_of(found[each]) for each in earlier]
    return any(each.ferritin is not None and site in {None, each.site} for each in tubes)


def _told(history: History) -> list[int]:
    """Versions that told something of a patient, the first of them first."""
    return sorted(each for each in history.left if history.whose(each).kind == Kind.PATIENT)
