"""The number of one sample from the files of a form; nothing is stored."""

from collections.abc import Mapping
from typing import Any

from hladr.context import Context
from service.definitions import DEFAULT_ASSAY
from service.http.multipart import Form, FormKind
from service.laboratory import Laboratory
from service.measuring.apart import ApartOrder, Drawn, measured_apart
from service.measuring.measuring import Question, measured
from service.measuring.opened import opened
from service.quantify.calibrating import (
    LARGEST_CURVE,
    LARGEST_LOT,
    SampleMissing,
    calibration_for,
)

_SHORT = 2000
CONTEXT = tuple(Context.__dataclass_fields__)
FORM = FormKind(
    files=frozenset({"sample", "beads", "gates"}),
    texts={
        "lot": LARGEST_LOT,
        "curve": LARGEST_CURVE,
        **dict.fromkeys(("assay", "criterion", "population", "ferritin_ng_ml", *CONTEXT), _SHORT),
    },
)


def quantified(form: Form, laboratory: Laboratory) -> Mapping[str, Any]:
    """Return the result of a form, schema ``hladr.result/1``: as `hladr quantify` gives it.

    Raises
    ------
    SampleMissing, DefinitionUnknown
    HladrError, CalibrationError
        There is no number.
    """
    sample = form.files.get("sample")
    if sample is None:
        raise SampleMissing(field="sample")
    texts = form.texts
    assay, assay_kept = laboratory.definitions.assay(texts.get("assay", DEFAULT_ASSAY))
    rule, rule_kept = laboratory.definitions.criterion(texts.get("criterion", assay.criterion))
    context = Context(**{name: texts[name] for name in CONTEXT if name in texts})
    question = Question(assay, rule, texts.get("ferritin_ng_ml"), context)
    gates = form.files.get("gates")

    def work() -> Mapping[str, Any]:
        table = opened(sample.path, sample.name, laboratory.settings)
        calibration = calibration_for(form, table, assay, laboratory.settings)
        if gates is None:
            return measured(table, calibration, question)
        definitions = assay_kept.content, rule_kept.content
        drawn = Drawn(gates.path, gates.name, texts.get("population"))
        file = sample.path, sample.name
        return measured_apart(ApartOrder(file, calibration, question, definitions, drawn))

    return laboratory.turns.take(work)
