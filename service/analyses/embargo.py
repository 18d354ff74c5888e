"""Which results are hidden from whom: serial HLA-DR shows which arm a patient is in."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import Connection

from service.errors import ServiceError
from service.moment import read
from service.principal import Principal
from service.store import analyses, siblings, signatures, studies, users
from service.store.analysis import Analysis
from service.store.heads import NotFound
from service.store.signatures import Said
from service.store.studies import Blinded
from service.told_time import at_the_latest, instant

_OF_SOMEBODY_ELSE: Final = frozenset({"SUBJECT_MISMATCH", "RECEPTION_MISMATCH"})
_LONGEST_KEPT = dt.timedelta(hours=96)
"""Between draw and acquisition, beyond which a draw is not believed: blood in Cyto-Chex keeps for
72 hours."""


class EmbargoWouldEnd(ServiceError):
    """A site describes a hidden tube so that it would be hidden no more."""

    code: ClassVar[str] = "EMBARGO_WOULD_END"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected a tube whose result stays hidden, found one that a site would see by this "
            "change of subject, study or times. Ask the laboratory to change it."
        )


@dataclass(frozen=True, slots=True)
class Embargo:
    """That a result is hidden: by which study, and whether its subject is known to be randomised.

    As long as any study is blinded, blood of nobody knows whom is hidden until somebody says whose.
    """

    study_id: str
    randomised: bool


@dataclass(frozen=True, slots=True)
class Blood:
    """What an embargo asks about a tube.

    Parameters
    ----------
    said
        Subject and barcode, as far as they are known; none where it is not known whose it is.
    when
        When it was drawn.
    """

    said: frozenset[str]
    study_id: str | None
    when: dt.datetime


def embargo_of(connection: Connection, analysis: Analysis, zone: dt.tzinfo) -> Embargo | None:
    """Return the embargo that a result is under, whoever asks; None without one.

    Blood drawn after randomisation is hidden until the study is unblinded. Where the draw is not
    known the acquisition counts, as it does long after a draw that is said to have been before, and
    where that is not known the day it came. Of a draw that is told as a day alone the end of the
    day counts, or the acquisition on it. A version is hidden if it is by its own description, by
    the newest, or by the last that was signed. Every study that the subject or the barcode was
    randomised in counts, whichever the tube is said to be of. A file that names somebody else is of
    nobody until the laboratory has answered for it, as is a tube that was noted as of somebody else
    when it came. What is measured on the same file, or on the same draw, is hidden with it: it says
    the same number.

    Parameters
    ----------
    zone
        Of times that say none.
    """
    if not studies.blinded_ids(connection):
        return None
    for blood in dict.fromkeys(_bloods(connection, analysis, zone)):
        for blinded in _blinded(connection, blood):
            if blinded.since is None or blood.when >= read(blinded.since):
                return Embargo(blinded.study_id, blinded.since is not None)
    return None


def hidden_by(
    connection: Connection, analysis: Analysis, zone: dt.tzinfo, *, site: str | None
) -> Embargo | None:
    """Return the embargo that hides a result from a site; None hides nothing, as for no site."""
    return None if site is None else embargo_of(connection, analysis, zone)


def require_site(who: Principal, analysis: Analysis) -> None:
    """Refuse an analysis of another site, as if there were none.

    Raises
    ------
    NotFound
    """
    if who.site is not None and analysis.tube.site != who.site:
        raise NotFound(kind="analysis", id=analysis.id)


def _bloods(connection: Connection, analysis: Analysis, zone: dt.tzinfo) -> Iterable[Blood]:
    """Everything that a result may be of."""
    acquired, said = _acquired(analysis), signatures.said_of(connection, analysis.id)
    for version in _standing_versions(connection, analysis, said):
        yield _own(connection, version, said, zone)
    if analysis.tube.file is not None:
        for each in siblings.by_file(connection, analysis.tube.file[0]):
            if each.id != analysis.id:
                when = _when(each.tube, acquired, each.created_at, zone)
                yield Blood(_said(each.tube), each.study_id, when)
    first = analysis.tube.related_to or analysis.id
    for each in siblings.by_draw(connection, first):
        if each.id != analysis.id:
            when = _when(each.tube, None, each.created_at, zone)
            yield Blood(_said(each.tube), each.study_id, when)


def _standing_versions(
    connection: Connection, analysis: Analysis, said: Said
) -> Iterator[Analysis]:
    """Descriptions of a tube that count: the one asked for, the newest, and the last signed.

    Until somebody signs another description, the one that was signed stands.
    """
    signed = (each.version for each in said.signatures)
    yield analysis
    for version in {analysis.newest, max(signed, default=analysis.newest)} - {analysis.version}:
        yield analyses.at(connection, analysis.id, version)


def _own(connection: Connection, analysis: Analysis, said: Said, zone: dt.tzinfo) -> Blood:
    tube, disputed = analysis.outcome.tube, _is_disputed(connection, analysis, said)
    when = _when(tube, _acquired(analysis), analysis.created_at, zone)
    return Blood(frozenset() if disputed else _said(tube), analysis.tube.study_id, when)


def _acquired(analysis: Analysis) -> str | None:
    result = analysis.outcome.result
    return None if result is None else result["sample"]["acquired_at"]


def _is_disputed(connection: Connection, analysis: Analysis, said: Said) -> bool:
    """Whether file or reception name somebody else, and no one of the laboratory answered it."""
    answered = said.answered(analysis.version)
    for code in _OF_SOMEBODY_ELSE & {each["code"] for each in analysis.outcome.findings}:
        user = users.by_name(connection, answered[code].by) if code in answered else None
        if user is None or user.site is not None:
            return True
    return False


def _said(tube: Mapping[str, Any]) -> frozenset[str]:
    if not studies.plain(tube.get("subject") or ""):
        return frozenset()
    said = (studies.plain(tube.get(name) or "") for name in ("subject", "barcode"))
    return frozenset(each for each in said if each)


def _blinded(connection: Connection, blood: Blood) -> list[Blinded]:
    if blood.said:
        return [found for each in blood.said for found in studies.blinded(connection, each)]
    ids = studies.blinded_ids(connection)
    return [Blinded(blood.study_id if blood.study_id in ids else ids[0], None)]


def _when(
    tube: Mapping[str, Any], acquired: str | None, created_at: str, zone: dt.tzinfo
) -> dt.datetime:
    measured = instant(acquired, zone)
    drawn = at_the_latest(tube.get("drawn_at"), measured, zone)
    if drawn is not None:
        kept = measured is not None and measured - drawn > _LONGEST_KEPT
        return measured if kept and measured is not None else drawn
    return read(created_at) if measured is None else measured
