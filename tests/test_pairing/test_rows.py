"""Whatever a file is called, the manifest names it so that it is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.manifest import manifest_text, read_manifest
from hladr.pairing.rows import named_from

names = st.text(
    st.characters(codec="utf-8", exclude_characters="\0/", max_codepoint=0x2FFF), min_size=1
).filter(lambda name: name not in {".", ".."} and len(name.encode()) < 200)


def named(folder, path):
    """Where the manifest in a folder says that a file is."""
    rows = [{"sample": named_from(folder, str(path)), "curve": "c.json"}]
    (folder / "m.csv").write_text("".join(manifest_text(["sample", "curve"], rows)), newline="")
    return read_manifest(folder / "m.csv")[0].sample_path


@given(folder=names, name=names)
def test_any_name_comes_back(tmp_path_factory, folder, name):
    base = tmp_path_factory.mktemp("b")
    path = base / folder / f"{name}.fcs"
    path.parent.mkdir()
    path.touch()
    for place in (base, path.parent):
        assert path.samefile(named(place, path))


@pytest.mark.parametrize("name", ["'=a.fcs", "=a.fcs", " a.fcs", "'a.fcs", "-a.fcs", "\n.fcs"])
def test_names_that_a_spreadsheet_or_a_reader_would_change_come_back(tmp_path, name):
    (tmp_path / name).touch()
    assert (tmp_path / name).samefile(named(tmp_path, tmp_path / name))


def test_a_folder_that_is_a_link_is_left_upwards_from_where_it_leads(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "er")
    (tmp_path / "a.fcs").touch()
    assert (tmp_path / "a.fcs").samefile(named(tmp_path / "link", tmp_path / "a.fcs"))
    assert (tmp_path / "a.fcs").samefile(named(tmp_path, tmp_path / "link" / ".." / ".." / "a.fcs"))
