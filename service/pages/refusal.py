"""What a page says when something is refused: a sentence, beside the form that was sent."""

from typing import Final

from pydantic import ValidationError

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from service.errors import ServiceError
from service.pages.bench_words import bench_words

REFUSALS: Final = (HladrError, CalibrationError, ValidationError)
"""What is refused on purpose; everything else is a fault."""
Refusal = HladrError | CalibrationError | ValidationError


def sentence_of(error: Refusal) -> str:
    """Return what is wrong, and what to do."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        field = " ".join(map(str, first["loc"])).replace("_", " ")
        said = str(first["msg"]).removeprefix("Value error, ")
        return f"{field}: {said}" if field else said
    return bench_words(error) or str(error)


def status_of(error: Refusal) -> int:
    """Return the status that a page with a refusal has."""
    return error.status if isinstance(error, ServiceError) else 422


def code_of(error: Refusal) -> str:
    """Return the code that stays."""
    return "INVALID_REQUEST" if isinstance(error, ValidationError) else error.code
