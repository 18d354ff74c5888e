"""Definition files: the built-in ones say what was published, others are read strictly."""

import pickle
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.criterion import (
    Certainty,
    ClassName,
    CriterionError,
    CutOff,
    Inequality,
    InvalidCriterion,
    Need,
    Quantity,
    UnknownCriterion,
    available_criteria,
    load_criterion,
)
from hladr.criterion.parsing import parse_criterion

NAMES = ("grid-2023", "immunosep-2025", "meisel-2009", "provide-2022")
MALS_ABOVE = CutOff(Quantity.FERRITIN, Inequality.ABOVE, 4420.0)

OWN = """
schema = "hladr.criterion/1"
name = "our-ward"
version = "2"
title = "Our ward"
[source]
citation = "Ward handbook, 2026"
[[class]]
name = "MALS"
label = "MALS"
certainty = "unverified"
when = [{ quantity = "ferritin", above = 4420 }]
[[class]]
name = "immunoparalysis"
label = "immunoparalysis"
certainty = "unverified"
when = [{ quantity = "abc", below = 8000 }]
[[class]]
name = "unclassified"
label = "neither"
certainty = "unverified"
"""
MALS_WHEN = 'when = [{ quantity = "ferritin", above = 4420 }]'
YESTERDAY = 'when = [{ quantity = "abc_previous_day", above = 1 }]'
IMMUNOPARALYSIS_LAST = OWN[OWN.index('when = [{ quantity = "abc"') :]
MALS_SECOND = (
    OWN.replace('name = "MALS"', "first")
    .replace('name = "immunoparalysis"', 'name = "MALS"')
    .replace("first", 'name = "immunoparalysis"')
)
FIVE_CUTOFFS = "when = [" + '{ quantity = "ferritin", above = 4420 },' * 5 + "]"


def text_of(name):
    return files("hladr.criterion").joinpath(f"{name}.toml").read_text(encoding="utf-8")


def when(criterion, name):
    (rule,) = (rule for rule in criterion.rules if rule.name == name)
    return rule.cutoffs


def test_the_four_published_criteria_are_built_in():
    assert available_criteria() == NAMES


@pytest.mark.parametrize("name", ["immunosep-2025", "provide-2022"])
def test_entry_rules_of_immunosep_and_provide(name):
    criterion = load_criterion(name)
    assert [rule.name for rule in criterion.rules] == ["MALS", "immunoparalysis", "unclassified"]
    assert when(criterion, "MALS") == (MALS_ABOVE,)
    assert when(criterion, "immunoparalysis") == (
        CutOff(Quantity.FERRITIN, Inequality.AT_OR_BELOW, 4420.0),
        CutOff(Quantity.ABC, Inequality.BELOW, 5000.0),
    )
    assert criterion.needs == ()


def test_restoration_uses_other_numbers_than_entry():
    mals, low = load_criterion("immunosep-2025").restoration
    assert mals.entry_class is ClassName.MALS
    assert mals.cutoffs == (CutOff(Quantity.FERRITIN_FALL, Inequality.AT_OR_ABOVE, 0.15),)
    assert low.entry_class is ClassName.IMMUNOPARALYSIS
    assert low.cutoffs == (
        CutOff(Quantity.ABC, Inequality.ABOVE, 8000.0),
        CutOff(Quantity.FERRITIN, Inequality.BELOW, 4420.0),
    )


def test_restoration_at_its_boundaries():
    mals, low = load_criterion("immunosep-2025").restoration
    (fall,) = mals.cutoffs
    hla_dr, ferritin = low.cutoffs
    assert fall.holds((10_000 - 8500) / 10_000)  # a fall of 15 % counts
    assert not fall.holds((10_000 - 8501) / 10_000)
    assert not hla_dr.holds(8000.0)  # must exceed 8000
    assert hla_dr.holds(8000.5)
    assert not ferritin.holds(4420.0)
    assert ferritin.holds(4419.5)


@pytest.mark.parametrize("name", ["meisel-2009", "grid-2023"])
def test_more_than_15000_is_marked_unverified(name):
    (rule,) = load_criterion(name).restoration
    assert rule.cutoffs == (CutOff(Quantity.ABC, Inequality.ABOVE, 15_000.0),)
    assert rule.certainty is Certainty.UNVERIFIED


def test_meisel_and_grid_ask_for_more_than_one_number():
    meisel, grid = load_criterion("meisel-2009"), load_criterion("grid-2023")
    assert meisel.needs == (Need.ABC, Need.ABC_PREVIOUS_DAY)
    assert {cutoff.value for rule in meisel.rules for cutoff in rule.cutoffs} == {8000.0}
    assert (grid.needs, grid.study_days) == ((Need.STUDY_DAY,), (3,))
    assert when(grid, "immunoparalysis") == (CutOff(Quantity.ABC, Inequality.BELOW, 8000.0),)


