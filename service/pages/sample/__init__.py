"""The page of a sample: what was measured, and who stands for it."""
