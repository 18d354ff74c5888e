"""Why a sample has another class or verdict than before."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hladr.number_format import format_count, format_fixed
from hladr.recalculation.dependence import differs, not_recorded
from hladr.recalculation.matching import Matched
from hladr.result_table import ResultRow


class ReasonKind(StrEnum):
    """What differs between the two measurements of a sample."""

    REFUSED_NOW = "refused now"
    REFUSED_THEN = "refused then"
    SAMPLE = "sample file"
    CURVE = "curve"
    GATE = "gate"
    ALGORITHM = "algorithm"
    ASSAY = "assay"
    CRITERION = "criterion"
    FERRITIN = "ferritin"
    TUBE = "tube"
    FINDINGS = "findings"
    SOFTWARE = "software"
    NOT_RECORDED = "not recorded"
    NONE = "no reason"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the reasons, and what was before and is now."""

    kind: ReasonKind
    detail: str


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A sample whose class or verdict is another.

    `reasons` is never empty.
    """

    pair: Matched
    reasons: tuple[Reason, ...]

    @property
    def old(self) -> ResultRow:
        """Row before."""
        return self.pair.old

    @property
    def new(self) -> ResultRow:
        """Row now."""
        return self.pair.new


_TUBE = ("drawn_at", "stained_at", "tube_type", "preparation")
_DECIMALS = 4  # of slope and intercept
_DIGITS = 12  # of a hash


def change_of(pair: Matched) -> Change | None:
    """The change of class or verdict of a sample with its reasons; None where it has neither.

    Where the class is another, what its AB/c rests on counts only if AB/c is another; where the
    verdict is, everything does.
    """
    verdict = pair.old.verdict != pair.new.verdict
    if not verdict and pair.old.outcome is pair.new.outcome:
        return None
    return Change(pair, tuple(_reasons(pair, of_verdict=verdict)))


def _reasons(pair: Matched, *, of_verdict: bool) -> Iterator[Reason]:
    if pair.new.error:
        yield Reason(ReasonKind.REFUSED_NOW, pair.new.error)
        return
    if pair.old.error:
        yield Reason(ReasonKind.REFUSED_THEN, pair.old.error)
        return
    found = list(_of_class(pair))
    if of_verdict or differs(pair, "abc"):
        found = [*_of_number(pair), *found]
    if of_verdict:
        found += _of_verdict(pair)
    yield from found
    if not found:
        yield from _without_reason(pair)


def _of_number(pair: Matched) -> Iterator[Reason]:
    for kind, say in _NUMBER.items():
        parts = tuple(say(pair))
        if parts:
            yield Reason(kind, ", ".join(parts))


def _of_class(pair: Matched) -> Iterator[Reason]:
    old, new = (_rule(row) for row in (pair.old, pair.new))
    if old != new:
        yield Reason(ReasonKind.CRITERION, f"{old} → {new}")
    if differs(pair, "ferritin_ng_ml"):
        old, new = (row.text("ferritin_ng_ml") or "not given" for row in (pair.old, pair.new))
        yield Reason(ReasonKind.FERRITIN, f"{old} → {new} ng/mL")


def _of_verdict(pair: Matched) -> Iterator[Reason]:
    said = [
        f"{name} {pair.old.carried[name] or 'not given'} → {pair.new.carried[name] or 'not given'}"
        for name in _TUBE
        if name in pair.old.carried and name in pair.new.carried
        if pair.old.carried[name] != pair.new.carried[name]
    ]
    if said:
        yield Reason(ReasonKind.TUBE, ", ".join(said))
    old, new = (dict.fromkeys(row.text("findings").split()) for row in (pair.old, pair.new))
    codes = [f"+{code}" for code in new if code not in old]
    codes += [f"−{code}" for code in old if code not in new]
    if codes:
        yield Reason(ReasonKind.FINDINGS, " ".join(codes))
    if differs(pair, "software_version"):
        old_version, new_version = (row.text("software_version") for row in (pair.old, pair.new))
        yield Reason(ReasonKind.SOFTWARE, f"{old_version} → {new_version}")


def _without_reason(pair: Matched) -> Iterator[Reason]:
    missing = not_recorded(pair)
    if missing:
        yield Reason(ReasonKind.NOT_RECORDED, f"a table lacks {', '.join(missing)}")
    else:
        yield Reason(ReasonKind.NONE, "nothing that it depends on differs")


def _rule(row: ResultRow) -> str:
    return f"{row.text('criterion')} version {row.text('criterion_version')}"


def _sample(pair: Matched) -> Iterator[str]:
    if differs(pair, "sample_sha256"):
        yield _hashes(pair, "sample_sha256", "none")


def _curve(pair: Matched) -> Iterator[str]:
    for name in ("slope", "intercept"):
        old, new = (row.number(name) for row in (pair.old, pair.new))
        if old != new and old is not None and new is not None:
            texts = [format_fixed(each, _DECIMALS) for each in (old, new)]
            if texts[0] == texts[1]:
                texts = [repr(old), repr(new)]
            yield f"{name} {texts[0]} → {texts[1]}"
    if differs(pair, "lot_sha256"):
        old_lot, new_lot = (row.lot_name or "unnamed" for row in (pair.old, pair.new))
        yield f"values of lot {old_lot}" if old_lot == new_lot else f"lot {old_lot} → {new_lot}"
    if differs(pair, "beads_sha256"):
        yield f"bead file {_hashes(pair, 'beads_sha256', 'none')}"


def _gate(pair: Matched) -> Iterator[str]:
    if differs(pair, "gates_sha256"):
        yield f"gates {_hashes(pair, 'gates_sha256', 'automatic')}"
    if differs(pair, "monocytes"):
        old, new = (format_count(int(row.number("monocytes") or 0)) for row in (pair.old, pair.new))
        yield f"monocytes {old} → {new}"


def _algorithm(pair: Matched) -> Iterator[str]:
    if differs(pair, "algorithm"):
        yield f"{pair.old.text('algorithm')} → {pair.new.text('algorithm')}"


def _assay(pair: Matched) -> Iterator[str]:
    if differs(pair, "assay_sha256"):
        old, new = (
            f"{row.text('assay')} version {row.text('assay_version')}"
            for row in (pair.old, pair.new)
        )
        yield f"content of {old}" if old == new else f"{old} → {new}"


def _hashes(pair: Matched, column: str, none: str) -> str:
    old, new = (row.text(column)[:_DIGITS] or none for row in (pair.old, pair.new))
    return f"{old} → {new}"


_NUMBER: Mapping[ReasonKind, Callable[[Matched], Iterator[str]]] = MappingProxyType(
    {
        ReasonKind.SAMPLE: _sample,
        ReasonKind.CURVE: _curve,
        ReasonKind.GATE: _gate,
        ReasonKind.ALGORITHM: _algorithm,
        ReasonKind.ASSAY: _assay,
    }
)