@pytest.mark.parametrize(
    ("name", "attribute", "value"),
    [
        ("immunosep-2025", "doi", "10.1001/jama.2025.24175"),
        ("immunosep-2025", "pmid", "41359996"),
        ("provide-2022", "doi", "10.1016/j.xcrm.2022.100817"),
        ("provide-2022", "pmid", "36384100"),
        ("meisel-2009", "doi", "10.1164/rccm.200903-0363OC"),
        ("grid-2023", "pmid", "37267804"),
        ("grid-2023", "registry", "NCT02361528"),
    ],
)
def test_every_criterion_names_its_source(name, attribute, value):
    assert getattr(load_criterion(name).source, attribute) == value


@pytest.mark.parametrize("name", NAMES)
def test_the_record_of_a_criterion_is_its_file(name):
    criterion = load_criterion(name)
    written = tomllib.loads(text_of(name))
    record = criterion.to_dict()
    assert {key: record[key] for key in written} == written
    assert not any(record[key] for key in record.keys() - written.keys())
    assert criterion.name == name


def test_the_hash_follows_the_rules_and_not_the_layout():
    plain = parse_criterion(OWN.encode(), file="a.toml")
    relaid = OWN.replace("4420", "4420.0").replace("\n", "\r\n") + "# a remark\n"
    assert parse_criterion(relaid.encode(), file="b.toml").sha256 == plain.sha256
    assert len(plain.sha256) == 64
    for old, new in [("4420", "4421"), ("below", "at_or_below"), ('"2"', '"3"'), ("Our", "My")]:
        changed = parse_criterion(OWN.replace(old, new).encode(), file="c.toml")
        assert changed.sha256 != plain.sha256


def test_other_rules_may_not_take_a_published_name(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text_of("immunosep-2025").replace("5000", "8000"), encoding="utf-8")
    with pytest.raises(InvalidCriterion, match=r"mine\.toml, name: expected a name of its own"):
        load_criterion(path)
    path.write_text(text_of("immunosep-2025"), encoding="utf-8")
    assert load_criterion(path) == load_criterion("immunosep-2025")


