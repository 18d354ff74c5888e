"""Assay files: what is not understood is refused, and what is written is what holds."""

import dataclasses
import hashlib

import pytest

from hladr.assay import InvalidAssay, UnknownAssay, available_assays, load_assay
from hladr.assay.definition import AssayDefinition
from hladr.assay.parsing import parse_assay

LEAST = """
schema = "hladr.assay/1"
name = "own"
version = "7"
title = "Our own"
criterion = "immunosep-2025"
[channels.hla_dr]
markers = ["HLA-DR"]
[channels.cd14]
markers = ["CD14"]
[channels.fsc]
detectors = ["FSC"]
[channels.ssc]
detectors = ["SSC"]
"""
PARTS = {
    field.name if field.name == "interval" else f"limits.{field.name}": field.name
    for field in dataclasses.fields(AssayDefinition)
    if field.default_factory is not dataclasses.MISSING
}


def parsed(text):
    return parse_assay(text.encode(), source="own.toml")


def problem(text):
    with pytest.raises(InvalidAssay) as caught:
        parsed(text)
    assert caught.value.code == "INVALID_ASSAY"
    assert "own.toml" in str(caught.value)
    return caught.value


def settable():
    """Table and word of every number and range that a definition file may set."""
    whole = parsed(LEAST)
    return [
        (table, field.name)
        for table, attribute in PARTS.items()
        for field in dataclasses.fields(getattr(whole, attribute))
    ]


def other_value(default, name):
    """Another value that goes with all other defaults."""
    if isinstance(default, tuple):
        return tuple(bound * factor for bound, factor in zip(default, (1.001, 0.999), strict=True))
    if default is None:
        return (10.0, 20.0) if name in {"bright", "negative"} else 0.07
    return default + 1 if isinstance(default, int) else default * 0.999


@pytest.mark.parametrize(("table", "name"), settable())
def test_every_limit_can_be_set_and_nothing_else_moves(table, name):
    least, attribute = parsed(LEAST), PARTS[table]
    default = getattr(getattr(least, attribute), name)
    wanted = other_value(default, name)
    written = list(wanted) if isinstance(wanted, tuple) else wanted
    found = parsed(f"{LEAST}[{table}]\n{name} = {written!r}\n")
    assert getattr(getattr(found, attribute), name) == wanted
    back = dataclasses.replace(getattr(found, attribute), **{name: default})
    assert dataclasses.replace(found, **{attribute: back, "sha256": least.sha256}) == least


@pytest.mark.parametrize(("table", "name"), settable())
def test_a_limit_that_is_no_such_number_is_refused(table, name):
    for wrong in ('"many"', "true", "-1", "nan", "inf", "[1.0, 2.0, 3.0]", "[]"):
        refusal = problem(f"{LEAST}[{table}]\n{name} = {wrong}\n")
        assert f"{table}.{name}" in str(refusal)


@pytest.mark.parametrize(
    "text",
    [
        "purpose = 'x'\n" + LEAST,
        LEAST + "[gating]\npurities = 0.8\n",
        LEAST + "[quantity]\nfp_ratios = 1.0\n",
        LEAST + "[interval]\nrepeatabilty = 0.03\n",
        LEAST + "[limits.event]\nmonocytes_warn = 10\n",
        LEAST + "[limits.events]\nmonocyte_warn = 10\n",
        LEAST + "[limits.curve]\nresidual = 10\n",
        LEAST + '[channels.cd54]\nmarkers = ["CD45"]\n',
        LEAST.replace('markers = ["CD14"]', 'marker = ["CD14"]'),
    ],
)
def test_a_word_that_is_not_known_is_refused_with_those_that_are(text):
    """A limit that is misspelt and silently ignored would be a limit that does not hold."""
    assert "known are" in str(problem(text))


@pytest.mark.parametrize(
    "table", ["limits = 3", "gating = 3", "quantity = 'x'", "interval = [1]", "limits.events = 3"]
)
def test_a_value_where_a_table_belongs_is_refused(table):
    assert "table" in str(problem(f"{table}\n{LEAST}"))


