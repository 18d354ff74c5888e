"""What people decided in spite of findings: answers to what blocked, comments on what warned."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, and_, select

from service.store.signatures import Meaning, finding_of
from service.store.tables import analyses, answers, signatures, users

_MOST = 500  # of each kind


class Way(StrEnum):
    """How somebody decided: with an answer to one finding, or a comment on all that warn."""

    ANSWER = "answer"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Decision:
    """That somebody answered or commented, not what they said.

    Parameters
    ----------
    finding
        That was answered; None of a comment, which is on all that warned.
    """

    way: Way
    analysis_id: str
    version: int
    name: str
    full_name: str
    at: str
    finding: str | None


def since(connection: Connection, moment: str, site: str | None) -> list[Decision]:
    """Return what was decided since a moment about analyses of a site, the last first.

    Parameters
    ----------
    site
        None: of all.
    """
    of_site = () if site is None else (analyses.c.site == site,)
    said, signed = answers.c, signatures.c
    answered = (
        select(
            said.analysis_id, said.analysis_version, said.by, users.c.full_name, said.at,
            said.finding,
        )
        .join_from(answers, analyses, analyses.c.id == said.analysis_id)
        .outerjoin(users, users.c.name == said.by)
        .where(said.at >= moment, *of_site)
        .order_by(said.at.desc())
        .limit(_MOST)
    )  # fmt: skip
    commented = (
        select(
            signed.analysis_id, signed.analysis_version, signed.user_name, signed.full_name,
            signed.at,
        )
        .join_from(signatures, analyses, analyses.c.id == signed.analysis_id)
        .where(
            and_(signed.comment.is_not(None), signed.meaning != Meaning.REJECTED),
            signed.at >= moment, *of_site,
        )
        .order_by(signed.at.desc())
        .limit(_MOST)
    )  # fmt: skip
    found = [
        Decision(Way.ANSWER, *row[:3], row.full_name or row.by, row.at, finding_of(row.finding))
        for row in connection.execute(answered)
    ]
    found += [Decision(Way.COMMENT, *row, None) for row in connection.execute(commented)]
    return sorted(found, key=lambda each: each.at, reverse=True)
