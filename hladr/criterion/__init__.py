"""Trial criteria as data: which class ferritin and monocyte HLA-DR put a patient in.

From a measured number to its class::

    criterion = load_criterion("immunosep-2025")
    outcome = classify(
        criterion,
        abc=AbcEvidence(3394.0, sd_ln=0.042, dof=11.0),
        ferritin=parse_ferritin("812"),
    )
    outcome.class_name      # ClassName.IMMUNOPARALYSIS
    outcome.probability     # 0.999: the highest that is ever stated

What to use when: `classify` for a measured HLA-DR, `classify_numbers` for two numbers typed in,
`restoration` for a later day, `same_side_probability` for how sure a side of a cut-off is at the
CV of an assay, `format_abc` and `format_probability` to print. A class is a research
classification, not advice.
"""

from hladr.criterion.certainty import (
    factor_for_probability,
    same_side_probability,
    sd_of_logarithm,
)
from hladr.criterion.classification import Classification, classify, classify_numbers
from hladr.criterion.definition import (
    Certainty,
    ClassName,
    ClassRule,
    Criterion,
    CriterionReference,
    CutOff,
    Inequality,
    Need,
    Quantity,
    RestorationRule,
    Source,
)
from hladr.criterion.errors import (
    CriterionError,
    InvalidAbc,
    InvalidCriterion,
    UnknownCriterion,
)
from hladr.criterion.loading import available_criteria, load_criterion
from hladr.criterion.measured import AbcBeyondBeads, AbcEvidence, BareAbc
from hladr.criterion.printing import format_abc, format_probability
from hladr.criterion.restoration import Answer, Restoration, restoration

__all__ = [
    "AbcBeyondBeads",
    "AbcEvidence",
    "Answer",
    "BareAbc",
    "Certainty",
    "ClassName",
    "ClassRule",
    "Classification",
    "Criterion",
    "CriterionError",
    "CriterionReference",
    "CutOff",
    "Inequality",
    "InvalidAbc",
    "InvalidCriterion",
    "Need",
    "Quantity",
    "Restoration",
    "RestorationRule",
    "Source",
    "UnknownCriterion",
    "available_criteria",
    "classify",
    "classify_numbers",
    "factor_for_probability",
    "format_abc",
    "format_probability",
    "load_criterion",
    "restoration",
    "same_side_probability",
    "sd_of_logarithm",
]
