"""A definition file's content as a `Criterion`, every field checked.

What a definition must keep to, beyond its shape: MALS comes first and rests on ferritin alone;
the class of those left over comes last, is `unclassified`, and has no cut-offs; every class can
be reached.
"""

import itertools
import math
from typing import Any

from hladr.criterion.decision import matching_rule
from hladr.criterion.definition import (
    SCHEMA,
    Certainty,
    ClassName,
    ClassRule,
    Criterion,
    CutOff,
    Inequality,
    Need,
    Quantity,
    RestorationRule,
    Source,
    Span,
    State,
)
from hladr.criterion.errors import InvalidCriterion
from hladr.definitions.table import Table

_STATED = (ClassName.MALS, ClassName.IMMUNOPARALYSIS, ClassName.UNCLASSIFIED)
_MEASURED = (Quantity.ABC, Quantity.ABC_PREVIOUS_DAY, Quantity.FERRITIN)
_FOLLOWED = (Quantity.ABC, Quantity.FERRITIN, Quantity.FERRITIN_FALL)
_MOST_CUTOFFS = 4
_MOST_CLASSES = 3


def parse_criterion(content: bytes, *, file: str) -> Criterion:
    """Criterion from the bytes of a TOML file.

    Raises
    ------
    InvalidCriterion
        Not TOML, a field missing, unknown or of the wrong kind, or rules that contradict
        one another.
    """
    whole = Table.of_file(
        content, file, InvalidCriterion, SCHEMA, "name", "version", "title", "source", "needs",
        "study_days", "notes", "class", "restoration",
    )  # fmt: skip
    criterion = Criterion(
        name=whole.name("name"),
        version=whole.version(),
        title=whole.text("title"),
        source=read_source(whole.table("source")),
        rules=tuple(_class_rule(table) for table in whole.tables("class")),
        needs=_needs(whole),
        study_days=_study_days(whole),
        restoration=tuple(_restoration_rule(table) for table in whole.tables("restoration")),
        notes=whole.texts("notes"),
    )
    _check_order(criterion, whole)
    _check_reach(criterion, whole)
    return criterion


def read_source(table: Table) -> Source:
    """Publication and registry, as definitions of every kind name them."""
    table.allow_only("citation", "doi", "pmid", "registry")
    return Source(
        citation=table.text("citation"),
        doi=_optional(table, "doi", r"10\.[0-9]{4,9}/\S+", 'a DOI such as "10.1000/182"'),
        pmid=_optional(table, "pmid", r"[0-9]{1,9}", "a PubMed number in quotation marks"),
        registry=_optional(table, "registry", r".*\S.*", "text in quotation marks"),
    )


def _optional(table: Table, name: str, pattern: str, expected: str) -> str | None:
    return table.text(name, pattern=pattern, expected=expected) if table.has(name) else None


def _class_rule(table: Table) -> ClassRule:
    table.allow_only("name", "label", "certainty", "when")
    return ClassRule(
        name=table.choice("name", ClassName, _STATED),
        label=table.text("label"),
        certainty=table.choice("certainty", Certainty, tuple(Certainty)),
        cutoffs=_cutoffs(table, _MEASURED),
    )


def _restoration_rule(table: Table) -> RestorationRule:
    table.allow_only("entry_class", "certainty", "source", "when")
    rule = RestorationRule(
        entry_class=table.choice("entry_class", ClassName, _STATED[:2]),
        certainty=table.choice("certainty", Certainty, tuple(Certainty)),
        source=table.text("source"),
        cutoffs=_cutoffs(table, _FOLLOWED),
    )
    if not rule.cutoffs:
        table.refuse("when", "at least one cut-off", None)
    return rule


def _cutoffs(table: Table, allowed: tuple[Quantity, ...]) -> tuple[CutOff, ...]:
    if len(table.items("when")) > _MOST_CUTOFFS:
        table.refuse("when", f"at most {_MOST_CUTOFFS} cut-offs", len(table.items("when")))
    return tuple(_cutoff(each, allowed) for each in table.tables("when"))


def _cutoff(table: Table, allowed: tuple[Quantity, ...]) -> CutOff:
    quantity = table.choice("quantity", Quantity, allowed)
    names = tuple(each.value for each in Inequality)
    table.allow_only("quantity", *names)
    stated = [name for name in table.names() if name in names]
    if len(stated) != 1:
        table.refuse("", f"exactly one of {', '.join(names)}", stated)
    return CutOff(quantity, Inequality(stated[0]), table.number(stated[0]))


def _needs(whole: Table) -> tuple[Need, ...]:
    known = tuple(need.value for need in Need)
    for value in whole.items("needs"):
        if value not in known:
            whole.refuse("needs", f"names out of {', '.join(known)}", value)
    return tuple(Need(value) for value in _distinct(whole, "needs"))


def _study_days(whole: Table) -> tuple[int, ...]:
    for value in whole.items("study_days"):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 366:
            whole.refuse("study_days", "whole days from 0 to 366", value)
    return _distinct(whole, "study_days")


def _distinct(whole: Table, name: str) -> tuple[Any, ...]:
    values = whole.items(name)
    if len(set(values)) != len(values):
        whole.refuse(name, "every value once", list(values))
    return values


def _check_order(criterion: Criterion, whole: Table) -> None:
    """Precedence as results promise it."""
    names = [rule.name for rule in criterion.rules]
    if not 2 <= len(names) == len(set(names)) <= _MOST_CLASSES:
        whole.refuse("class", "two or three classes, each once", names)
    *first, last = criterion.rules
    if last.name is not ClassName.UNCLASSIFIED or last.cutoffs:
        whole.refuse("class", "unclassified as the last class, without `when`", last.name.value)
    if any(not rule.cutoffs for rule in first):
        whole.refuse("class", "`when` with at least one cut-off in every class but the last", names)
    if ClassName.MALS in names[1:]:
        whole.refuse("class", "MALS as the first class: it takes precedence", names)
    if first[0].name is ClassName.MALS and {cutoff.quantity for cutoff in first[0].cutoffs} != {
        Quantity.FERRITIN
    }:
        whole.refuse("class[0].when", "ferritin alone: MALS rests on nothing else", names[0].value)
    for need in criterion.needs:
        if need is not Need.STUDY_DAY and not criterion.class_cutoffs(Quantity(need.value)):
            whole.refuse("needs", "inputs that some class asks about", need.value)
    if (Need.STUDY_DAY in criterion.needs) != bool(criterion.study_days):
        whole.refuse("study_days", "days just when `needs` names study_day", criterion.study_days)


def _check_reach(criterion: Criterion, whole: Table) -> None:
    """Refuse a class that no patient can be in: a slip in a cut-off."""
    asked = [quantity for quantity in _MEASURED if criterion.class_cutoffs(quantity)]
    reached = {
        matching_rule(criterion, dict(zip(asked, states, strict=True)))
        for states in itertools.product(*(_places(criterion, quantity) for quantity in asked))
    }
    for index, rule in enumerate(criterion.rules):
        if rule not in reached:
            whole.refuse(f"class[{index}]", "a class that some patient can be in", rule.name.value)


def _places(criterion: Criterion, quantity: Quantity) -> list[State]:
    """Every place a value can take among the cut-offs: on each, and between them."""
    cuts = sorted({cutoff.value for cutoff in criterion.class_cutoffs(quantity)})
    between = [Span(low, high) for low, high in itertools.pairwise((0.0, *cuts, math.inf))]
    return [*cuts, *between]
