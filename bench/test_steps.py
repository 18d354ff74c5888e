"""Steps of the library on a million events, for pytest-benchmark.

python -m pytest -n 0 bench/test_steps.py
python -m pytest -n 0 bench/test_steps.py --benchmark-disable    # each once, not timed
"""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent / "peers"))

import our_steps
import step
import tubes


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A blood tube and a bead tube."""
    folder = tmp_path_factory.mktemp("tubes")
    blood = tubes.blood_tube(folder / "blood.fcs", step.EVENTS)
    return str(blood), str(tubes.bead_tube(folder / "beads.fcs", 50_000))


@pytest.mark.parametrize("name", our_steps.STEPS)
def test_step(benchmark, files, name):
    assert benchmark(our_steps.STEPS[name](*files)) is not None
