"""The lists of facts of a report: the specimen, the method, where it comes from."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from hladr.number_format import MINUS
from hladr.report.gate_names import gate_words
from hladr.report.page import Fact
from hladr.report.rendering import whole
from service.analyses.tube import Tube
from service.canonical import canonical, sha256_of
from service.doors.leaving import Leaving
from service.doors.report.printed import NOT_SAID, of_tube
from service.doors.report.sources import Measured


def specimen_facts(tube: Tube, acquired: str | None, zone: dt.tzinfo) -> tuple[Fact, ...]:
    """Whose blood it is, when it was drawn, and what became of it.

    Parameters
    ----------
    acquired
        When it was measured, as the cytometer says.
    """
    words = (
        ("Subject", tube.subject),
        ("Barcode", tube.barcode),
        ("Kind", {"patient": "patient", "control": "control blood"}[tube.kind]),
        ("Site", tube.site),
        ("Visit", tube.visit),
        ("Requested by", tube.requester),
        ("Tube type", tube.tube_type),
        ("Preparation", tube.preparation),
        ("Antibody lot", tube.antibody_lot),
        ("Operator", tube.operator),
        ("Ferritin", None if tube.ferritin is None else f"{tube.ferritin} ng/mL, as told"),
    )
    times = (
        ("Drawn", tube.drawn_at),
        ("Received", tube.received_at),
        ("Stained", tube.stained_at),
        ("Acquired", acquired),
    )
    return (
        *(Fact(name, value or NOT_SAID) for name, value in words),
        *(Fact(name, of_tube(value, zone)) for name, value in times),
    )


def method_facts(result: Mapping[str, Any] | None, measured: Measured | None) -> tuple[Fact, ...]:
    """Instrument, beads and antibody that a number rests on; none where nothing was measured."""
    if measured is None or result is None:
        return ()
    return tuple(_method(result, measured))


def _method(result: Mapping[str, Any], measured: Measured) -> Iterator[Fact]:
    lot, curve, sample = measured.lot, measured.calibration.curve, result["sample"]
    yield Fact("Instrument", str(measured.instrument["name"]))
    yield Fact(
        "Cytometer", f"{sample['cytometer'] or NOT_SAID}, serial {sample['serial'] or NOT_SAID}"
    )
    said = (lot.get("maker"), lot.get("product"), lot.get("number"))
    yield Fact("Bead lot", " ".join(str(each) for each in said if each))
    yield Fact("PE molecules", ", ".join(_level(each) for each in lot["assigned"]))
    yield Fact("Lot expires", str(lot.get("expires") or NOT_SAID))
    line = f"slope {curve.slope:.4f}, intercept {curve.intercept:.4f}"
    yield Fact("Standard curve", line.replace("-", MINUS))
    yield Fact("r²", f"{curve.r_squared:.6f}")
    yield Fact("F:P ratio", f"{measured.assay.fp_ratio:g}")
    by_hand = result["gating"]["method"] == "gates"
    drawn = f"drawn by hand, “{gate_words(result['gating']['population'])}”"
    yield Fact("Monocyte gate", drawn if by_hand else "automatic")
    if by_hand:
        made = measured.gates
        why = f": {made.reason}" if made.reason else ""
        yield Fact("Gate by", whole(f"{made.by}, version {made.version}{why}"))
        automatic = result["gating"].get("automatic")
        if automatic is not None and automatic["moved"] is not None and result["hla_dr"]:
            moved = f"{100.0 * automatic['moved']:+.1f} %".replace("-", MINUS)
            yield Fact("Against the automatic gate", f"AB/c moved by {moved}")


def origin_facts(leaving: Leaving) -> tuple[Fact, ...]:
    """By which everything can be found again."""
    return tuple(_origin(leaving))


def _origin(leaving: Leaving) -> Iterator[Fact]:
    yield Fact("Analysis", leaving.id)
    if leaving.result is not None:
        result = leaving.result
        software, assay = result["software"], result["assay"]
        yield Fact("Software", f"hladr {software['version']}, algorithm {software['algorithm']}")
        yield Fact("Assay", f"{assay['name']}, version {assay['version']}")
        yield Fact("Sample SHA-256", result["sample"]["sha256"])
        beads = (result.get("calibration") or {}).get("beads") or {}
        yield Fact("Beads SHA-256", beads.get("sha256") or NOT_SAID)
        kept = leaving.standing.analysis.outcome.result
        if kept is not None:
            yield Fact("Result SHA-256", sha256_of(canonical(dict(kept))))
    yield Fact("Audit", f"row {leaving.anchor.seq}, {leaving.anchor.hash}")


def _level(assigned: float | str | None) -> str:
    return f"{assigned:,.10g}" if isinstance(assigned, int | float) else "blank"
