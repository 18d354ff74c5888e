"""The pages say what the program does: blocks are run, codes, options, fields, limits compared."""

import ast
import dataclasses
import importlib
import importlib.util
import json
import pkgutil
import re
import sys
import typing
from pathlib import Path

import pytest

import calibration
import hladr
from calibration import CalibrationError

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LARGEST_PICTURE = 250_000

if not DOCS.is_dir():
    pytest.skip("the pages are in the checkout only", allow_module_level=True)


def _blocks():
    spec = importlib.util.spec_from_file_location("blocks", DOCS / "blocks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["blocks"] = module
    spec.loader.exec_module(module)
    return module


blocks = _blocks()


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text):
    """Rows of the Markdown tables in a text, as lists of cells."""
    for line in text.splitlines():
        if line.startswith("|") and not re.match(r"^\|[\s|:-]+\|$", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def words(cell):
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("path", blocks.PAGES, ids=lambda path: path.name)
def test_every_block_prints_what_the_page_says(path):
    wrong = [each for each in blocks.run_page(path) if not each.agrees]
    told = "".join(f"\n{path.name}:{each.line} prints\n{each.found}" for each in wrong)
    assert not wrong, f"{told}\npython docs/blocks.py --write prints the pages anew"


def test_the_runner_of_blocks_sees_a_page_that_does_not_tell_the_truth(tmp_path):
    text = "```console\n$ hladr classify --abc 1\nClass      MALS\n...\n```\n"
    text += "```python\nprint(1 / 3)\n```\n\n```text\n0.3333333334\n```\n"
    (tmp_path / "page.md").write_text(text)
    console, number = blocks.run_page(tmp_path / "page.md")
    assert not console.agrees
    assert number.agrees
    assert blocks.rewrite(tmp_path / "page.md") == 1
    assert all(each.agrees for each in blocks.run_page(tmp_path / "page.md"))


def findings_in_the_source():
    """Code and severities of every `Finding` that the source makes; severity None: not literal."""
    for package in ("calibration", "hladr"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding":
                    yield from _codes(call, tree)


def _codes(call, tree):
    code, severity = call.args[:2]
    named = [node.attr for node in ast.walk(severity) if isinstance(node, ast.Attribute)]
    severities = {name.lower() for name in named if name in {"NOTE", "WARN", "REJECT"}}
    if isinstance(code, ast.Constant):
        yield code.value, severities
    elif isinstance(code, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else ".+" for part in code.values]
        yield re.compile("".join(parts)), severities
    elif isinstance(code, ast.Name):  # codes that stand in a table of the same module
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and re.fullmatch(
                r"[A-Z]+(_[A-Z]+)+", str(node.value)
            ):
                yield node.value, severities


def documented_findings():
    """Severities by code."""
    text = page("technician.md").partition("## Codes")[2].partition("## Refusals")[0]
    return {code: set(cells[1].split(", ")) for cells in rows(text) for code in words(cells[0])}


def test_every_finding_the_code_can_make_is_in_the_table_and_no_other():
    documented = documented_findings()
    made = list(findings_in_the_source())
    assert len(made) > 70
    known = set()
    for code, _ in made:
        matching = {each for each in documented if re.fullmatch(code, each)}
        assert matching, f"docs/technician.md lacks the finding {code}"
        known |= matching
    assert set(documented) == known


def test_the_table_of_findings_gives_each_code_its_severities():
    documented = documented_findings()
    assert set().union(*documented.values()) == {"note", "warn", "reject"}
    for code, severities in findings_in_the_source():
        for each in documented:
            if re.fullmatch(code, each):
                assert severities <= documented[each], each


def leaves(kind):
    """Classes that are raised: those without children."""
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in leaves(child)] if children else [kind]


def test_every_refusal_is_in_the_tables_and_no_other():
    for package in (calibration, hladr):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    own = [
        kind
        for root in (CalibrationError, hladr.HladrError)
        for kind in leaves(root)
        if kind.__module__.split(".")[0] in {"calibration", "hladr"}
    ]
    assert len(own) > 40
    text = page("technician.md").partition("## Refusals")[2]
    documented = {code for cells in rows(text) for code in words(cells[0])}
    assert documented == {kind.code for kind in own}


def commands():
    from typer.main import get_command

    from service.program import app

    found = {}
    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", {})
        found |= {f"{name} {each}": inner[each] for each in inner} if inner else {name: command}
    return found


def test_every_command_and_option_is_in_the_core_laboratory_page():
    text = page("core-lab.md").partition("## One curve for a day")[0]
    told = {word for cells in rows(text) for cell in cells for word in words(cell)}
    options = {cells[0]: cells[1] for cells in rows(text)}
    for name, command in commands().items():
        assert any(word.split()[1 : 1 + name.count(" ") + 1] == name.split() for word in told), name
        for parameter in command.params:
            for option in parameter.opts:
                if not option.startswith("-") or option in {"--help", "-h"}:
                    continue
                row = next((row for row in options if f"`{option}`" in row), None)
                assert row is not None, f"{name} {option}"
                assert name in options[row], f"{name} {option}"


def test_every_option_in_the_page_exists():
    text = page("core-lab.md").partition("## One curve for a day")[0]
    known = {option for each in commands().values() for p in each.params for option in p.opts}
    for cells in rows(text):
        if cells[0].startswith("`-"):
            assert set(words(cells[0])) <= known | {"--help", "-h", "--version"}


def paths(value, prefix=""):
    """Field names of a JSON object, ``peaks[].events``; containers without fields are fields."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from paths(value[0], f"{prefix}[]")
    else:
        yield prefix


@pytest.fixture(scope="module")
def result():
    samples = ROOT / "sample_fcs"
    return hladr.quantify(
        samples / "healthy.fcs",
        beads=samples / "canto-beads.fcs",
        lot=samples / "simulated-lot.toml",
        ferritin_ng_ml=86,
    )


def test_every_field_of_a_result_is_in_the_table_and_no_other(result):
    text = page("core-lab.md").partition("## JSON")[2].partition("## CSV")[0]
    documented = {field for cells in rows(text) for field in words(cells[0])}
    record = json.loads(json.dumps(result.to_dict()))
    assert documented - {"hla_dr"} == set(paths(record))


def test_every_column_of_the_csv_is_named_in_its_order():
    from hladr.result_row import COLUMNS

    text = page("core-lab.md").partition("## CSV")[2].partition("A number")[0]
    named = [word for word in words(text) if not word.startswith("--")]
    assert tuple(named) == COLUMNS


def assay_words():
    """Default by table and word of an assay file, from the dataclasses that hold them."""
    from hladr.assay import definition
    from hladr.assay.definition import AssayDefinition, ChannelRule, IntervalTerms
    from hladr.assay.parsing import _LIMITS

    tables = {f"limits.{name}": kind for name, kind in _LIMITS.items()}
    tables |= {"interval": IntervalTerms, "channels.cd45": ChannelRule}
    for table, kind in tables.items():
        for field in dataclasses.fields(kind):
            yield table, field.name, field.default
    whole = {field.name: field.default for field in dataclasses.fields(AssayDefinition)}
    for table, names in (
        ("gating", ("strategy", "purity")),
        ("quantity", ("statistic", "fp_ratio")),
    ):
        for name in names:
            yield table, name, whole[name]
    assert typing.get_args(definition.Statistic) == ("geometric_mean", "median")


def documented_assay_words():
    text = page("core-lab.md").partition("## Assay files")[2].partition("## Criterion files")[0]
    tables = []
    for cells in rows(text):
        tables = words(cells[0]) or tables
        shown = re.findall(r"\[[^\]]*\]|[^,\s][^,]*", cells[3])
        for place, word in enumerate(words(cells[1])):
            for table in tables:
                yield (table, word), shown[min(place, len(shown) - 1)] if shown else ""


def test_every_word_of_an_assay_file_is_in_the_table_with_its_default():
    documented = dict(documented_assay_words())
    for table, word, default in assay_words():
        assert (table, word) in documented, f"{table}.{word}"
        shown = documented[table, word].strip("`")
        if isinstance(default, bool):
            assert shown == str(default).lower()
        elif isinstance(default, int | float):
            assert float(shown) == default, f"{table}.{word}"
        elif isinstance(default, tuple) and default:
            assert tuple(json.loads(shown)) == default, f"{table}.{word}"
        elif default is None:
            assert shown in {"none", "not known"}


def test_the_lot_assay_and_criterion_files_of_the_page_are_read(tmp_path):
    from hladr.assay import load_assay
    from hladr.criterion import load_criterion
    from hladr.lot_file import read_lot

    found = dict(
        re.findall(r"^```toml (\S+)\n(.*?)^```$", page("core-lab.md"), re.MULTILINE | re.DOTALL)
    )
    for name, text in found.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load_assay(tmp_path / "my-assay.toml").statistic == "median"
    assert load_criterion(tmp_path / "my-criterion.toml").name == "example-8000"
    assert len(read_lot(tmp_path / "rainbow-lot.toml").assigned) == 6


def test_every_built_in_assay_and_criterion_is_named():
    from hladr.assay import available_assays
    from hladr.criterion import available_criteria

    text = page("core-lab.md")
    for name in (*available_assays(), *available_criteria()):
        assert f"`{name}`" in text, name


def anchors(path):
    """Anchors that a page's headings have."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w-]", "", head.lower().replace(" ", "-")) for head in heads}


def test_every_link_between_the_pages_leads_somewhere():
    for path in (*blocks.PAGES, ROOT / "CHANGELOG.md", ROOT / "bench" / "README.md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if re.match(r"https?:", target):
                continue
            name, _, anchor = target.partition("#")
            place = (path.parent / name).resolve() if name else path
            assert place.exists(), f"{path.name}: {target}"
            if anchor:
                assert anchor in anchors(place), f"{path.name}: {target}"


def test_the_modules_that_the_developer_page_names_exist():
    prose = re.sub(r"^```.*?^```$", "", page("developer.md"), flags=re.MULTILINE | re.DOTALL)
    named = [word for word in words(prose) if re.fullmatch(r"[a-z_]+(\.\w+)+", word)]
    assert len(named) > 10
    for word in named:
        first = word.split(".")[0]
        if first == "result" or word.endswith((".py", ".md")):
            continue
        full = word if first in {"hladr", "calibration"} else f"hladr.{word}"
        assert pkgutil.resolve_name(full) is not None, word


def test_pictures_are_small():
    pictures = list((DOCS / "pictures").glob("*.png"))
    assert pictures
    assert all(each.stat().st_size < LARGEST_PICTURE for each in pictures)


def test_the_first_screen_of_the_readme_has_both_commands():
    screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert "    python -m pip install . && hladr demo" in screen
    assert '    python -m pip install -e ".[test]" && python -m pytest' in screen


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("performance.md", ("compare",)),
        ("quality.md", ("control",)),
        ("validation.md", ("accuracy", "speed")),
        ("gating.md", ("settings", "gate", "cytof", "a2004", "hostile")),
    ],
)
def test_a_page_has_a_place_for_every_table(name, tables):
    text = page(name)
    for table in tables:
        assert text.index(f"<!-- {table}:begin -->") < text.index(f"<!-- {table}:end -->")
