"""How far two methods agree that measured the same samples: arrays in, numbers out.

What to use when: `relative_limits` for AB/c, whose error is a share of the number;
`limits_of_agreement` in AB/c; `passing_bablok` for a line where both methods err; `concordance`
for one number; `reclassification` and `cohens_kappa` for classes. Every one of them says NaN for
what cannot be determined from the pairs that there are.
"""

from hladr.agreement.classes import Kappa, cohens_kappa, reclassification
from hladr.agreement.concordance import Concordance, concordance
from hladr.agreement.interval import CONFIDENCE, Interval
from hladr.agreement.limits import (
    Limits,
    RelativeLimits,
    limits_of_agreement,
    relative_differences,
    relative_limits,
)
from hladr.agreement.regression import Line, passing_bablok

__all__ = [
    "CONFIDENCE",
    "Concordance",
    "Interval",
    "Kappa",
    "Limits",
    "Line",
    "RelativeLimits",
    "cohens_kappa",
    "concordance",
    "limits_of_agreement",
    "passing_bablok",
    "reclassification",
    "relative_differences",
    "relative_limits",
]
