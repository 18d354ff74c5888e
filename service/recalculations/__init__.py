"""Many stored analyses again: with another lot, assay or version of the software."""
