"""The public face: sorted, complete, light, its example true."""

import doctest
import subprocess
import sys

import calibration


def test_public_names_are_sorted_and_there():
    assert calibration.__all__ == sorted(calibration.__all__)
    assert all(hasattr(calibration, name) for name in calibration.__all__)


def test_the_example_in_the_docstring_is_true():
    assert doctest.testmod(calibration).failed == 0


def test_nothing_but_numpy_is_loaded():
    heavy = ["scipy", "numba", "pandas", "flowkit", "flowio", "pydantic", "hladr", "service"]
    code = f"import sys, calibration; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
