"""The same samples, measured again: what agrees, what changed, and why.

    comparison = compare(read_results("2023.csv"), read_results("2024.csv"))
    comparison.agreement.relative.bias      # percent
    [(each.new.subject, each.reasons) for each in comparison.changes]
    comparison.unexplained                  # must be empty

A difference is held against what the number depends on (`DEPENDS_ON`): one that nothing recorded
explains is a defect, of the program or of a table.
"""

from hladr.recalculation.comparison import AbcAgreement, Comparison, compare
from hladr.recalculation.comparison_json import comparison_to_dict
from hladr.recalculation.dependence import DEPENDS_ON, Unexplained
from hladr.recalculation.matching import Matched, Matching, match
from hladr.recalculation.reasons import Change, Reason, ReasonKind
from hladr.recalculation.runs import ConcernedRun, concerned_runs, relative_change

__all__ = [
    "DEPENDS_ON",
    "AbcAgreement",
    "Change",
    "Comparison",
    "ConcernedRun",
    "Matched",
    "Matching",
    "Reason",
    "ReasonKind",
    "Unexplained",
    "compare",
    "comparison_to_dict",
    "concerned_runs",
    "match",
    "relative_change",
]
