"""The figure of a subject over time."""

import re

import pytest

from hladr.report.course_figure import CourseLine, CourseMark, Mark, Panel, Treatment, draw_course

ABC_LINES = (CourseLine(5000.0, "5,000"), CourseLine(15_000.0, "15,000 unverified", is_sure=False))


def drawn(abc, ferritin=(), treatments=()):
    marks = [
        tuple(CourseMark(float(day), value, (value / 1.1, value * 1.1)) for day, value in each)
        for each in (abc, ferritin)
    ]
    return draw_course(
        Panel(marks[0], ABC_LINES), Panel(marks[1], (CourseLine(4420.0, "4,420"),)), treatments
    )


def labels(svg):
    """What stands beside the axes, the upper axis first; a power of ten by its exponent."""
    ticks = re.findall(r'class="tick end">(.*?)</text>', str(svg))
    return [re.sub(r"10<tspan[^>]*>(\d+)</tspan>", r"e\1", each) for each in ticks]


@pytest.mark.parametrize(
    ("abc", "ferritin", "expected"),
    [
        ([(0, 4751.0), (7, 32_155.0)], [(0, 1240.0), (7, 610.0)],
         ["e4", "5k", "20k", "50k", "e3", "500", "2k", "5k"]),
        ([(0, 4751.0)], [], ["e4", "5k", "20k", "5k"]),
        ([(0, 99_000.0), (1, 90.0)], [(0, 4.0)], ["e5", "e4", "e3", "e2", "e3", "e2", "10"]),
    ],
)  # fmt: skip
def test_an_axis_can_be_read_however_short_it_is(abc, ferritin, expected):
    assert labels(drawn(abc, ferritin)) == expected


def test_every_value_line_and_treatment_lies_inside_the_frame():
    svg = str(drawn([(0, 4751.0), (7, 62_336.0)], [(0, 1240.0)], (Treatment(3.0, "randomised"),)))
    heights = [float(each) for each in re.findall(r'cy="([\d.]+)"', svg)]
    assert len(heights) == 2
    assert all(22.0 < each < 262.0 for each in heights)
    assert svg.count("randomised") == 1
    assert "style=" not in svg


def test_a_value_beyond_the_beads_is_an_arrow_and_no_dot():
    one = CourseMark(0.0, 62_336.0, (62_336.0, 62_336.0), Mark.ABOVE)
    svg = str(draw_course(Panel((one,), ABC_LINES), Panel((), ()), ()))
    assert "<circle" not in svg
    assert svg.count('Z" class="dot"') == 1
