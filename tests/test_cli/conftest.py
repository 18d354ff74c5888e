"""The program run in this process, and small simulated tubes to run it on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hladr.cli.main import run
from hladr.simulate import PairTruth, simulate_pair


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample files of the checkout."""
    return Path(__file__).resolve().parents[2] / "sample_fcs"


@pytest.fixture
def hladr(capsys) -> Callable[..., Ran]:
    """Run the program with these arguments."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def pair(tmp_path_factory) -> PairTruth:
    """Beads and blood of a septic patient, HLA-DR well above the cut-off."""
    folder = tmp_path_factory.mktemp("pair")
    return simulate_pair("sepsis", 5, folder, events=25_000)
