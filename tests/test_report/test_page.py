"""The page as a reader and a browser find it."""

import dataclasses
import hashlib
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import jinja2.meta
import jinja2.nodes
import pytest

from hladr.criterion import AbcEvidence, ClassName, classify, load_criterion
from hladr.ferritin import parse_ferritin
from hladr.report import page, render
from hladr.report.gate_names import gate_words
from hladr.report.rendering import environment

MAKER = Path(__file__).with_name("conftest.py")
ROOT = MAKER.parents[2]
CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SENTENCES = ("Autofluorescence not subtracted.", "Research use only.", "Not for diagnosis.")


def template_trees(name="report.html"):
    source = environment().loader.get_source(environment(), name)[0]
    tree = environment().parse(source)
    yield tree
    for other in jinja2.meta.find_referenced_templates(tree):
        yield from template_trees(other)


def test_every_field_of_the_page_is_used_by_the_template():
    names = set().union(*(jinja2.meta.find_undeclared_variables(t) for t in template_trees()))
    assert names == {field.name for field in dataclasses.fields(page.ReportPage)}


def test_every_field_of_every_row_is_used_by_the_template():
    used = {node.attr for tree in template_trees() for node in tree.find_all(jinja2.nodes.Getattr)}
    rows = [kind for kind in vars(page).values() if dataclasses.is_dataclass(kind)]
    fields = {
        f.name for kind in rows if kind is not page.ReportPage for f in dataclasses.fields(kind)
    }
    assert fields <= used


def test_the_page_is_well_formed_and_nothing_is_left_open(passed, parse):
    assert parse(render(passed)).open == []


def test_nothing_is_fetched_and_nothing_runs(passed, parse):
    html = render(passed)
    read = parse(html)
    tags = {tag for tag, _ in read.elements}
    assert tags.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "base", "a"})
    for tag, attributes in read.elements:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        for name in {"src", "href", "srcset", "action"} & set(attributes):
            assert attributes[name].startswith("data:image/png;base64,")
    own = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", html)
    assert not re.search(r"//[a-z]|@import|url\(", own, re.IGNORECASE)


def test_a_content_security_policy_forbids_what_the_page_does_not_need(passed, parse):
    metas = [attributes for tag, attributes in parse(render(passed)).elements if tag == "meta"]
    assert {"http-equiv": "Content-Security-Policy", "content": CSP} in metas


@pytest.mark.parametrize("name", ["passed", "reviewed", "rejected"])
def test_the_fixed_sentences_run_on_every_printed_page(name, request, parse):
    html = render(request.getfixturevalue(name))
    footer = parse(html).text(within="running")
    assert all(sentence in footer for sentence in SENTENCES)
    assert re.search(r"@media print.*\.running \{ position: fixed;", html, re.DOTALL)


def test_the_same_files_give_the_same_bytes_in_another_process(passed):
    code = (
        f"import hashlib, runpy; make = runpy.run_path({str(MAKER)!r})['make_result']; "
        "from hladr.report import render; "
        "print(hashlib.sha256(render(make()).encode()).hexdigest())"
    )
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=elsewhere, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == hashlib.sha256(render(passed).encode()).hexdigest()


def test_the_file_stays_small(passed):
    assert len(render(passed).encode()) < 600_000


@pytest.mark.parametrize(
    ("name", "word"), [("passed", "Pass"), ("reviewed", "Review"), ("rejected", "Reject")]
)
def test_the_verdict_is_a_word_a_shape_and_a_colour(name, word, request, parse):
    read = parse(render(request.getfixturevalue(name)))
    badges = [classes for path, text in read.texts if text == word for _, classes in path]
    assert f"badge {word.lower()}" in badges
    header = read.elements[: [tag for tag, _ in read.elements].index("section")]
    assert sum(tag == "path" and attributes["class"] == "icon" for tag, attributes in header) == 1


def test_verdicts_and_severities_differ_in_shape_not_only_in_colour(rejected, parse):
    shapes = {a["d"] for tag, a in parse(render(rejected)).elements if a.get("class") == "icon"}
    assert len(shapes) == 3  # cross (twice), triangle, dot


def test_number_intervals_and_class_stand_on_the_page(passed, parse):
    text = parse(render(passed)).text(within="cards")
    measured = passed.measured
    for value in (measured.abc, *measured.ci95, *measured.ci95_analysis):
        assert f"{value:,.0f}" in text
    for words in ("sepsis-induced immunoparalysis", "Decisive", "0.999", "812 ng/mL"):
        assert words in text
    assert "immunosep-2025, version 1" in text
    assert f"Geometric mean of {measured.monocytes:,} monocytes." in text


def number_texts(measured):
    values = (measured.abc, measured.abc_median, *measured.ci95, *measured.ci95_analysis)
    return {f"{value:,.0f}" for value in values} | {f"{value:.0f}" for value in values}


def test_a_rejected_number_stands_in_its_box_and_nowhere_else(rejected, parse):
    read = parse(render(rejected))
    inside, outside = read.text(within="unreleasable"), read.text(without="unreleasable")
    assert "Not releasable" in inside
    assert rejected.findings[1].message in inside
    assert f"{rejected.measured.abc:,.0f} AB/c" in inside
    assert not [number for number in number_texts(rejected.measured) if number in outside]


def test_a_rejected_histogram_has_no_ab_c_axis_and_no_cut_off(passed, rejected, parse):
    def drawn(result):
        read = parse(render(result))
        classes = {attributes.get("class") for _, attributes in read.elements}
        return "Antibodies bound per cell (AB/c)" in read.text(), classes

    assert drawn(passed)[0]
    assert {"cutoff", "mean", "median", "sample"} <= drawn(passed)[1]
    assert not drawn(rejected)[0]
    assert not {"cutoff", "mean", "median", "sample"} & drawn(rejected)[1]


