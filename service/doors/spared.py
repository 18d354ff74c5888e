"""What people said of a tube, without what names another subject that it was once said to be of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from service.analyses.identity import shares_name
from service.analyses.standing import Standing
from service.store import analysis_lists
from service.store.analysis import Analysis
from service.store.signatures import Said

LEFT_OUT: Final = "left out: it names another subject"

_OF_OTHERS: Final = {
    "SUBJECT_MISMATCH": "The file names somebody else than subject or barcode.",
    "RECEPTION_MISMATCH": "The tube was noted as of another subject when it came.",
    "FILE_OF_ANOTHER_SUBJECT": "The same file was sent as an analysis of another subject.",
    "FILE_SEEN_BEFORE": "The same file was sent before.",
    "RELATED_TO_ANOTHER": "It is said to be of a draw that another tube says otherwise of.",
}
"""What leaves of findings whose sentences may speak of other subjects and analyses."""


@dataclass(frozen=True, slots=True)
class Others:
    """Subjects and barcodes that a tube had while it was said to be of another."""

    names: frozenset[str]

    def spared(self, text: str) -> str:
        """Return a text that people wrote; that it is left out, where it names one of them."""
        return LEFT_OUT if any(shares_name(name, text) for name in self.names) else text

    def spared_or_none(self, text: str | None) -> str | None:
        """Return the same of a text that there may be."""
        return None if text is None else self.spared(text)


def others_of(connection: Connection, standing: Standing) -> Others:
    """Return who else a tube was said to be of than at the version that is looked at."""
    history, own = standing.history, standing.analysis.version
    other = [each for each in history.versions if not history.is_of_same(each, own)]
    if not other:
        return Others(frozenset())
    tubes = analysis_lists.tubes_of(connection, standing.analysis.id)
    own_names = _names(tubes[own])
    return Others(frozenset[str]().union(*(_names(tubes[each]) for each in other)) - own_names)


def spared_of(standing: Standing, others: Others) -> Standing:
    """Return how a version stands to those outside.

    Telephone calls are those by which its own patient was told; what people wrote names no other.
    """
    said, version = standing.said, standing.analysis.version
    kept = Said(
        tuple(
            replace(each, comment=others.spared_or_none(each.comment)) for each in said.signatures
        ),
        tuple(replace(each, answer=others.spared(each.answer)) for each in said.answers),
        tuple(each for each in said.notices if standing.history.is_of_same(each.version, version)),
    )
    made = standing.analysis.made
    made = replace(made, reason=others.spared_or_none(made.reason))
    return replace(standing, said=kept, analysis=replace(standing.analysis, made=made))


def spared_findings(analysis: Analysis) -> tuple[Mapping[str, Any], ...]:
    """Return findings of the service without a word about other subjects."""
    found = analysis.outcome.findings
    return tuple(
        {**each, "message": _OF_OTHERS.get(each["code"], each["message"])} for each in found
    )


def spared_result(result: Mapping[str, Any], others: Others) -> Mapping[str, Any]:
    """Return a result, schema ``hladr.result/1``; its file may be named by another subject."""
    sample = result["sample"]
    return {**result, "sample": {**sample, "file": others.spared(sample["file"])}}


def spared_file(analysis: Analysis, others: Others) -> Analysis:
    """Return what figures are drawn from; a name of the file that names another is not shown."""
    file, result = analysis.tube.file, analysis.outcome.result
    if file is None or result is None:
        return analysis
    sha256, name = file
    return replace(
        analysis,
        tube=replace(analysis.tube, file=(sha256, others.spared(name))),
        outcome=replace(analysis.outcome, result=spared_result(result, others)),
    )


def _names(tube: dict[str, str]) -> frozenset[str]:
    return frozenset(tube[name] for name in ("subject", "barcode") if tube.get(name))
