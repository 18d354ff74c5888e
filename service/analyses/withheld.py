"""A result whose number somebody rejected: told as one that its findings reject."""

from collections.abc import Mapping
from typing import Any

from hladr.criterion.classification import classify
from hladr.criterion.definition import Criterion
from hladr.ferritin import parse_ferritin


def withheld(result: Mapping[str, Any], criterion: Criterion) -> Mapping[str, Any]:
    """Return a result, schema ``hladr.result/1``, with its number under ``unreleasable``.

    The class is the one without the number: what rests on ferritin alone stays.
    """
    if result["hla_dr"] is None:
        return result
    said = result["classification"]["ferritin_ng_ml"]
    ferritin = None if said is None else parse_ferritin(said)
    return {
        **result,
        "hla_dr": None,
        "unreleasable": result["hla_dr"],
        "classification": classify(criterion, abc=None, ferritin=ferritin).to_dict(),
        "verdict": "reject",
    }
