"""The report of one sample: one self-contained HTML file that prints well.

What to use when: `render` for the page as text, `write` for a file in a folder. Both draw what the
result holds and measure nothing again.
"""

from hladr.report.rendering import render, write

__all__ = ["render", "write"]
