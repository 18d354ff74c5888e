"""The AB/c cut-offs of the criterion a result was held against."""

from hladr.criterion.definition import Criterion, Quantity


def drawn_cutoffs(criterion: Criterion) -> tuple[float, ...]:
    """AB/c values that part the classes, rising."""
    return tuple(sorted({cutoff.value for cutoff in criterion.class_cutoffs(Quantity.ABC)}))
