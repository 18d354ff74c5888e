"""Quality over time: is the instrument steady, and may a run be used for patients."""
