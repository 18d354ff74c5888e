"""docs/reader.md names every code and limit of the reader, and no other; its scripts run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hladr.fcs import chain, channel, errors, extent, header, source, tokens

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reader.md"

if not PAGE.is_file():
    pytest.skip("the pages are in the checkout only", allow_module_level=True)


def section(title):
    return PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def codes(text):
    return set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", text))


def leaves(kind):
    below = kind.__subclasses__()
    return {leaf for one in below for leaf in leaves(one)} if below else {kind}


def test_the_page_names_every_refusal_of_the_reader_and_no_other():
    table = "\n".join(
        line for line in section("What is refused").splitlines() if line.startswith("|")
    )
    assert codes(table) == {leaf.code for leaf in leaves(errors.FcsError)}


def test_the_page_names_every_finding_of_the_reader_and_no_other():
    made = set()
    for path in (ROOT / "hladr" / "fcs").glob("*.py"):
        found = re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', path.read_text(encoding="utf-8"))
        made |= {code for code in found if not code.endswith("_LIMIT")} - {"O_NONBLOCK"}
    made |= {"SUPPLEMENT_LEFT_ASIDE", "ANALYSIS_LEFT_ASIDE"}
    told = codes(section("What is tolerated"))
    assert {code for code in told if not code.endswith("_LEFT_ASIDE")} <= made
    assert made <= told


def test_the_limits_of_the_page_are_those_of_the_program():
    rows = dict(
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section("Sizes and limits").splitlines()
        if line.startswith("|")
    )
    mib = 1024 * 1024
    assert rows["channels, `$PAR`"] == f"{tokens.CHANNEL_LIMIT:,}"
    assert rows["TEXT of one data set"] == f"{header.TEXT_BYTES_LIMIT // mib} MiB"
    assert rows["TEXT of all data sets"] == f"{chain.FILE_TEXT_LIMIT // mib} MiB"
    assert rows["keywords of one data set"] == f"{tokens.KEYWORD_LIMIT:,}"
    assert rows["keywords of all data sets"] == f"{chain.FILE_KEYWORD_LIMIT:,}"
    assert (
        rows["bytes of a delimited ASCII number, on average"] == f"{extent.DELIMITED_BYTES_LIMIT}"
    )
    stream = rows["bytes of a stream that is no plain file"]
    assert stream == f"{source.STREAM_BYTES_LIMIT // 1024**3} GiB"
    assert rows["data sets"] == f"{chain.DATASET_LIMIT:,}"
    assert rows["decades of `$PnE`"] == f"{channel.MOST_DECADES:g}"


def run(*command):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False, env=environment
    )


def test_hladr_does_its_part_in_every_row_of_the_matrix():
    ran = run(ROOT / "scripts" / "reader_matrix.py")
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert ran.stdout.count("| yes |") > 40


def test_the_bench_of_the_reader_prints_its_rows():
    ran = run(ROOT / "bench" / "read.py", "--runs", "1", "--events", "2000")
    assert ran.returncode in {0, 1}, ran.stderr
    assert ran.stdout.count(" ms |") >= 7
