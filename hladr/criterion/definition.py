"""The parts of a criterion: quantities, cut-offs, class rules in order of precedence, sources.

What is not known is a third answer. `CutOff.met` says True, False or None, so that a class is
stated only when it holds whatever the missing number may be.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from hladr.definitions.digest import sha256_of

SCHEMA = "hladr.criterion/1"


class Quantity(StrEnum):
    """What a rule may ask about; units: AB/c, ng/mL, fraction of the value at entry."""

    ABC = "abc"
    ABC_PREVIOUS_DAY = "abc_previous_day"
    FERRITIN = "ferritin"
    FERRITIN_FALL = "ferritin_fall"


class Need(StrEnum):
    """What must be known before any class is stated, even where the rules could do without."""

    ABC = "abc"
    ABC_PREVIOUS_DAY = "abc_previous_day"
    STUDY_DAY = "study_day"


class ClassName(StrEnum):
    """The class as it stands in results; how a trial words it is the label."""

    MALS = "MALS"
    IMMUNOPARALYSIS = "immunoparalysis"
    UNCLASSIFIED = "unclassified"
    UNDETERMINED = "undetermined"


class Certainty(StrEnum):
    """How well a rule is known from its source."""

    STATED = "stated"  # in the publication's abstract or the trial's registry record
    SECOND_HAND = "second-hand"  # in notes that quote the primary document
    DERIVED = "derived"  # follows from what is stated
    UNVERIFIED = "unverified"  # background knowledge, not found in a source


class Inequality(StrEnum):
    """The four inequalities, as a trial writes them."""

    ABOVE = "above"  # >
    AT_OR_ABOVE = "at_or_above"  # >=
    BELOW = "below"  # <
    AT_OR_BELOW = "at_or_below"  # <=

    @property
    def words(self) -> str:
        """As it reads in a sentence."""
        return self.value.replace("_", " ")


class Span(NamedTuple):
    """All that is known of a quantity: it lies strictly between `low` and `high`."""

    low: float
    high: float


State = float | Span


@dataclass(frozen=True, slots=True)
class CutOff:
    """One inequality: a quantity held against a number."""

    quantity: Quantity
    inequality: Inequality
    value: float

    def holds(self, value: float) -> bool:
        """Whether a known number, unrounded, satisfies the inequality exactly as written."""
        match self.inequality:
            case Inequality.ABOVE:
                return value > self.value
            case Inequality.AT_OR_ABOVE:
                return value >= self.value
            case Inequality.BELOW:
                return value < self.value
            case Inequality.AT_OR_BELOW:
                return value <= self.value

    def met(self, state: State) -> bool | None:
        """Whether the inequality holds; None where `state` does not tell."""
        if not isinstance(state, Span):
            return self.holds(state)
        upward = self.inequality in {Inequality.ABOVE, Inequality.AT_OR_ABOVE}
        if state.low >= self.value:
            return upward
        return not upward if state.high <= self.value else None


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A class and the cut-offs that must all be met; none for the class of those left over."""

    name: ClassName
    label: str
    certainty: Certainty
    cutoffs: tuple[CutOff, ...]


@dataclass(frozen=True, slots=True)
class RestorationRule:
    """When a patient who entered in one class counts as restored; all cut-offs must be met."""

    entry_class: ClassName
    certainty: Certainty
    source: str
    cutoffs: tuple[CutOff, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rule was published."""

    citation: str
    doi: str | None = None
    pmid: str | None = None
    registry: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Write as a definition file holds it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class CriterionReference:
    """Which definition was used."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)  # without slots: its hash is kept
class Criterion:
    """A published rule, versioned.

    Parameters
    ----------
    name, version, title
        ``immunosep-2025``, ``1``, and what to print above the rule.
    source
        Publication and registry.
    rules
        Classes in order of precedence: the first whose cut-offs are met is the class. The last
        one has no cut-offs.
    needs
        Without these no class is stated.
    study_days
        The study days the rule is defined for, counted as the trial counts; empty for any.
    restoration
        Rules for restored immunity, by class at entry.
    notes
        What a reader of the class should know.
    """

    name: str
    version: str
    title: str
    source: Source
    rules: tuple[ClassRule, ...]
    needs: tuple[Need, ...] = ()
    study_days: tuple[int, ...] = ()
    restoration: tuple[RestorationRule, ...] = ()
    notes: tuple[str, ...] = ()

    def class_cutoffs(self, quantity: Quantity) -> tuple[CutOff, ...]:
        """Cut-offs of the class rules for one quantity, each once, in the order of the rules."""
        every = (cutoff for rule in self.rules for cutoff in rule.cutoffs)
        return _each_once(every, quantity)

    def cutoffs(self, quantity: Quantity) -> tuple[CutOff, ...]:
        """Cut-offs of class and restoration rules: what a printed number must not cross."""
        rules: tuple[ClassRule | RestorationRule, ...] = (*self.rules, *self.restoration)
        return _each_once((cutoff for rule in rules for cutoff in rule.cutoffs), quantity)

    def to_dict(self) -> dict[str, Any]:
        """Write the definition as plain data, in the shape of its file."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "version": self.version,
            "title": self.title,
            "source": self.source.to_dict(),
            "needs": [need.value for need in self.needs],
            "study_days": list(self.study_days),
            "notes": list(self.notes),
            "class": [_class_record(rule) for rule in self.rules],
            "restoration": [_restoration_record(rule) for rule in self.restoration],
        }

    @cached_property
    def sha256(self) -> str:
        """Hash of the definition's content; comments and layout of the file do not count."""
        return sha256_of(self.to_dict())

    @property
    def reference(self) -> CriterionReference:
        """Name, version and hash, to stand beside a class."""
        return CriterionReference(self.name, self.version, self.sha256)


def _each_once(cutoffs: Iterable[CutOff], quantity: Quantity) -> tuple[CutOff, ...]:
    return tuple(dict.fromkeys(cutoff for cutoff in cutoffs if cutoff.quantity is quantity))


def _class_record(rule: ClassRule) -> dict[str, Any]:
    head = {"name": rule.name.value, "label": rule.label, "certainty": rule.certainty.value}
    return {**head, "when": _when(rule.cutoffs)} if rule.cutoffs else head


def _restoration_record(rule: RestorationRule) -> dict[str, Any]:
    return {
        "entry_class": rule.entry_class.value,
        "certainty": rule.certainty.value,
        "source": rule.source,
        "when": _when(rule.cutoffs),
    }


def _when(cutoffs: tuple[CutOff, ...]) -> list[dict[str, str | float]]:
    return [
        {"quantity": each.quantity.value, each.inequality.value: each.value} for each in cutoffs
    ]
