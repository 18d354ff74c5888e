"""Pages of patients: found by their id, seen over time, and whether a trial may take them."""
