"""A folder that files arrive in."""

import pytest
from watched_folder import Bench


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "exports"
    made.mkdir()
    return made


@pytest.fixture
def bench(folder, tmp_path):
    made = Bench(folder, tmp_path / "results.csv")
    yield made
    made.close()
