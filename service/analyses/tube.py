"""What the laboratory says about a tube of blood."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from hladr.context import Context
from hladr.ferritin import parse_ferritin
from service.http.multipart import FormInvalid
from service.texts import Id, Moment, Sentence, Word


class Kind(StrEnum):
    """Whose blood it is."""

    PATIENT = "patient"
    CONTROL = "control"


class NoResult(StrEnum):
    """Why there is nothing to measure."""

    INSUFFICIENT = "insufficient"
    CLOTTED = "clotted"
    NOT_DONE = "not_done"
    LOST = "lost"


class Relation(StrEnum):
    """What a tube is to another one of the same draw."""

    DUPLICATE = "duplicate"
    REACQUISITION = "reacquisition"


class Tube(BaseModel):
    """A tube as the laboratory describes it; null: not said.

    Times without a zone are those of the laboratory. `barcode` stands on the tube; `preparation`
    is how it was lysed (with or without a wash: 18 % apart); `requester` asked for the result;
    `study` is the id of a study.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Word | None = None
    kind: Kind = Kind.PATIENT
    study: Id | None = None
    site: Word | None = None
    visit: Word | None = None
    barcode: Word | None = None
    drawn_at: Moment | None = None
    received_at: Moment | None = None
    stained_at: Moment | None = None
    tube_type: Word | None = None
    preparation: Word | None = None
    antibody_lot: Word | None = None
    operator: Word | None = None
    requester: Word | None = None
    ferritin_ng_ml: Word | None = None
    criterion: Word | None = None
    outcome: NoResult | None = None
    outcome_reason: Sentence | None = None
    related_to: Id | None = None
    relation: Relation | None = None

    @property
    def context(self) -> Context:
        """What the library asks for."""
        return Context(**{name: getattr(self, name) for name in Context.__dataclass_fields__})

    @property
    def ferritin(self) -> str | None:
        """Ferritin in ng/mL in the one form that it is told in: ``1240``, ``>40000``."""
        return (
            None if self.ferritin_ng_ml is None else parse_ferritin(self.ferritin_ng_ml).canonical
        )

    def checked(self) -> "Tube":
        """Return the tube; what cannot be meant is refused.

        Raises
        ------
        FerritinError, FormInvalid
        """
        if self.ferritin_ng_ml is not None:
            parse_ferritin(self.ferritin_ng_ml)
        if (self.related_to is None) != (self.relation is None):
            raise FormInvalid(expected="related_to together with relation", found="one of them")
        if self.outcome is NoResult.NOT_DONE and self.outcome_reason is None:
            raise FormInvalid(expected="an outcome_reason why it was not done", found="none")
        return self

    def kept(self) -> dict[str, Any]:
        """Write what was said, as it is kept."""
        return self.model_dump(mode="json", exclude_none=True)


FIELDS = tuple(Tube.model_fields)
UNKNOWN: tuple[
    Literal["tube_type", "preparation", "antibody_lot", "operator", "site", "visit"], ...
]
UNKNOWN = ("tube_type", "preparation", "antibody_lot", "operator", "site", "visit")
"""What a report should say; a tube of which it is not known carries a finding."""


def tube_of(said: dict[str, Any]) -> Tube:
    """Return the tube of a form or of a row.

    Raises
    ------
    FormInvalid
    FerritinError
    """
    try:
        return Tube.model_validate(said).checked()
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise FormInvalid(expected=f"{field}: {first['msg']}", found="another value") from None