def test_a_released_page_has_no_box_of_rejection(passed, reviewed, parse):
    for result in (passed, reviewed):
        assert parse(render(result)).text(within="unreleasable") == ""


def test_a_number_that_does_not_exist_is_not_printed_as_one(rejected, parse):
    nowhere = (math.nan, math.nan)
    absent = dataclasses.replace(
        rejected.measured, abc=math.nan, mfi=math.nan, ci95=nowhere, ci95_analysis=nowhere
    )
    text = parse(render(dataclasses.replace(rejected, measured=absent))).text()
    assert "Measured: not determined, 95 % interval not determined, analysis only not" in text
    assert "not determined to" not in text
    assert "nan" not in text.lower().replace("canto", "")


def test_findings_come_with_the_gravest_first_and_none_is_left_out(rejected, parse):
    text = parse(render(rejected)).text(within="findings")
    places = [text.index(rejected.findings[k].message) for k in (1, 2, 0)]  # reject, warn, note
    assert places == sorted(places)
    assert [word for word in ("Stop", "Check", "Note") if word in text] == ["Stop", "Check", "Note"]


@pytest.mark.parametrize(("abc", "printed"), [(4999.6, "4,999.6"), (5000.4, "5,000")])
def test_rounding_never_crosses_the_cut_off(abc, printed, passed, parse):
    criterion = load_criterion("immunosep-2025")
    measured = dataclasses.replace(passed.measured, abc=abc)
    classification = classify(
        criterion, abc=AbcEvidence(abc, 0.04, 10.0), ferritin=parse_ferritin("812")
    )
    result = dataclasses.replace(passed, measured=measured, classification=classification)
    text = parse(render(result)).text()
    assert f"{printed} AB/c" in text
    assert f"geometric mean {printed} AB/c" in text


@pytest.mark.parametrize(
    ("where", "remark"),
    [("above", "(> 62,336 AB/c)"), ("below", "(< 474 AB/c)"), ("within", "")],
)
def test_a_value_beyond_the_beads_says_so_beside_the_number(where, remark, passed, parse):
    measured = dataclasses.replace(passed.measured, range=where)
    text = parse(render(dataclasses.replace(passed, measured=measured))).text(within="number")
    assert (remark in text) if remark else ("extrapolated" not in text)


def test_without_ferritin_the_class_is_undetermined_and_says_what_is_missing(passed, parse):
    criterion = load_criterion("immunosep-2025")
    open_class = classify(criterion, abc=AbcEvidence(3394.2, 0.04, 10.0), ferritin=None)
    assert open_class.class_name is ClassName.UNDETERMINED
    text = parse(render(dataclasses.replace(passed, classification=open_class))).text(
        within="class"
    )
    assert "undetermined" in text
    assert "No class can be stated." in text
    assert "not given" in text


def test_inputs_and_definitions_are_named_by_their_hashes(passed, parse):
    text = parse(render(passed)).text(within="origin")
    hashes = (
        passed.sample.sha256,
        passed.curve.provenance.sha256,
        passed.curve.lot.sha256,
        passed.assay.sha256,
        passed.classification.criterion.sha256,
    )
    assert all(digest in text for digest in hashes)
    for words in ("V96300123", "480 V", "2026-03-14 09:31:07", "2026-03-14 08:02:11", "PE-A"):
        assert words in text


def test_the_budget_lists_every_term_and_what_is_not_in_it(passed, parse):
    text = parse(render(passed)).text()
    for name, percent in (("counting", "0.62"), ("gate", "0.81"), ("repeatability", "3.2")):
        assert re.search(rf"{name}[^%]*{re.escape(percent)}\s%", text)
    assert "Not included: F:P ratio, bead values." in text


def test_every_population_shows_its_count_and_its_share_of_the_parent(passed, parse):
    text = parse(render(passed)).text(within="populations")
    for population in passed.gating.populations:
        share = f"{population.percent_of_parent:.1f} %"
        names = f"{gate_words(population.name)} {gate_words(population.parent)}"
        assert f"{names} {population.count:,} {share}" in text


def test_a_saved_curve_has_no_bead_events_to_show_and_says_so(passed, parse):
    with_beads = parse(render(passed))
    read = parse(render(dataclasses.replace(passed, bead_evidence=None)))
    assert "A saved curve was used" in read.text(without="pair")
    assert "Beads per bin" not in read.text()
    figures = [sum(tag == "figure" for tag, _ in each.elements) for each in (with_beads, read)]
    assert figures[0] - figures[1] == 1  # no empty frame


def test_internal_control_not_found_is_told_from_zero(passed, parse):
    control = dataclasses.replace(passed.internal_control, bright_abc=None, bright_events=0)
    text = parse(render(dataclasses.replace(passed, internal_control=control))).text()
    assert "HLA-DR-bright lymphocytes not found 0" in text


def test_a_blank_bead_is_called_blank_and_has_no_residual(passed, parse):
    peak = dataclasses.replace(
        passed.curve.peaks[0], assigned=None, geometric_mean=None, cv_percent=None, low=-40.0,
        median=3.2, residual_percent=None,
    )  # fmt: skip
    curve = dataclasses.replace(passed.curve, peaks=(peak, *passed.curve.peaks[1:]))
    read = parse(render(dataclasses.replace(passed, curve=curve)))
    assert f"blank – 3.200 – {peak.events:,} –" in read.text()
    assert any(data == "blank" and path[-1][0] == "text" for path, data in read.texts)
