"""What changed between the version that somebody looked at and the newest one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.doors.report.printed import of_service
from service.laboratory import Laboratory
from service.pages.sample.beside import abc_of
from service.pages.sample.fields import LABELS
from service.pages.sample.opened import Opened, told_at
from service.pages.sample.words import CAUSES
from service.principal import Principal
from service.store.analysis import Cause


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is other than it was."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Moved:
    """That a sample moved on: by whom, and what is other now."""

    sentence: str
    differences: tuple[Difference, ...]


def moved_since(laboratory: Laboratory, who: Principal, opened: Opened, base: int) -> Moved | None:
    """Return what changed since a version; None where that cannot be said."""
    before = told_at(laboratory, who, opened.analysis.id, base)
    if before is None or base == opened.analysis.version:
        return None
    zone, now = laboratory.settings.zone, opened.told
    return Moved(_sentence(now, base, zone), tuple(_differences(opened, before, now)))


def _sentence(now: Mapping[str, Any], base: int, zone: dt.tzinfo) -> str:
    why = f" Reason: {now['reason']}" if now["reason"] else ""
    what = CAUSES[Cause(now["cause"])]
    at = of_service(now["made_at"], zone)
    return (
        f"You looked at version {base}. Since then {now['made_by']} made version "
        f"{now['version']} ({what}) on {at}; it is shown here.{why}"
    )


def _differences(
    opened: Opened, before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Difference]:
    rows = [
        ("AB/c", abc_of(opened, before), abc_of(opened, now)),
        ("Class", _class(before), _class(now)),
        ("Verdict", before["verdict"] or "none", now["verdict"] or "none"),
        ("Gates", _gates(before), _gates(now)),
        *(
            (
                label,
                str(before["tube"].get(name, "not said")),
                str(now["tube"].get(name, "not said")),
            )
            for name, label in LABELS.items()
        ),
    ]
    return (Difference(*row) for row in rows if row[1] != row[2])


def _class(told: Mapping[str, Any]) -> str:
    result = told["result"]
    return "none" if result is None else str(result["classification"]["class"])


def _gates(told: Mapping[str, Any]) -> str:
    sha256 = told["gates_sha256"]
    return "automatic" if sha256 is None else f"drawn by hand ({sha256[:12]})"
