"""Text from files cannot become markup, wherever on the page it is shown."""

import dataclasses

import pytest

from calibration.finding import Finding, Severity
from hladr.context import Context
from hladr.evidence import Axis
from hladr.measurement import DefinitionReference
from hladr.population import Population
from hladr.report import render

ATTACKS = {
    "image": "<img src=x onerror=alert(1)>",
    "script": '"><script>alert(1)</script>',
    "attribute": "' onmouseover='alert(1)",
    "end of style": "</style></title></svg><svg onload=alert(1)>",
    "comment": "<!-- ]]> --> <![CDATA[ &lt;b&gt; &#60;i>",
    "template": "{{ 7 * 7 }}{% include 'report.css' %}",
    "direction": "cod\u202egnp.exe\u2066",
    "control": "a\x00b\x1b[31mc\x7f\x85",
    "surrogate": "caf\udce9",
    "long": "W" * 5000,
}


def poisoned(result, attack):
    """The same result with every text that can come from a file or a form replaced."""
    names = {"steady events": f"1{attack}", "singlets": f"2{attack}", "leukocytes": f"3{attack}"}

    def named(name):
        return names.get(name, name)

    evidence = dataclasses.replace(
        result.evidence,
        channels=dict.fromkeys(result.evidence.channels, attack),
        views=tuple(
            dataclasses.replace(
                view,
                population=named(view.population),
                parent=named(view.parent),
                x=Axis(view.x.role, attack, view.x.scaling),
                y=Axis(view.y.role, attack, view.y.scaling),
            )
            for view in result.evidence.views
        ),
    )
    populations = tuple(
        Population(named(p.name), named(p.parent), p.mask, p.parent_count)
        for p in result.gating.populations
    )
    curve = dataclasses.replace(
        result.curve,
        lot=dataclasses.replace(result.curve.lot, maker=attack, product=attack, number=attack),
        provenance=dataclasses.replace(
            result.curve.provenance,
            file=attack, sha256=attack, cytometer=attack, serial=attack, detector=attack,
        ),
    )  # fmt: skip
    texts = dataclasses.fields(Context)
    said = {field.name: attack for field in texts if field.name not in {"drawn_at", "stained_at"}}
    return dataclasses.replace(
        result,
        sample=dataclasses.replace(
            result.sample, file=attack, cytometer=attack, serial=attack, acquired_at=attack
        ),
        context=Context(**said),
        assay=DefinitionReference(attack, attack, attack),
        curve=curve,
        gating=dataclasses.replace(result.gating, populations=populations),
        classification=dataclasses.replace(
            result.classification, label=attack, reasons=(attack, attack)
        ),
        findings=tuple(Finding(attack, each.severity, attack) for each in result.findings),
        evidence=evidence,
    )


@pytest.mark.parametrize("name", ["passed", "rejected"])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_hostile_text_changes_no_element_and_no_attribute(attack, name, request, parse):
    result = request.getfixturevalue(name)
    harmless = parse(render(poisoned(result, "harmless")))
    html = render(poisoned(result, attack))
    hostile = parse(html)
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    names = [set(attributes) - {"class"} for _, attributes in hostile.elements]
    assert names == [set(attributes) - {"class"} for _, attributes in harmless.elements]
    assert hostile.open == []
    html.encode("utf-8")


def test_markup_is_shown_as_the_text_it_is(passed, parse):
    text = parse(render(poisoned(passed, ATTACKS["image"]))).text()
    assert text.count(ATTACKS["image"]) > 20
    assert "{{ 7 * 7 }}" in parse(render(poisoned(passed, ATTACKS["template"]))).text()


@pytest.mark.parametrize("kind", ["direction", "control", "surrogate"])
def test_what_cannot_be_seen_is_replaced_by_a_mark(kind, passed, parse):
    text = parse(render(poisoned(passed, ATTACKS[kind]))).text()
    assert "\ufffd" in text
    assert not set(ATTACKS[kind]) & {"\u202e", "\u2066", "\x00", "\x1b", "\x7f"} & set(text)


def test_an_endless_name_does_not_make_an_endless_page(passed):
    assert len(render(poisoned(passed, "W" * 1_000_000))) < 600_000


def test_a_finding_of_each_severity_survives_hostile_text(passed, parse):
    findings = tuple(Finding("<b>", severity, "<b>") for severity in Severity)
    text = parse(render(dataclasses.replace(passed, findings=findings))).text(within="findings")
    assert text.count("<b>") == 2 * len(Severity)
