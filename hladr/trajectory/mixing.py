"""Findings on results that were not made alike."""

from collections.abc import Iterable, Iterator, Sequence

from calibration.finding import Finding, Severity
from hladr.trajectory.point import Point

LYSE_NO_WASH_PERCENT = 18
"""Lyse-no-wash reads higher than lyse-wash (Döcke 2005, doi:10.1373/clinchem.2005.052639)."""


def mixing_findings(points: Sequence[Point]) -> Iterator[Finding]:
    """Findings on points whose HLA-DR is compared."""
    yield from _preparation(points)
    yield from _instrument(points)
    yield from _statistic(points)
    yield from _algorithm(points)


def _preparation(points: Sequence[Point]) -> Iterator[Finding]:
    said = {each.method: each.preparation for each in points if each.method is not None}
    if len(said) > 1:
        yield Finding(
            "PREPARATIONS_MIXED",
            Severity.WARN,
            f"Compared results were prepared differently: {_listed(said.values())}. Lyse-no-wash "
            f"reads about {LYSE_NO_WASH_PERCENT} % higher than lyse-wash. Compare days of one "
            "preparation only, or prepare the next tube both ways.",
        )
    silent = [each.id for each in points if each.method is None]
    if silent:
        yield Finding(
            "PREPARATION_NOT_SAID",
            Severity.NOTE,
            f"How {_listed(silent)} was prepared is not said, so that it was prepared like the "
            "others cannot be shown. Record lyse-wash or lyse-no-wash with every tube.",
        )


def _instrument(points: Sequence[Point]) -> Iterator[Finding]:
    serials = {each.serial for each in points if each.serial}
    models = {each.cytometer for each in points if each.cytometer}
    if len(serials) > 1 or len(models) > 1:
        found = serials if len(serials) > 1 else models
        yield Finding(
            "INSTRUMENTS_MIXED",
            Severity.WARN,
            f"Compared results come from different instruments: {_listed(sorted(found))}. Two "
            "instruments of one laboratory differ by up to 4 % (CV, Döcke 2005) even when both "
            "are well set. Measure a subject on one instrument, or bridge the two with the same "
            "tubes.",
        )
    elif any(not each.serial for each in points):
        silent = [each.id for each in points if not each.serial]
        yield Finding(
            "INSTRUMENT_NOT_SAID",
            Severity.NOTE,
            f"The file of {_listed(silent)} holds no serial number, so that all come from one "
            "instrument cannot be shown. Be sure yourself.",
        )


def _statistic(points: Sequence[Point]) -> Iterator[Finding]:
    found = {each.hla_dr.statistic for each in points if each.hla_dr is not None}
    if len(found) > 1:
        yield Finding(
            "STATISTICS_MIXED",
            Severity.WARN,
            f"Compared results rest on different statistics: {_listed(sorted(found))}. Quantify "
            "the files of this subject again with one assay definition.",
        )


def _algorithm(points: Sequence[Point]) -> Iterator[Finding]:
    found = {each.algorithm for each in points if each.algorithm}
    if len(found) > 1:
        yield Finding(
            "ALGORITHMS_MIXED",
            Severity.WARN,
            f"Compared results were computed by different versions of the algorithm: "
            f"{_listed(sorted(found))}. Recalculate the older ones.",
        )


def _listed(names: Iterable[str | None]) -> str:
    return ", ".join(map(repr, names))
