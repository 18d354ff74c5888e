"""The cytometers of a laboratory."""
