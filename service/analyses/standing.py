"""How an analysis stands now: what people said of it, and what came to light since."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from calibration.finding import Severity
from service.analyses.belonging import found_now
from service.analyses.release import History, history_of
from service.finding import ServiceFinding
from service.quality.in_use import use_findings
from service.quality.verdicts import Judged, rejections_of
from service.store import analyses, analysis_lists, outdated, siblings, signatures
from service.store.analysis import Analysis
from service.store.siblings import Sibling
from service.store.signatures import Said
from service.store.studies import plain


@dataclass(frozen=True, slots=True)
class Standing:
    """An analysis with all that is known of it now.

    Parameters
    ----------
    analysis
        Its newest version, and the one that left last, have the findings of what came to light
        since they were made; of any other nobody signs or is told.
    """

    analysis: Analysis
    said: Said
    history: History

    @property
    def withheld(self) -> bool:
        """Whether people rejected the number of this version, or of what came after it."""
        return self.analysis.version in self.history.withheld

    @property
    def verdict(self) -> str | None:
        """The worst of the result, of the service's findings, and of what people said."""
        if self.withheld:
            return "reject"
        verdict = self.analysis.verdict
        return "review" if verdict == "pass" and self._is_warned else verdict

    @property
    def is_doubtful(self) -> bool:
        """Whether who signs must say why."""
        return self._is_warned or self.analysis.verdict == "review"

    @property
    def open_findings(self) -> tuple[str, ...]:
        """Codes of the findings that block, and that nobody has answered for."""
        answered = self.said.answered(self.analysis.version)
        return tuple(
            str(each["code"])
            for each in self.analysis.outcome.findings
            if each["blocks"]
            and not (
                each["code"] in answered and answered[each["code"]].at >= each.get("since", "")
            )
        )

    @property
    def _is_warned(self) -> bool:
        return any(each["severity"] == "warn" for each in self.analysis.outcome.findings)


def history_now(connection: Connection, id: str) -> History:
    """Return what became of the versions of an analysis."""
    said = signatures.said_of(connection, id)
    return history_of(said, analysis_lists.versions_said(connection, id))


def standing_of(connection: Connection, analysis: Analysis) -> Standing:
    """Return how an analysis stands, at the version that it is looked at."""
    return standings_of(connection, [analysis])[0]


def standings_of(connection: Connection, found: Sequence[Analysis]) -> list[Standing]:
    """Return how analyses stand, each at the version that it is looked at."""
    known = _Known.of(connection, found)
    return [_standing(connection, each, known) for each in found]


@dataclass(frozen=True, slots=True)
class _Known:
    """What standings are worked out from, asked for all of them at a time.

    Parameters
    ----------
    newer_lots
        Version of the lot, for calibrations whose values were corrected since.
    judged
        What the rules of the instruments say of runs that patients rest on.
    """

    said: Mapping[str, Said]
    histories: Mapping[str, History]
    by_file: Mapping[str, Sequence[Sibling]]
    by_barcode: Mapping[str, Sequence[Sibling]]
    newer_lots: Mapping[tuple[str, int], int]
    judged: Mapping[str, Judged]

    @classmethod
    def of(cls, connection: Connection, found: Sequence[Analysis]) -> "_Known":
        ids = [each.id for each in found]
        said = signatures.said_of_all(connection, ids)
        versions = analysis_lists.versions_said_of_all(connection, ids)
        histories = {id_: history_of(said[id_], versions[id_]) for id_ in ids}
        told = [each for each in found if _is_told(each, histories[each.id])]
        files = {each.tube.file[0] for each in told if each.tube.file is not None}
        barcodes = {each.tube.barcode for each in told if each.tube.barcode is not None}
        usable = [each for each in told if _may_be_used(each)]
        used = {each.outcome.calibration for each in usable} - {None}
        return cls(
            said,
            histories,
            siblings.by_files(connection, files),
            siblings.by_barcodes(connection, barcodes),
            outdated.newer_lots(connection, [each for each in used if each is not None]),
            rejections_of(connection, {run for each in usable if (run := _run_of(each))}),
        )


def _standing(connection: Connection, analysis: Analysis, known: _Known) -> Standing:
    history = known.histories[analysis.id]
    if _is_told(analysis, history):
        file, barcode = analysis.tube.file, analysis.tube.barcode
        now = found_now(
            analysis,
            () if file is None else known.by_file[file[0]],
            () if barcode is None else known.by_barcode[barcode],
        )
        since = (each.to_dict() for each in _since(connection, analysis, history, known))
        outcome = replace(analysis.outcome, findings=(*now, *since))
        analysis = replace(analysis, outcome=outcome)
    return Standing(analysis, known.said[analysis.id], history)


def _is_told(analysis: Analysis, history: History) -> bool:
    """Whether anybody signs this version, or is told it."""
    return analysis.version in {analysis.newest, history.left_last}


def _may_be_used(analysis: Analysis) -> bool:
    result = analysis.outcome.result
    return result is not None and result["hla_dr"] is not None


def _run_of(analysis: Analysis) -> str | None:
    """Return the calibration that a patient's number rests on."""
    used = analysis.outcome.calibration
    return None if used is None or analysis.tube.kind != "patient" else used[0]


def _since(
    connection: Connection, analysis: Analysis, history: History, known: _Known
) -> Iterator[ServiceFinding]:
    if history.is_doubted(analysis.version):
        yield ServiceFinding(
            "SUBJECT_DOUBTED",
            Severity.WARN,
            "The tube was described as another subject's since this left, and nobody has signed "
            "that. Sign it, or describe the tube as it was.",
        )
    if not _may_be_used(analysis) or analysis.version in history.withheld:
        return
    if analysis.version in history.after_rejection:
        yield ServiceFinding(
            "REJECTED_BEFORE",
            Severity.WARN,
            "Somebody signed an earlier version of this tube as rejected, and nothing was released "
            "since. Read why; say what is different now.",
            blocks=True,
        )
    used = analysis.outcome.calibration
    if used is not None and used in known.newer_lots:
        yield ServiceFinding(
            "LOT_CORRECTED_SINCE",
            Severity.WARN,
            f"The bead lot was corrected since (now version {known.newer_lots[used]}); this number "
            "rests on the values before. Recalculate, or say why it stands.",
            blocks=True,
        )
    run = _run_of(analysis)
    if run is not None and run in known.judged:
        yield from use_findings(known.judged[run])
    if analysis.tube.related_to is not None:
        first = analyses.current(connection, analysis.tube.related_to)
        other = _of_another_draw(analysis, first)
        if other is not None:
            yield ServiceFinding(
                "RELATED_TO_ANOTHER",
                Severity.WARN,
                f"It is said to be a {analysis.tube.relation} of analysis {first.id}, which is of "
                f"another {other}. Correct one of the two, or say why both are of one draw.",
                blocks=True,
            )


def _of_another_draw(one: Analysis, other: Analysis) -> str | None:
    if plain(one.tube.subject or "") != plain(other.tube.subject or ""):
        return "subject"
    if one.tube.kind != other.tube.kind:
        return "kind of blood"
    drawn = [_drawn_at(each.outcome.tube) for each in (one, other)]
    known = [each for each in drawn if each is not None]
    same_clock = len({each.tzinfo is None for each in known}) < 2
    return "draw" if len(known) == 2 and same_clock and known[0] != known[1] else None


def _drawn_at(tube: Mapping[str, Any]) -> dt.datetime | None:
    said = tube.get("drawn_at")
    return None if said is None else dt.datetime.fromisoformat(said)
