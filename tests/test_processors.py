"""Processors that may be used: no more than the system or a container's quota leaves."""

import os

import pytest

from hladr import processors as module
from hladr.processors import processors


@pytest.mark.parametrize(
    ("quota", "most"),
    [("200000 100000", 2), ("150000 100000", 1), ("50000 100000", 1), ("max 100000", 1 << 16)],
)
def test_a_quota_is_kept_to(quota, most, tmp_path, monkeypatch):
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    monkeypatch.setattr(module, "_QUOTA", file)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert processors() == min(most, 8)


def test_without_a_quota_it_is_what_the_system_gives(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_QUOTA", tmp_path / "none")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert processors() == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors() == 1
