"""Compiled loops: arrays and numbers in, arrays or named tuples out. Nothing of ours is imported.

Low bound included, high bound excluded, NaN outside: in every kernel.
"""
