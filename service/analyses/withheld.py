"""A result whose number somebody rejected: told as one that its findings reject."""

from collections.abc import Mapping
from typing import Any


def withheld(result: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a result, schema ``hladr.result/1``, with its number under ``unreleasable``.

    What is kept stays as it is; so it is answered.
    """
    if result is None or result["hla_dr"] is None:
        return result
    undecided = {"class": "undetermined", "decisive": None, "probability": None}
    return {
        **result,
        "hla_dr": None,
        "unreleasable": result["hla_dr"],
        "classification": {**result["classification"], **undecided},
        "verdict": "reject",
    }
