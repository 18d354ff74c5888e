"""The fields of a tube as a form asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hladr.context import STABLE_HOURS
from hladr.criterion.loading import available_criteria
from service.analyses.tube import Kind, NoResult, Relation
from service.pages.when import TIMES

_TIME = "Such as 2026-03-14 08:30, by the laboratory’s clock unless a zone is said"
_HOURS = ", ".join(f"{name} {hours:g} h" for name, hours in STABLE_HOURS.items())


@dataclass(frozen=True, slots=True)
class TubeField:
    """A field: what it is called, how it is filled in, and what may be chosen.

    Parameters
    ----------
    choices
        Value and word of each; empty: it is typed.
    offered
        Words that are offered while it is typed.
    """

    name: str
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def is_time(self) -> bool:
        """Whether a time is typed in it."""
        return self.name in TIMES


def _chosen(
    names: type[Kind | NoResult | Relation], unsaid: str = ""
) -> tuple[tuple[str, str], ...]:
    words = tuple((each.value, each.value.replace("_", " ")) for each in names)
    return (("", unsaid), *words) if unsaid else words


SUBJECT: Final = TubeField("subject", "Subject", "Whose blood it is, as the study or the ward says")
WHOSE: Final = (
    SUBJECT,
    TubeField("barcode", "Barcode", "As it stands on the tube"),
    TubeField("kind", "Kind of blood", choices=_chosen(Kind)),
    TubeField("study", "Study"),
    TubeField("site", "Site"),
    TubeField("visit", "Visit", "Such as D3"),
    TubeField("requester", "Requested by", "The ward or the physician"),
)
WHEN: Final = (
    TubeField("drawn_at", "Drawn", _TIME),
    TubeField("received_at", "Received", _TIME),
    TubeField("stained_at", "Stained", _TIME),
)
HOW: Final = (
    TubeField(
        "tube_type", "Tube type", f"Draw to stain at most: {_HOURS}",
        offered=("EDTA on ice", "Cyto-Chex"),
    ),
    TubeField(
        "preparation", "Preparation", "How it was lysed: with or without a wash is 18 % apart",
        offered=("lyse-no-wash", "lyse-wash"),
    ),
    TubeField("antibody_lot", "Antibody lot"),
    TubeField("operator", "Operator"),
)  # fmt: skip
CLASSED: Final = (
    TubeField("ferritin_ng_ml", "Ferritin, ng/mL", "A plain number such as 812, >40000 or <5"),
    TubeField(
        "criterion", "Criterion", "Left empty: that of the assay", offered=available_criteria()
    ),
)
OUTCOME: Final = (
    TubeField("outcome", "Why nothing was measured", choices=_chosen(NoResult)),
    TubeField("outcome_reason", "In words", "Needed where it was not done"),
)
RELATED: Final = (
    TubeField("related_to", "Related tube", "The id of the first tube of the same draw"),
    TubeField("relation", "Relation", choices=_chosen(Relation, "none")),
)
LABELS: Final[Mapping[str, str]] = {
    each.name: each.label for each in (*WHOSE, *WHEN, *HOW, *CLASSED, *OUTCOME, *RELATED)
}
