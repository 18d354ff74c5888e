"""Series as Markdown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from contestants import CONTESTANTS, DUELS
from rounds import Series, Spread

Jobs = Mapping[tuple[str, int], Series]
MIB = 2**20
NEAR = 1.5  # times as long as the copy


def job_tables(jobs: Jobs, names: Sequence[str], sizes: Sequence[int], bare: int) -> Iterator[str]:
    """Times, ratios, memory: contestants down, events across."""
    head = [f"{size:,}" for size in sizes]

    def rows(
        cell: Callable[[Series, int], str], which: Sequence[str] = names
    ) -> Iterator[list[str]]:
        for name in which:
            shown = (cell(jobs[name, size], size) for size in sizes)
            yield [CONTESTANTS[name].label, *shown]

    yield from _table(
        "warm, milliseconds; events", head, rows(lambda one, _: seconds(one.time.middle))
    )
    for base in (each for each in ("flowkit", "parts") if each in names):
        yield from _table(
            f"times as fast as {CONTESTANTS[base].label}",
            head,
            rows(lambda one, n, base=base: ratio(jobs[base, n].over(one)), _but(names, base)),
        )
    for base in (each for each in ("floor", "hladr") if each in names):
        which = [
            n for n in _but(names, base) if base == "floor" or n in {"hashing", "gate", "automatic"}
        ]
        yield from _table(
            f"times as long as {CONTESTANTS[base].label}",
            head,
            rows(lambda one, n, base=base: ratio(one.over(jobs[base, n])), which),
        )
    memory = rows(lambda one, _: f"{(one.peak - bare) / MIB:.0f}")
    title = f"peak memory above the {bare / MIB:.0f} MiB of Python with numba, MiB"
    yield from _table(title, head, _with_file(memory, sizes))


def _but(names: Sequence[str], base: str) -> list[str]:
    return [name for name in names if name != base]


def _with_file(rows: Iterable[list[str]], sizes: Sequence[int]) -> Iterator[list[str]]:
    yield from rows
    yield ["the sample file itself", *(f"{size * 48 / MIB:.0f}" for size in sizes)]


def process_table(processes: Mapping[str, Series], base: str) -> Iterator[str]:
    """Whole processes against the first."""
    rows = (
        [label, seconds(series.time.middle), ratio(processes[base].over(series))]
        for label, series in processes.items()
    )
    yield from _table("whole process, one tube", ["ms", f"times as fast as {base}"], rows)


def step_table(
    own: Mapping[str, Series], others: Mapping[str, Series], bus: Mapping[str, Series]
) -> Iterator[str]:
    """Steps of hladr against the fastest other, and against copying as many bytes."""
    rows = (
        [
            duel.step,
            seconds(own[duel.step].time.middle),
            duel.other,
            seconds(others[duel.other].time.middle),
            ratio(others[duel.other].over(own[duel.step])),
            ratio(own[duel.step].over(bus[duel.step])),
        ]
        for duel in DUELS
        if duel.step in own
    )
    head = ["ms", "the fastest other", "its ms", "times as fast", "times the copy"]
    yield from _table("step, 1,000,000 events", head, rows)


def near_the_bus(own: Mapping[str, Series], bus: Mapping[str, Series]) -> Iterator[str]:
    """Which steps cost little more than moving their bytes."""
    near = [name for name, series in own.items() if series.over(bus[name]).middle <= NEAR]
    yield f"- Within {NEAR:g} times of the copy: {', '.join(near) or 'none'}."


def bead_recipes(own: Mapping[str, Series], others: Mapping[str, Series]) -> Iterator[str]:
    """How far the curves of the other recipes lie from that of hladr."""
    for duel in DUELS:
        ours, theirs = own[duel.step].answers[0], others[duel.other].answers[0]
        if isinstance(ours, float):
            moved = 100.0 * (theirs / ours - 1.0)
            shown = f"by {moved:+.2f} %" if abs(moved) >= 1e-4 else "by less than 1e-6"
            yield f"- {duel.other}: molecules at 2,981 channels differ {shown}."
    yield ""


def seconds(value: float) -> str:
    """Milliseconds with three digits that count."""
    return f"{1000 * value:,.{max(0, 2 if value < 0.01 else 1 if value < 0.1 else 0)}f}"


def ratio(spread: Spread) -> str:
    """Median of the rounds, and their ends."""
    return " ".join([_digits(spread.middle), f"({_digits(spread.low)}–{_digits(spread.high)})"])


def _digits(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {title} | {' | '.join(head)} |"
    yield f"| --- |{' ---: |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