@pytest.mark.parametrize(
    "name",
    [
        "immunosep",
        "IMMUNOSEP-2025",
        "",
        "no/such.toml",
        "x" * 5000,
        "x" * 5000 + ".toml",
        "a\0b.toml",
        ".",
        "/",
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(name):
    with pytest.raises(UnknownCriterion) as caught:
        load_criterion(name)
    assert caught.value.code == "UNKNOWN_CRITERION"
    assert caught.value.known == NAMES
    assert ", ".join(NAMES) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("hladr.criterion/1", "hladr.criterion/2", "schema"),
        ('schema = "hladr.criterion/1"', "", "schema"),
        ('name = "our-ward"', "", "name"),
        ('"our-ward"', '"Our Ward"', "name"),
        ('"our-ward"', '"../../etc"', "name"),
        ('version = "2"', "version = 2", "version"),
        ('version = "2"', 'version = ""', "version"),
        ('title = "Our ward"', 'title = "  "', "title"),
        ('title = "Our ward"', 'title = "x"\ncutoff = 3', "cutoff"),
        ("[source]\ncitation", "[origin]\ncitation", "origin"),
        ('[source]\ncitation = "Ward handbook, 2026"', 'source = "handbook"', "source"),
        ('citation = "Ward handbook, 2026"', "", "source.citation"),
        ('citation = "Ward handbook, 2026"', 'citation = "x"\ndoi = "nowhere"', "source.doi"),
        ('citation = "Ward handbook, 2026"', 'citation = "x"\npmid = "x1"', "source.pmid"),
        ('citation = "Ward handbook, 2026"', 'citation = "x"\nurl = "y"', "source.url"),
        ('name = "MALS"', 'name = "SIRS"', "class[0].name"),
        ('name = "MALS"', 'name = "undetermined"', "class[0].name"),
        ('name = "MALS"', "name = 5", "class[0].name"),
        ('label = "MALS"', "", "class[0].label"),
        ('certainty = "unverified"\nwhen', 'certainty = "sure"\nwhen', "class[0].certainty"),
        (MALS_WHEN, "when = 4420", "class[0].when"),
        (MALS_WHEN, "when = [4420]", "class[0].when[0]"),
        (MALS_WHEN, "", "class"),
        ('"ferritin", above', '"crp", above', "class[0].when[0].quantity"),
        ('"ferritin", above', '"ferritin_fall", above', "class[0].when[0].quantity"),
        ("above = 4420", "over = 4420", "class[0].when[0].over"),
        (", above = 4420", "", "class[0].when[0]"),
        ("above = 4420", "above = 4420, below = 9000", "class[0].when[0]"),
        ("above = 4420", 'above = "4420"', "class[0].when[0].above"),
        ("above = 4420", "above = true", "class[0].when[0].above"),
        ("above = 4420", "above = nan", "class[0].when[0].above"),
        ("above = 4420", "above = inf", "class[0].when[0].above"),
        ("above = 4420", "above = -1", "class[0].when[0].above"),
        ("above = 4420", "above = 0", "class[0].when[0].above"),
        (MALS_WHEN, FIVE_CUTOFFS, "class[0].when"),
        # precedence and completeness
        (MALS_WHEN, 'when = [{ quantity = "abc", above = 5000 }]', "class[0].when"),
        ('name = "immunoparalysis"', 'name = "MALS"', "class"),
        ('name = "unclassified"', 'name = "immunoparalysis"', "class"),
        (IMMUNOPARALYSIS_LAST, "", "class"),
        (OWN, MALS_SECOND, "class"),
        ('"neither"', '"neither"\nwhen = [{ quantity = "abc", above = 1 }]', "class"),
        # a class nobody can be in
        (
            "below = 8000 }]",
            'below = 8000 }, { quantity = "abc", above = 9000 }]',
            "class[1]",
        ),
        (
            "below = 8000 }]",
            'below = 8000 }, { quantity = "ferritin", above = 4420 }]',
            "class[1]",
        ),
        # needs and days
        ("[source]", 'needs = ["lactate"]\n[source]', "needs"),
        ("[source]", 'needs = "study_day"\n[source]', "needs"),
        ("[source]", 'needs = ["abc_previous_day"]\n[source]', "needs"),
        ('title = "Our ward"', f"title = [{'1, ' * 9000}]", "title"),
        ("[source]", 'needs = ["study_day"]\n[source]', "study_days"),
        ("[source]", "study_days = [3]\n[source]", "study_days"),
        ("[source]", 'needs = ["study_day"]\nstudy_days = [3.5]\n[source]', "study_days"),
        ("[source]", 'needs = ["study_day"]\nstudy_days = [3, 3]\n[source]', "study_days"),
        ("[source]", 'needs = ["study_day"]\nstudy_days = [-1]\n[source]', "study_days"),
        ("[source]", 'notes = "one"\n[source]', "notes"),
        ("[source]", "notes = [1]\n[source]", "notes"),
    ],
)
def test_a_slip_in_a_definition_is_refused_with_its_field(old, new, field):
    assert old in OWN
    with pytest.raises(InvalidCriterion) as caught:
        parse_criterion(OWN.replace(old, new, 1).encode(), file="ward.toml")
    error = caught.value
    assert (error.code, error.file, error.field) == ("INVALID_CRITERION", "ward.toml", field)
    assert f"criterion file ward.toml, {field}: expected " in str(error)
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ('entry_class = "unclassified"', "restoration[0].entry_class"),
        ('entry_class = "MALS"\nsource = "x"\ncertainty = "stated"', "restoration[0].when"),
        ('entry_class = "MALS"\ncertainty = "stated"', "restoration[0].source"),
        (
            'entry_class = "MALS"\nsource = "x"\ncertainty = "stated"\n' + YESTERDAY,
            "restoration[0].when[0].quantity",
        ),
    ],
)
def test_a_slip_in_a_restoration_rule_is_refused_with_its_field(rule, field):
    with pytest.raises(InvalidCriterion) as caught:
        parse_criterion(f"{OWN}\n[[restoration]]\n{rule}\n".encode(), file="ward.toml")
    assert caught.value.field == field


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"name = ",
        b"FCS3.1\0\0",
        b"class = []",
        b"a = " + b"[" * 60_000,
        b"a." * 9_000,
    ],
    ids=["empty", "utf16", "cut short", "fcs", "no class", "brackets", "dots"],
)
def test_what_is_no_definition_is_refused(content):
    with pytest.raises(InvalidCriterion):
        parse_criterion(content, file="ward.toml")


@given(
    start=st.integers(min_value=0, max_value=len(OWN)),
    length=st.integers(min_value=0, max_value=40),
    patch=st.binary(max_size=12),
)
def test_a_damaged_definition_is_refused_or_whole(start, length, patch):
    content = OWN.encode()
    damaged = content[:start] + patch + content[start + length :]
    try:
        criterion = parse_criterion(damaged, file="ward.toml")
    except InvalidCriterion:
        return
    assert criterion.rules[-1].name == "unclassified"
    assert not criterion.rules[-1].cutoffs


def test_errors_survive_the_way_out_of_a_worker():
    for attempt in (lambda: load_criterion("x"), lambda: parse_criterion(b"", file="w.toml")):
        with pytest.raises(CriterionError) as caught:
            attempt()
        again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own object
        assert (type(again), str(again), vars(again)) == (
            type(caught.value), str(caught.value), vars(caught.value),
        )  # fmt: skip


def test_loading_a_criterion_pulls_in_nothing_heavy():
    program = (
        "import sys, hladr; before = set(sys.modules); "
        "import hladr.criterion as c; c.load_criterion('immunosep-2025'); "
        "heavy = {'scipy.special', 'scipy.stats', 'pydantic', 'numba', 'flowkit', 'jinja2'}; "
        "print(sorted(heavy & (set(sys.modules) - before)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert shown.stdout.decode().strip() == "[]"
