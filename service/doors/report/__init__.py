"""The report of what left: one page for the ward, then how it was measured; HTML and PDF."""
