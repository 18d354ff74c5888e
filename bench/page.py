"""Tables in a documentation page, between a pair of markers."""

from collections.abc import Sequence
from pathlib import Path


def put(page: Path, name: str, lines: Sequence[str]) -> None:
    """Put `lines` between ``<!-- name:begin -->`` and ``<!-- name:end -->``."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{page}: expected {begin} and, below it, {end}")
    text = "\n".join([before + begin, "", *lines, "", end + after])
    page.write_text(text, encoding="utf-8")
