"""One tube in every way a file may hold its numbers: how far AB/c differs between them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pairs  # puts tests/oracles on the path
from outcome import measure_pair
from tables import header, row

# isort: split
import oracle_encodings

FLOATS, INTEGERS = 1e-6, 0.01  # relative
WAYS = {
    "float dialects": (oracle_encodings.float_dialects, FLOATS),
    "18 and 20 bits": (oracle_encodings.integers, INTEGERS),
    "10 bits of a log amplifier": (oracle_encodings.logarithms, INTEGERS),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Largest relative difference of AB/c from the first way of writing; NaN without a number."""

    way: str
    tubes: int
    files: int
    worst: float
    limit: float


def measured(seeds: int) -> list[Spread]:
    """One row a way of writing."""
    return [_spread(way, seeds) for way in WAYS] if seeds else []


def broken(spreads: Sequence[Spread]) -> list[str]:
    """Sentences, one a broken limit."""
    return [
        f"{each.way}: AB/c differs by {each.worst:.2g}, limit {each.limit:g}"
        for each in spreads
        if not each.worst <= each.limit
    ]


def table(spreads: Sequence[Spread]) -> Iterator[str]:
    """The same tube in other numbers."""
    if not spreads:
        return
    yield "**One tube in every encoding**"
    yield ""
    yield from header("written as", "tubes", "files", "largest difference of AB/c", "limit")
    for each in spreads:
        yield row(each.way, each.tubes, each.files, _percent(each.worst), _percent(each.limit))
    yield ""


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share else "0"


def _spread(way: str, seeds: int) -> Spread:
    make, limit = WAYS[way]
    worst, files = 0.0, 0
    for seed in range(1, seeds + 1):
        abc = [_abc(name, seed, pair) for name, pair in make(seed).items()]
        files += len(abc)
        apart = [abs(each / abc[0] - 1.0) for each in abc]
        worst = math.nan if any(map(math.isnan, apart)) else max(worst, *apart)
    return Spread(way, seeds, files, worst, limit)


def _abc(name: str, seed: int, pair: oracle_encodings.EncodedPair) -> float:
    nobody = pairs.single_monocytes([])
    made = pairs.Pair(pair.beads, pair.blood, pair.lot, pair.truth_abc, nobody)
    return measure_pair(name, seed, made).abc
