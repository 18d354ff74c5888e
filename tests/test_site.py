"""The pages as a site: built without a warning, each page reached, no request to another host."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import hladr

DOCS = Path(__file__).resolve().parents[1] / "docs"

if not DOCS.is_dir():
    pytest.skip("the pages are in the checkout only", allow_module_level=True)
pytest.importorskip("furo", reason="the extra `docs` builds the site")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", folder / "doctrees",
         DOCS, folder / "html"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_every_page_is_reached_from_the_first(site):
    first = (site / "index.html").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert f'href="{page.stem}.html"' in first or page.stem == "index", page.name


def test_links_between_pages_lead_somewhere(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r'href="([^"#]+\.html)(?:#[^"]*)?"', text):
            assert link.startswith("http") or (page.parent / link).is_file(), (page.name, link)


def test_nothing_is_fetched_from_another_host(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//[^"]*"', text), page.name


def test_the_library_is_described_from_its_docstrings(site):
    text = (site / "api" / "hladr.html").read_text(encoding="utf-8")
    for name in hladr.__all__:
        assert f'id="hladr.{name}"' in text, name
    assert "Monocyte HLA-DR of a blood sample in antibodies bound per cell" in text
