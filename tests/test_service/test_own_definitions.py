"""The laboratory's own assays and criteria: by the law of all definitions, whole or refused."""

import os
from importlib.resources import files

import pytest

from hladr.errors import HladrError
from service.definitions import Definitions, DefinitionUnknown

KINDS = {
    "assay": ("assays", "hladr.assay", "quantibrite-340827", "bead_age_hours = 12"),
    "criterion": ("criteria", "hladr.criterion", "immunosep-2025", "below = 5000"),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def text(kind):
    _, package, name, _ = KINDS[kind]
    return files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8")


@pytest.fixture
def own(kind, text):
    """The built-in rules under another name."""
    return text.replace(f'name = "{KINDS[kind][2]}"', 'name = "ours"', 1)


@pytest.fixture
def place(kind, tmp_path):
    folder = tmp_path / KINDS[kind][0]
    folder.mkdir()
    return folder / "ours.toml"


@pytest.fixture
def find(kind, tmp_path):
    return getattr(Definitions(tmp_path), kind)


def test_a_definition_is_kept_as_its_file_is(kind, find, place, own):
    place.write_text(own, encoding="utf-8")
    found, stored = find("ours")
    assert (stored.kind, stored.name, stored.content) == (kind, "ours", own)
    assert stored.sha256 == found.sha256


def test_a_file_too_large_is_refused_and_not_cut(find, place, own):
    """What is cut off may be the limits."""
    head, limits = own[: own.rindex("\n[") + 1], own[own.rindex("\n[") + 1 :]
    place.write_text(head + "#" * (65_536 - len(head.encode()) - 1) + "\n" + limits)
    with pytest.raises(HladrError, match="at most 65,536 bytes"):
        find("ours")


def test_a_built_in_name_is_not_taken_for_other_rules(kind, find, place, text):
    number = KINDS[kind][3]
    assert number in text
    place.write_text(text.replace(number, f"{number}1"), encoding="utf-8")
    with pytest.raises(HladrError, match="a name of its own"):
        find("ours")


def test_what_is_no_file_is_refused_and_not_waited_for(find, place):
    place.mkdir()
    os.mkfifo(place.with_name("pipe.toml"))
    place.with_name("nowhere.toml").symlink_to(place / "none")
    for name in ("ours", "pipe", "nowhere"):
        with pytest.raises(HladrError, match="a file that can be read, found no file"):
            find(name)


@pytest.mark.parametrize("name", ["none", "../ours", "", ".", "ours.toml", "a\0b", "x" * 5000])
def test_a_name_is_never_a_path(find, place, own, name):
    place.write_text(own, encoding="utf-8")
    with pytest.raises(DefinitionUnknown):
        find(name)
