"""Whether a file is of the subject and of the hour that it is said to be of."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from calibration.finding import Severity
from hladr.clock import on_one_clock
from hladr.fcs import EventTable
from service.analyses.tube import UNKNOWN, Kind, Tube
from service.finding import ServiceFinding
from service.store.studies import plain

NAMING = ("$SMNO", "$SRC", "PATIENT ID", "SAMPLE ID", "SPECIMEN ID", "CASE NUMBER", "BARCODE")
"""Keywords by which a cytometer's file names the specimen."""
UNNAMED = frozenset(
    {
        "", "specimen", "sample", "tube", "unknown", "new", "experiment", "blood", "wholeblood",
        "beads", "cells", "leukocytes", "monocytes", "pbmc", "control",
    }
)  # fmt: skip
"""What stands there without naming anybody: the default of a program (``Specimen_001``), or what
is in the tube."""
_PARTS = re.compile(r"[^\W\d_]+|\d+")  # runs of letters, runs of digits
_SHORTEST = 3  # signs of a part by which alone one text can be found in another


def names_in(table: EventTable) -> tuple[str, ...]:
    """What a file says about whose blood it is."""
    found = (table.keyword(name) for name in NAMING)
    named = (name for name in found if name and _bare(name) not in UNNAMED)
    return tuple(dict.fromkeys(named))


def identity_findings(tube: Tube, named: Sequence[str]) -> Iterator[ServiceFinding]:
    """Whether all that a file names is the subject or the barcode of its tube.

    `named` is as `names_in` gives it.
    """
    expected = [each for each in (tube.subject, tube.barcode) if each is not None]
    if tube.subject is None and tube.kind is Kind.PATIENT:
        yield ServiceFinding(
            "SUBJECT_UNKNOWN",
            Severity.WARN,
            "Nobody said whose blood this is. Enter the subject, or say why there is none.",
            blocks=True,
        )
    if not expected:
        return
    others = [name for name in named if not any(shares_name(said, name) for said in expected)]
    if not named:
        yield ServiceFinding(
            "IDENTITY_UNPROVEN",
            Severity.NOTE,
            "The file names no specimen; that it is of this subject rests on who sent it.",
        )
    elif others:
        yield ServiceFinding(
            "SUBJECT_MISMATCH",
            Severity.WARN,
            f"The file names {', '.join(map(repr, others))}; the tube is said to be of "
            f"{' and '.join(map(repr, expected))}. Look at the tube; send the right file, or say "
            "why both are the same.",
            blocks=True,
        )


def belonging_findings(
    said: str | None, others: Sequence[tuple[str, str | None]]
) -> Iterator[ServiceFinding]:
    """Whether the same file came for somebody else than the subject that is said, or came before.

    `others` are the analyses of the same bytes: id and subject.
    """
    for id_, subject in others:
        if plain(subject or "") != plain(said or ""):
            yield ServiceFinding(
                "FILE_OF_ANOTHER_SUBJECT",
                Severity.WARN,
                f"The same file was sent as analysis {id_} of another subject. One of the two is "
                "wrong; look at both tubes.",
                blocks=True,
            )
            return
    if others:
        yield ServiceFinding(
            "FILE_SEEN_BEFORE",
            Severity.NOTE,
            f"The same file was sent before, as analysis {others[0][0]}.",
        )


def order_findings(
    tube: Tube, acquired: dt.datetime | None, beads: dt.datetime | None
) -> Iterator[ServiceFinding]:
    """Whether beads came before blood, and what nobody said about the tube.

    `acquired` and `beads` are the times at which their measurement began.
    """
    if acquired is not None and beads is not None:
        blood, before = on_one_clock(acquired, beads)
        if before > blood:
            yield ServiceFinding(
                "BEADS_AFTER_BLOOD",
                Severity.WARN,
                f"The beads were measured at {before:%Y-%m-%d %H:%M}, after this blood "
                f"({blood:%Y-%m-%d %H:%M}). See that nothing was changed in between, or calibrate "
                "by beads from before.",
            )
    missing = [name for name in UNKNOWN if getattr(tube, name) is None]
    if missing:
        yield ServiceFinding(
            "CONTEXT_UNKNOWN",
            Severity.NOTE,
            f"Nobody said: {', '.join(name.replace('_', ' ') for name in missing)}.",
        )


def shares_name(said: str, name: str) -> bool:
    """Whether one text holds the other, part by part: P-10 is in ``P10_D7``, not in P-101."""
    if plain(said) == plain(name):
        return True
    shorter, longer = sorted((_PARTS.findall(text.casefold()) for text in (said, name)), key=len)
    if len("".join(shorter)) < _SHORTEST and len(shorter) < 2:
        return False
    places = range(len(longer) - len(shorter) + 1)
    return any(longer[place : place + len(shorter)] == shorter for place in places)


def _bare(name: str) -> str:
    """Return a name without the number behind it; a number is a name."""
    bare = plain(name)
    return bare if bare.isdigit() else bare.rstrip("0123456789")
