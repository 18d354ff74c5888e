"""The figure of a subject over time: a reader finds the amounts on its axis."""

import math
import re
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from hladr.report.series_figure import SeriesPoint, draw_series

_TICK = re.compile(r'<text x="61" y="([\d.]+)" class="tick end">([\d,]+)</text>')
_DOT = re.compile(r'<circle cx="[\d.]+" cy="([\d.]+)"')


def drawn(first, second, cutoff=5_000.0):
    points = tuple(
        SeriesPoint(day, abc, 0.9 * abc, 1.1 * abc) for day, abc in enumerate((first, second))
    )
    svg = str(draw_series(points, (cutoff,)))
    ticks = {int(text.replace(",", "")): float(y) - 3.5 for y, text in _TICK.findall(svg)}
    return ticks, [float(y) for y in _DOT.findall(svg)]


def test_within_a_decade_there_are_amounts_in_full():
    ticks, _ = drawn(4_751.0, 32_155.0)
    assert set(ticks) == {5_000, 10_000, 20_000, 50_000}
    ticks, _ = drawn(3_334.0, 3_334.0)
    assert set(ticks) == {3_000, 4_000, 5_000, 6_000, 7_000}  # 2,001 to 7,500


@given(st.floats(200.0, 200_000.0), st.floats(200.0, 200_000.0))
@example(3_334.0, 3_334.0)
def test_a_result_lies_where_the_labels_of_the_axis_put_it(first, second):
    ticks, dots = drawn(first, second)
    assert len(ticks) >= 2
    low, high = min(ticks), max(ticks)
    a_decade = (ticks[high] - ticks[low]) / math.log10(high / low)
    for value, y in (*ticks.items(), *zip((first, second), dots, strict=True)):
        there = ticks[low] + a_decade * math.log10(value / low)
        assert abs(there - y) < 1.0, (value, y)


@given(st.floats(200.0, 200_000.0), st.floats(200.0, 200_000.0))
def test_labels_of_the_axis_do_not_touch(first, second):
    places = sorted(drawn(first, second)[0].values())
    assert all(right - left >= 10.0 for left, right in pairwise(places))
