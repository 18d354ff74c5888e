"""The pages as a site: ``sphinx-build -W docs site``. Reading it fetches nothing either."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

project = "hladr"
copyright = "the hladr authors"  # noqa: A001 - Sphinx calls it so
version = release = installed("hladr")

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["myst.xref_missing"]  # links to files of the checkout, which are no pages
exclude_patterns = ["blocks.py", "conf.py"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False, "show-inheritance": True}
numpydoc_show_class_members = False

html_theme = "furo"
html_title = f"hladr {version}"
html_show_sphinx = False
