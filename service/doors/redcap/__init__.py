"""REDCap: a record of an analysis, the dictionary that describes it, and how it is imported."""
