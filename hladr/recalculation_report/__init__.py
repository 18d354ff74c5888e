"""The comparison of two result tables on paper: a report with plots, and a letter of one page.

What to use when: `render_comparison` for whoever has to look at it, `render_letter` for whoever
has to know and sign. Each is one self-contained HTML page that prints well and runs nothing.
"""

from hladr.recalculation_report.rendering import render_comparison, render_letter

__all__ = ["render_comparison", "render_letter"]
