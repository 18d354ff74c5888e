"""The token of a REDCap project, as its file holds it."""

import re
from typing import Final

TOKEN: Final = re.compile(r"[0-9A-Fa-f]{32}")
"""Of a project; one of 64 digits would make projects."""
