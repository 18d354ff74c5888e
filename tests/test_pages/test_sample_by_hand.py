"""Gates drawn by hand on the page of a sample, beside the automatic ones."""

import re

import pytest
from laboratory import release
from sample_reader import by_hand, tube, words

BEFORE = ("Time", "On scale", "Singlets")


def test_gates_drawn_by_hand_stand_beside_the_automatic_ones(house, anna):
    made = by_hand(house, tube(house, "ATH-0001"))
    moved = {"gate": "leukocytes", "intervals": [[3000.0, None]]}
    path = f"analyses/{made['id']}/gates/moved"
    made = house.post(path, version=made["version"], json=moved)
    page = anna.read(f"/samples/{made['id']}")
    for text in ("AB/c moved by", "the number rests on “Monocytes”", "by hand, “Monocytes”"):
        assert text in words(page)
    assert 'aria-label="Leukocytes, as drawn"' in page
    assert 'aria-label="Leukocytes, automatic"' in page
    for name in (*BEFORE, "Single cells", "Monocytes by CD14", "Monocytes"):
        assert page.count(f'aria-label="{name}"') == 1
        assert f'aria-label="{name}, as drawn"' not in page
    assert "Gates that are not drawn" not in words(page)
    assert len(page) < 200_000, len(page)


def plots_of(page):
    """Title, words and axes of every gate that a page or a report shows on its own."""
    found = re.findall(r"<figure>\s*<figcaption.*?</figure>", page, flags=re.DOTALL)
    gates = [each for each in found if "<image" in each]
    return {
        re.sub(r"^\d+\. ", "", words(re.search(r"<b>(.*?)</b>", each)[1])): (
            re.sub("; not moved$", "", words(re.search(r"<br>(.*?)</figcaption>", each)[1])),
            re.findall(r"<text[^>]*>(.*?)</text>", each, flags=re.DOTALL),
        )
        for each in gates
    }


@pytest.mark.parametrize("by", ["automatic", "by hand"])
def test_page_editor_and_report_say_the_same_of_every_gate(house, anna, by):
    """The same words, the same events of the same parent, the same axes to the last tick."""
    made = tube(house, "ATH-0001")
    made = made if by == "automatic" else by_hand(house, made)
    release(house, made)
    page = plots_of(anna.read(f"/samples/{made['id']}"))
    report = plots_of(anna.read(f"/api/v1/analyses/{made['id']}/report.html"))
    assert page == report
    editor = anna.read(f"/samples/{made['id']}/gates?change=yes")
    sections = re.findall(r'<section class="panel gate".*?</section>', editor, flags=re.DOTALL)
    assert len(sections) == 6
    for each in sections:
        title = words(re.search(r"<h2[^>]*>(.*?)</h2>", each)[1])
        said = words(re.search(r'<figcaption class="events">(.*?)</figcaption>', each)[1])
        ticks = re.findall(r"<text[^>]*>(.*?)</text>", each, flags=re.DOTALL)
        assert page[title][0] == said
        assert set(page[title][1]) <= set(ticks)  # a larger picture has room for more
        assert page[title][1][-2:] == ticks[-2:]
