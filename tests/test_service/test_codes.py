"""The page of the service names every code that it can answer with."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import service
from service.errors import ServiceError
from service.operating.serve import NAME  # noqa: F401 - a module that only a command imports
from service.settings import Settings
from service.store.recalculation import ItemCode, ItemState

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

if not DOCS.is_dir():
    pytest.skip("the pages are in the checkout only", allow_module_level=True)
OF_THE_SERVER = {
    ("INVALID_REQUEST", 422), ("INTERNAL_ERROR", 500), ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405), ("MEDIA_TYPE_NOT_SUPPORTED", 415),
}  # fmt: skip
"""What no class of an error stands for."""


def rows(text):
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def section(name):
    text = (DOCS / "service.md").read_text(encoding="utf-8").partition(f"### {name}\n")[2]
    return text.partition("\n#")[0]


def leaves(kind):
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in leaves(child)] if children else [kind]


def test_every_refusal_of_the_service_is_on_its_page_with_its_status_and_no_other():
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    made = {(each.code, each.status) for each in leaves(ServiceError) if own(each)}
    told = {(cells[0].strip("`"), int(cells[1])) for cells in rows(section("Refusals by code"))}
    made -= {("REFUSED", 422)}  # it takes the code of the library
    assert told == made | OF_THE_SERVER


def own(kind):
    return kind.__module__.startswith("service.")


def test_every_code_of_an_item_is_on_the_page_and_no_other():
    told = [cells[:2] for cells in rows(section("Items of a recalculation"))]
    assert {code.strip("`") for code, _ in told} == set(ItemCode)
    assert {state.strip("`") for _, state in told} <= set(ItemState)


def test_every_code_that_an_item_is_given_is_one_of_those():
    given = set()
    for path in (ROOT / "service").rglob("*.py"):
        given |= set(re.findall(r"ItemCode\.([A-Z_]+)", path.read_text(encoding="utf-8")))
    assert given == set(ItemCode)


PASSED_ON = {"CALIBRATION_SHIFTED"}
"""What the library says of a run, and the service of every number that rests on it."""


def findings():
    """Codes of every `ServiceFinding` that the source makes, by itself."""
    for path in (ROOT / "service").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            each.target.id: each.value for each in ast.walk(tree)
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }  # fmt: skip
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ServiceFinding":
                code = call.args[0]
                if not isinstance(code, ast.Attribute):  # that of another finding
                    yield ast.literal_eval(named[code.id] if isinstance(code, ast.Name) else code)


def test_every_finding_of_the_service_is_on_its_page_and_no_other():
    told = {cells[0].strip("`") for cells in rows(section("Findings"))}
    assert told == set(findings()) | PASSED_ON


def test_every_finding_of_the_service_is_told_at_the_bench_and_those_that_block_are_marked():
    text = (DOCS / "bench.md").read_text(encoding="utf-8")
    at_bench = text.partition("### What has to be looked at\n")[2].partition("\n#")[0]
    told = {cells[0].strip("`"): bool(cells[1]) for cells in rows(at_bench)}
    blocks = {cells[0].strip("`"): bool(cells[2]) for cells in rows(section("Findings"))}
    assert told == blocks
    assert all(len(cells) == 4 and cells[3] for cells in rows(at_bench))


def test_every_page_that_a_test_photographs_for_the_bench_stands_there():
    text = (DOCS / "bench.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\(pictures/bench/([a-z-]+)\.png\)", text))
    kept = {path.stem for path in (DOCS / "pictures" / "bench").iterdir()}
    assert shown == kept
    for name in ("whole_day", "pictures"):
        source = (ROOT / "tests" / "test_pages" / f"test_{name}.py").read_text(encoding="utf-8")
        assert set(re.findall(r'picture\(\w+, "([a-z-]+)"\)', source)) <= shown


def test_every_setting_is_on_the_page_of_operations_and_no_other():
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(HLADR_[A-Z0-9_]+)`", text.partition("## What is kept")[0]))
    assert told == {f"HLADR_{name.upper()}" for name in Settings.model_fields}
