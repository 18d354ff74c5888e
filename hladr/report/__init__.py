"""The report of one sample: one self-contained HTML file that prints well.

What to use when: `render` for the page as text, `write` for a file in a folder, `render_sections`
for its figures and tables in a page of somebody else's, `render_panels` for them one by one. All
draw what the result holds and measure nothing again.
"""

from hladr.report.rendering import Panels, render, render_panels, render_sections, write

__all__ = ["Panels", "render", "render_panels", "render_sections", "write"]
