"""Analyses: a tube of blood, the versions of its result, and who stands for them."""