@pytest.mark.parametrize(
    "change",
    [
        ('schema = "hladr.assay/1"', ""),
        ("hladr.assay/1", "hladr.assay/2"),
        ('name = "own"', "name = 3"),
        ('name = "own"', 'name = " "'),
        ('version = "7"', ""),
        ('criterion = "immunosep-2025"', "criterion = 5"),
        ('[channels.cd14]\nmarkers = ["CD14"]\n', ""),
        ('markers = ["CD14"]', ""),
        ('markers = ["CD14"]', 'markers = [""]'),
        ('markers = ["CD14"]', 'markers = "CD14"'),
        ('markers = ["CD14"]', "markers = [14]"),
        ('markers = ["CD14"]', 'markers = ["CD14"]\noptional = "no"'),
        ("[channels.fsc]", "[channels]\nfsc = 3\n[x]"),
        ('title = "Our own"', "title = {{"),
    ],
)
def test_a_definition_without_what_an_assay_needs_is_refused(change):
    assert problem(LEAST.replace(*change))


@pytest.mark.parametrize(
    "text",
    [
        '[gating]\nstrategy = "by eye"',
        "[gating]\npurity = 0.4",
        "[gating]\npurity = 1.0",
        "[gating]\npurity = true",
        '[quantity]\nstatistic = "mode"',
        "[quantity]\nstatistic = 3",
        "[quantity]\nfp_ratio = 0",
        "[quantity]\nfp_ratio = nan",
        '[quantity]\nfp_ratio = "1"',
        "[quantity]\nfp_ratio = true",
        "[limits.events]\nmonocytes_warn = 5000",
        "[limits.values]\nnonpositive_warn = 0.5",
        "[limits.curve]\nresidual_warn = 9.0\nresidual_reject = 5.0",
        "[limits.curve]\nslope_warn = [1.1, 0.9]",
        "[limits.internal_control]\nbright = [20.0, 10.0]",
        "[interval]\nrepeatability = 3.2",
    ],
)
def test_values_that_contradict_themselves_are_refused(text):
    assert problem(f"{LEAST}{text}\n")


def test_what_is_left_out_has_the_default():
    found = parsed(LEAST)
    expected = AssayDefinition(
        name="own",
        version="7",
        title="Our own",
        sha256=hashlib.sha256(LEAST.encode()).hexdigest(),
        criterion="immunosep-2025",
        channels=found.channels,
    )
    assert found == expected


def test_the_shipped_definition_spells_out_the_defaults():
    shipped = load_assay("quantibrite-340827")
    assert available_assays() == ("quantibrite-340827",)
    assert shipped.name == "quantibrite-340827"
    assert shipped.criterion == "immunosep-2025"
    least = parsed(LEAST)
    for field in dataclasses.fields(shipped):
        if field.name not in {"name", "version", "title", "sha256", "channels"}:
            assert getattr(shipped, field.name) == getattr(least, field.name), field.name


def test_one_byte_more_is_another_definition():
    assert parsed(LEAST + "\n").sha256 != parsed(LEAST).sha256


def test_a_definition_is_found_by_path_and_by_name(tmp_path):
    (tmp_path / "own.toml").write_text(LEAST, encoding="utf-8")
    for path in (tmp_path / "own.toml", str(tmp_path / "own.toml")):
        assert load_assay(path).name == "own"
    with pytest.raises(UnknownAssay) as caught:
        load_assay(tmp_path / "none.toml")
    assert caught.value.code == "UNKNOWN_ASSAY"
    assert "quantibrite-340827" in str(caught.value)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(InvalidAssay):
        parse_assay(b"\xff\xfe\x00", source="own.toml")


def test_a_loaded_definition_cannot_be_changed():
    found = parsed(LEAST)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.purity = 0.9
    with pytest.raises(TypeError):
        found.channels["cd45"] = found.channels["cd14"]
