"""A day at the bench begins: beads, their line, and the blood that is measured by it."""
