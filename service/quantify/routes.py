"""``/api/v1/quantify`` and ``/api/v1/classify``."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hladr.criterion.classification import classify_numbers
from service.http.authentication import Quantifier
from service.http.heavy import Heavy
from service.http.multipart import receive_form
from service.http.once import Answer, shown
from service.http.openapi import form_body
from service.http.problem import answers
from service.laboratory import Coming, Lab
from service.quantify.blinding import require_unblinded
from service.quantify.quantifying import FORM, quantified
from service.texts import Word

DEFAULT_CRITERION = "immunosep-2025"
SCHEMA = "hladr.classification/1"
router = APIRouter(prefix="/api/v1", tags=["numbers"])


class Numbers(BaseModel):
    """What a class rests on: HLA-DR in AB/c, ferritin in ng/mL, one of them or both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    abc: Annotated[float, Field(strict=True, gt=0, lt=1e12)] | None = None
    ferritin_ng_ml: Annotated[float, Field(strict=True, ge=0)] | Word | None = None
    criterion: Word = DEFAULT_CRITERION


@router.post(
    "/quantify",
    response_model=dict[str, Any],
    responses=answers(507),
    openapi_extra=form_body(FORM, required=("sample",)),
)
async def quantify(
    request: Request,
    who: Quantifier,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
) -> Response:
    """Measure a sample by beads with their lot, or by a curve. Nothing is stored.

    The answer is the object ``hladr.result/1``, number for number that of ``hladr quantify``. Of a
    site it is refused as long as any study is blinded.
    """
    await run_in_threadpool(require_unblinded, laboratory, who)
    form = await receive_form(request, FORM, incoming)
    result = await heavy.do(lambda: quantified(form, laboratory))
    return shown(Answer(result))


@router.post("/classify", response_model=dict[str, Any], responses=answers())
def classify(numbers: Numbers, who: Quantifier, laboratory: Lab) -> Response:  # noqa: ARG001
    """Classify a patient by numbers as they are typed in."""
    rule, _ = laboratory.definitions.criterion(numbers.criterion)
    outcome = classify_numbers(rule, abc=numbers.abc, ferritin=numbers.ferritin_ng_ml)
    return shown(Answer({"schema": SCHEMA, "abc": numbers.abc, **outcome.to_dict()}))
