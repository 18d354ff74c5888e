"""What each FCS reader makes of each feature of the format: files made here, values checked.

    python scripts/reader_matrix.py --reader flowio=PYTHON --reader flowcal=PYTHON … [--write PAGE]

Each library runs in the environment whose interpreter is given; hladr in this one. Prints a
Markdown table. `yes`: every value and keyword is right. `raw`: the numbers as stored, scaling
left to the user. `wrong`: other numbers than the file's. `keywords wrong`: the numbers are right.
`refuses`: an exception. For files that contradict themselves the right answer is `refuses`;
`silent` is numbers all the same.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from page import put  # noqa: E402
from reader_features import Feature, features  # noqa: E402

READERS = {"hladr": "hladr", "flowio": "FlowIO", "fcsparser": "fcsparser", "flowcal": "FlowCal"}


def verdict(feature: Feature, answer: dict) -> str:
    """One word for what a reader made of a file."""
    if answer.get("error") == "TimeoutError":
        return "hangs"
    if "error" in answer:
        return "refuses"
    if feature.columns is None:
        return "silent"
    if _same(answer["columns"], feature.columns):
        return "yes" if _told(answer["keywords"], feature.keywords) else "keywords wrong"
    return "raw" if _same(answer["columns"], feature.stored) else "wrong"


def _told(found: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(found.get(name) == value for name, value in wanted.items())


def _same(found: list[list[float]], wanted: list[list[float]]) -> bool:
    if not any(wanted) and not any(found):
        return True
    if [len(column) for column in found] != [len(column) for column in wanted]:
        return False
    pairs = zip((x for c in found for x in c), (x for c in wanted for x in c), strict=True)
    return all(
        (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-6) for a, b in pairs
    )


def answers(reader: str, python: str, folder: Path) -> dict[str, dict]:
    """What a reader gave for each file, by the file's number."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT) if reader == "hladr" else ""}
    command = [python, str(ROOT / "scripts" / "reader_probe.py"), reader, str(folder)]
    ran = subprocess.run(  # noqa: S603 - an interpreter the caller names, a script of ours
        command, capture_output=True, text=True, check=True, env=environment
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {line["file"].partition("@")[0]: line for line in lines}


def version(reader: str, python: str) -> str:
    """Name and version for the head of the column."""
    if reader == "hladr":
        return "hladr"
    code = f"from importlib.metadata import version; print(version({reader!r}))"
    ran = subprocess.run(  # noqa: S603
        [python, "-c", code], capture_output=True, text=True, check=True
    )
    return f"{READERS[reader]} {ran.stdout.strip()}"


def main() -> int:
    """Make the files, ask every reader, print the table; 1 where hladr does not do its part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reader", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    wanted = parser.parse_args()
    pythons = {"hladr": sys.executable} | dict(each.split("=", 1) for each in wanted.reader)
    rows = features()
    with tempfile.TemporaryDirectory() as folder:
        for number, feature in enumerate(rows):
            mark = "" if feature.dataset is None else f"@{feature.dataset}"
            (Path(folder) / f"{number:03d}{mark}.fcs").write_bytes(feature.content)
        given = {
            reader: answers(reader, python, Path(folder)) for reader, python in pythons.items()
        }
    heads = [version(reader, python) for reader, python in pythons.items()]
    lines = [f"| {' | '.join(['feature', *heads])} |", "| --- |" + " --- |" * len(heads)]
    held = True
    for number, feature in enumerate(rows):
        words = [verdict(feature, given[reader][f"{number:03d}"]) for reader in pythons]
        held = held and words[0] == ("refuses" if feature.columns is None else "yes")
        lines.append(f"| {feature.name} | {' | '.join(words)} |")
    sys.stdout.write("\n".join([*lines, ""]))
    if wanted.write is not None:
        put(wanted.write, "matrix", lines)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
