"""What a laboratory's replicates say of its assay: imprecision, linearity, carry-over, lots.

    found = validate(read_results("results.csv"), limits_beside(Path()))
    found.precision.overall.components[-1].cv       # percent, within a run
    found.not_done                                  # studies that the results do not hold

It computes and shows; whether an assay is fit for its purpose, the laboratory says.
"""

from hladr.validation.carry_over import CarryOver, HighThenLow
from hladr.validation.least_squares import Coefficient
from hladr.validation.limits import LaboratoryLimits, limits_beside
from hladr.validation.linearity import Level, Linearity, linearity
from hladr.validation.nested import NestedAnova, nested_anova
from hladr.validation.precision import Component, Precision, Unreplicated
from hladr.validation.side_by_side import SideBySide
from hladr.validation.source import find_source, results_of
from hladr.validation.study import NotDone, PrecisionStudy, Validation, validate
from hladr.validation.validation_json import validation_to_dict

__all__ = [
    "CarryOver",
    "Coefficient",
    "Component",
    "HighThenLow",
    "LaboratoryLimits",
    "Level",
    "Linearity",
    "NestedAnova",
    "NotDone",
    "Precision",
    "PrecisionStudy",
    "SideBySide",
    "Unreplicated",
    "Validation",
    "find_source",
    "limits_beside",
    "linearity",
    "nested_anova",
    "results_of",
    "validate",
    "validation_to_dict",
]
