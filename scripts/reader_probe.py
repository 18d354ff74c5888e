"""Read FCS files with one library and print what it gave, for `reader_matrix.py`.

    PYTHON scripts/reader_probe.py hladr|flowio|fcsparser|flowcal FOLDER

Runs in the environment of that library and imports nothing else. One line of JSON a file: its
columns in the library's own best scale values, its keywords, or the error.
"""

import json
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

SECONDS = 60


def hladr(path: Path, dataset: int | None) -> tuple[Any, dict[str, str]]:
    """Scale values of the data set."""
    from hladr.fcs import read_fcs

    table = read_fcs(path, dataset=dataset)
    return table.events, {**table.analysis, **table.keywords}


def flowio(path: Path, dataset: int | None) -> tuple[Any, dict[str, str]]:
    """Preprocessed values; where the default refuses, with its three leniencies."""
    import flowio as library

    lenient = {"ignore_offset_error": True, "ignore_offset_discrepancy": True}
    if dataset is not None:
        table = library.read_multiple_data_sets(path, **lenient)[dataset]
        return table.as_array(preprocess=True), table.text
    try:
        table = library.FlowData(path)
    except library.exceptions.FCSParsingError:
        table = library.FlowData(path, **lenient)
    return table.as_array(preprocess=True), {**table.analysis, **table.text}


def fcsparser(path: Path, dataset: int | None) -> tuple[Any, dict[str, str]]:
    """Values as `parse` gives them; it has no scaling."""
    import fcsparser as library

    meta, frame = library.parse(str(path), reformat_meta=False, data_set=dataset or 0)
    return frame.to_numpy(), {k: v for k, v in meta.items() if isinstance(v, str)}


def flowcal(path: Path, dataset: int | None) -> tuple[Any, dict[str, str]]:
    """Values in relative fluorescence units, its scaled form."""
    from FlowCal.io import FCSData
    from FlowCal.transform import to_rfi

    if dataset is not None:
        raise NotImplementedError("reads the first data set only")
    table = FCSData(str(path))
    return to_rfi(table), {**(table.analysis or {}), **table.text}


def probe(name: str, path: Path) -> dict[str, Any]:
    """Columns and keywords, or the error."""
    import numpy as np

    dataset = int(path.stem.partition("@")[2]) if "@" in path.stem else None
    signal.alarm(SECONDS)
    try:
        values, keywords = globals()[name](path, dataset)
        columns = np.asarray(values, dtype=float).T.tolist()
    except BaseException as error:  # noqa: BLE001 - whatever a library raises is an answer
        return {"error": type(error).__name__}
    finally:
        signal.alarm(0)
    plain = {str(k).lower().lstrip("$"): str(v).strip() for k, v in keywords.items()}
    return {"columns": columns, "keywords": plain}


def stop(_number: int, _frame: object) -> None:
    """Break off a reading that takes too long."""
    raise TimeoutError


def main() -> None:
    """Probe every file of the folder."""
    name, folder = sys.argv[1:3]
    signal.signal(signal.SIGALRM, stop)
    warnings.simplefilter("ignore")
    out, sys.stdout = sys.stdout, sys.stderr  # what libraries print is not ours
    for path in sorted(Path(folder).iterdir()):
        out.write(json.dumps({"file": path.stem} | probe(name, path)) + "\n")


if __name__ == "__main__":
    main()
