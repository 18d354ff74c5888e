"""Numbers below zero in findings have a minus sign, as everywhere else."""

import ast
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.assay.definition import CompensationLimits, GateLimits
from hladr.comparison import Comparison
from hladr.compensation.beads import bead_findings
from hladr.drawn_findings.difference import comparison_findings
from hladr.number_format import format_fixed, format_signed, format_signed_percent

ROOT = Path(__file__).parents[1]
MINUS = "\N{MINUS SIGN}"
VALUES = st.floats(-1e6, 1e6)


def read(text):
    """Number of a text that has no hyphen in it."""
    assert "-" not in text
    return float(text.replace(MINUS, "-").replace(",", ""))


@given(VALUES, st.integers(0, 3))
def test_a_change_is_read_back_with_its_sign_and_zero_has_none(value, decimals):
    text = format_signed(value, decimals)
    assert abs(read(text) - value) <= 0.5000001 * 10.0**-decimals
    assert text[0] in f"+{MINUS}" or read(text) == 0.0
    assert read(text) * value >= 0.0


@given(VALUES, st.integers(0, 3))
def test_a_number_below_zero_is_read_back(value, decimals):
    assert abs(read(format_fixed(value, decimals)) - value) <= 0.5000001 * 10.0**-decimals


def test_page_and_sentence_write_a_change_alike():
    for value in (-12.34, -0.04, 0.0, 0.04, 7.0, 1234.5):
        assert format_signed_percent(value).split("\N{NARROW NO-BREAK SPACE}")[0] == format_signed(
            value
        )


def difference(moved):
    run = types.SimpleNamespace(
        seen=types.SimpleNamespace(events=900), measured=types.SimpleNamespace(abc=4800.0)
    )
    comparison = Comparison(monocytes=1000, abc=4900.0, shared=890, f1=0.93, moved=moved)
    (finding,) = comparison_findings(comparison, run, GateLimits())
    return finding.message


@pytest.mark.parametrize(
    ("moved", "shown"),
    [(-0.034, f"{MINUS}3.4 %"), (0.034, "+3.4 %"), (-0.0004, "0.0 %"), (0.0, "0.0 %")],
)
def test_gates_that_take_from_the_number_say_so_with_a_minus_sign(moved, shown):
    assert f"AB/c moved by {shown}, and" in difference(moved)


def test_a_share_below_zero_has_a_minus_sign():
    (finding,) = bead_findings(-0.061, 0.02, "V500-A", CompensationLimits())
    assert f"show {MINUS}6.1 % of it in V500-A" in finding.message
    assert "takes 2.0 %" in finding.message


def test_no_sentence_of_a_finding_is_given_its_sign_by_python():
    signed = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "hladr").rglob("*.py")
        if "Finding(" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FormattedValue)
        and node.format_spec is not None
        and "+" in ast.unparse(node.format_spec)
    ]
    assert not signed
