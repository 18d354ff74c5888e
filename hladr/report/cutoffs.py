"""The AB/c cut-offs of the criterion a result was held against."""

from hladr.criterion.definition import Criterion, CriterionReference, CutOff, Quantity
from hladr.criterion.loading import available_criteria, load_criterion


def abc_cutoffs(reference: CriterionReference) -> tuple[CutOff, ...]:
    """All cut-offs for AB/c, those of the class rules first; none for a criterion not shipped."""
    criterion = _definition(reference)
    return () if criterion is None else criterion.cutoffs(Quantity.ABC)


def drawn_cutoffs(reference: CriterionReference) -> tuple[float, ...]:
    """AB/c values that part the classes, rising; none for a criterion that is not shipped."""
    criterion = _definition(reference)
    if criterion is None:
        return ()
    return tuple(sorted({cutoff.value for cutoff in criterion.class_cutoffs(Quantity.ABC)}))


def _definition(reference: CriterionReference) -> Criterion | None:
    """Shipped definition, if it is the very one the result names."""
    if reference.name not in available_criteria():
        return None
    criterion = load_criterion(reference.name)
    return criterion if criterion.sha256 == reference.sha256 else None
