"""What an eligibility rests on: a released result with a class by the trial's criterion."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hladr.criterion import ClassName, classify, load_criterion
from hladr.ferritin import parse_ferritin
from hladr.trial import ImmuneClass, Trial, available_trials, load_trial
from service.analyses.release import Status
from service.definitions import DefinitionUnknown
from service.doors.leaving import Leaving
from service.doors.refusals import Embargoed
from service.store.heads import NotFound
from service.subjects.left import Left
from service.subjects.refusals import ClassNotReleased


@dataclass(frozen=True, slots=True)
class Basis:
    """A released result and its class."""

    leaving: Leaving
    immune_class: ImmuneClass


def trial_of(name: str) -> Trial:
    """Return a trial by its name, never by a path.

    Raises
    ------
    DefinitionUnknown
    """
    if name not in available_trials():
        raise DefinitionUnknown(kind="trial", name=name, known=available_trials())
    return load_trial(name)


def basis_of(left: Left, trial: Trial, analysis_id: str | None) -> Basis:
    """Return what an eligibility rests on.

    Parameters
    ----------
    analysis_id
        None: of the last draw that has a class by the trial's criterion.

    Raises
    ------
    NotFound
        The analysis is none of the subject's that have left.
    Embargoed, ClassNotReleased
    """
    criterion = f"{trial.criterion.name}, version {trial.criterion.version}"
    if analysis_id is None:
        found = last_basis(left, trial)
        if found is None:
            raise ClassNotReleased(criterion=criterion)
        return found
    if analysis_id in left.hidden:
        raise Embargoed(study_id=left.hidden[analysis_id])
    leaving = next((each for each in left.leavings if each.id == analysis_id), None)
    if leaving is None:
        raise NotFound(kind="analysis", id=analysis_id)
    for immune_class in _classes(leaving, trial):
        return Basis(leaving, immune_class)
    raise ClassNotReleased(criterion=criterion)


def last_basis(left: Left, trial: Trial) -> Basis | None:
    """Return the last draw with a class by the trial's criterion; None where there is none."""
    for leaving in reversed(left.leavings):
        for immune_class in _classes(leaving, trial):
            if immune_class.criterion == trial.criterion:
                return Basis(leaving, immune_class)
    return None


def no_class(trial: Trial) -> ImmuneClass:
    """Return that no class is known."""
    return ImmuneClass(ClassName.UNDETERMINED, trial.criterion)


def _classes(leaving: Leaving, trial: Trial) -> Iterator[ImmuneClass]:
    """The class of what left, if there is one; of a number that was withdrawn there is none."""
    if leaving.departure.status is Status.WITHDRAWN:
        return
    found = _by_ferritin(leaving, trial) if leaving.result is None else _of_result(leaving)
    if found is not None and found.class_name is not ClassName.UNDETERMINED:
        yield found


def _of_result(leaving: Leaving) -> ImmuneClass | None:
    if leaving.result is None:
        return None
    found = ImmuneClass.of_record(leaving.result)
    sha256 = leaving.standing.analysis.outcome.criterion_sha256
    return replace(found, criterion=replace(found.criterion, sha256=sha256))


def _by_ferritin(leaving: Leaving, trial: Trial) -> ImmuneClass | None:
    """The class by ferritin alone, of a tube that gave no number."""
    if leaving.ferritin_ng_ml is None:
        return None
    criterion = load_criterion(trial.criterion.name)
    found = classify(criterion, abc=None, ferritin=parse_ferritin(leaving.ferritin_ng_ml))
    return ImmuneClass.of(found, abc=None, ferritin_drawn_at=leaving.tube.drawn_at)
