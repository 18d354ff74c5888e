"""Series as Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contestants import CONTESTANTS, DUELS
from rounds import Series, Spread

Jobs = Mapping[tuple[str, int], Series]
MIB = 2**20


def job_tables(jobs: Jobs, names: Sequence[str], sizes: Sequence[int], bare: int) -> Iterator[str]:
    """Times, ratios, memory: contestants down, events across."""
    head = [f"{size:,}" for size in sizes]

    def over(base: str, above: bool) -> Iterator[list[str]]:  # noqa: FBT001 - which way round
        for name in names:
            pairs = [(jobs[name, size], jobs[base, size]) for size in sizes]
            found = [one.over(two) if above else two.over(one) for one, two in pairs]
            yield [CONTESTANTS[name].label, *map(ratio, found)]

    rows = ([CONTESTANTS[n].label, *(seconds(jobs[n, s].time.middle) for s in sizes)]
            for n in names)  # fmt: skip
    yield from _table("warm, milliseconds; events", head, rows)
    for base in ("flowkit", "parts"):
        if base in names:
            title = f"times as fast as {CONTESTANTS[base].label}"
            yield from _table(title, head, over(base, above=False))
    if "floor" in names:
        yield from _table("times as long as the floor", head, over("floor", above=True))
    rows = ([CONTESTANTS[n].label, *(f"{(jobs[n, s].peak - bare) / MIB:.0f}" for s in sizes)]
            for n in names)  # fmt: skip
    yield from _table(f"peak memory above the {bare / MIB:.0f} MiB of Python with numba, MiB",
                      head, _with_file(rows, sizes))  # fmt: skip


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
