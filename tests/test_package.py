"""The packages as others meet them: names, what an import costs, errors that travel."""

import copy
import importlib
import inspect
import json
import multiprocessing
import pickle
import pkgutil
import re
import subprocess
import sys
import tomllib
import typing
from collections import defaultdict
from concurrent import futures
from pathlib import Path

import pytest

import calibration
import hladr
from calibration.errors import CalibrationError
from hladr.assay.definition import ChannelRule
from hladr.assay.loading import load_assay
from hladr.errors import HladrError
from hladr.manifest import Defect

ROOT = Path(hladr.__file__).resolve().parents[1]
HEAVY = ("flowkit", "pandas", "matplotlib", "scipy.stats", "scipy.signal", "sklearn", "pyarrow")
SHARED_CODES = {
    "CHANNEL_NOT_FOUND": {"ChannelNotFound", "RoleNotFound"},
    "AMBIGUOUS_CHANNEL": {"AmbiguousChannel", "RoleAmbiguous"},
    "TOO_FEW_EVENTS": {"TooFewCells", "TooFewBeads"},
}
"""One fault, told by the place it was found in: channels by name or by role, cells or beads."""


def everything_imported():
    for package in (hladr, calibration):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def descendants(kind):
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def leaves():
    everything_imported()
    found = {
        kind
        for root in (HladrError, CalibrationError)
        for kind in descendants(root)
        if kind.__module__.partition(".")[0] != "service"  # see tests/test_service/test_codes.py
    }
    return sorted(
        (kind for kind in found if not found & set(descendants(kind))),
        key=lambda kind: kind.__qualname__,
    )


# Names and imports -------------------------------------------------------------------------------


@pytest.mark.parametrize("package", [hladr, calibration])
def test_public_names_are_sorted_and_there(package):
    names = list(package.__all__)
    assert names == sorted(set(names))
    for name in names:
        assert getattr(package, name).__doc__


def test_a_name_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(AttributeError, match="nonsense"):
        hladr.nonsense  # noqa: B018


def loaded_by(code):
    """Modules in a fresh process after this code."""
    report = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_import_hladr_is_light():
    loaded = loaded_by("import hladr")
    assert not loaded & {*HEAVY, "numba", "scipy", "flowio", "jinja2", "typer", "pydantic"}


def test_import_calibration_needs_numpy_only():
    loaded = loaded_by("import calibration")
    assert not loaded & {*HEAVY, "numba", "scipy", "hladr"}


MAIN_PATH = """
import io
from hladr.simulate import make_pair
import hladr
pair = make_pair("sepsis", 1, events=8000)
beads, blood = (io.BytesIO(tube.recording.to_bytes()) for tube in (pair.beads, pair.blood))
hladr.quantify(blood, beads=beads, lot="474,5359,23843,62336", ferritin_ng_ml=500).to_dict()
"""


def test_the_whole_job_loads_nothing_heavy():
    loaded = loaded_by(MAIN_PATH)
    assert "numba" in loaded
    assert not loaded & {*HEAVY, "flowio", "jinja2"}


def test_the_version_is_that_of_the_distribution():
    from hladr.version import ALGORITHM, software_version

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert software_version() in {project["version"], "0+unknown"}
    assert ALGORITHM.isdigit()


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", leaves(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_of_its_own_and_a_reason_to_exist(kind):
    assert "code" in vars(kind), "a leaf states its own code"
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", kind.code)
    assert kind.__doc__
    facts = [each for name, each in inspect.signature(kind.__init__).parameters.items()
             if name != "self"]  # fmt: skip
    assert all(each.kind is each.KEYWORD_ONLY for each in facts)


def test_codes_are_shared_only_on_purpose():
    holders = defaultdict(set)
    for kind in leaves():
        holders[kind.code].add(kind.__name__)
    assert {code: names for code, names in holders.items() if len(names) > 1} == SHARED_CODES


def fact(hint):
    """Something of this type, as a raiser would give it."""
    if typing.get_origin(hint) in (tuple, list) or "Sequence" in str(hint):
        inner = [each for each in typing.get_args(hint) if each is not Ellipsis]
        return tuple(fact(each) for each in (inner * 2)[:2])
    options = typing.get_args(hint) or (hint,)
    known = {str: "PE-A", bool: False, int: 7, float: 0.5, bytes: b"PK", object: "found"}
    if ChannelRule in options:
        return ChannelRule(markers=("HLA-DR",))
    if Defect in options:
        return Defect(4, "lot", "none", "the lot of the beads")
    return next(known[option] for option in options if option in known)


def raised(kind):
    hints = typing.get_type_hints(kind.__init__)
    names = [name for name in inspect.signature(kind.__init__).parameters if name != "self"]
    return kind(**{name: "hla_dr" if name == "role" else fact(hints[name]) for name in names})


@pytest.mark.parametrize("kind", leaves(), ids=lambda kind: kind.__name__)
def test_every_error_survives_pickling_and_copying_with_its_facts(kind):
    error = raised(kind)
    assert len(str(error)) > 20
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert type(again) is kind
        assert str(again) == str(error)
        assert vars(again) == vars(error)
        assert again.code == error.code


def test_errors_come_home_from_a_worker_process(tmp_path):
    """Provoked in the worker, whose process ends."""
    (tmp_path / "no.fcs").write_bytes(b"nothing of the kind")
    jobs = (
        (hladr.read_fcs, (tmp_path / "no.fcs",), "NOT_FCS"),
        (load_assay, ("nonsense",), "UNKNOWN_ASSAY"),
        (calibration.BeadLot.parse, ("3,2,1",), "INVALID_LOT"),
        (hladr.Context, (None, "yesterday"), "INVALID_CONTEXT"),
    )
    context = multiprocessing.get_context("spawn")
    with futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        for work, arguments, code in jobs:
            with pytest.raises((HladrError, CalibrationError)) as caught:
                pool.submit(work, *arguments).result()
            assert caught.value.code == code
            with pytest.raises(type(caught.value)) as here:
                work(*arguments)
            assert str(here.value) == str(caught.value)
            assert vars(here.value).keys() - {"__notes__"} == vars(caught.value).keys()
