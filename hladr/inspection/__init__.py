"""What is in an FCS file, and whether it can be quantified, without quantifying it."""

from hladr.inspection.discretion import without_values
from hladr.inspection.inspection import SCHEMA, Inspection, inspect_table
from hladr.inspection.usability import Usability

__all__ = ["SCHEMA", "Inspection", "Usability", "inspect_table", "without_values"]
