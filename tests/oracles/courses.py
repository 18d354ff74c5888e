"""Courses of a patient: days, criteria and classes at entry that the tests speak of."""

import datetime as dt

from hladr.criterion import load_criterion
from hladr.criterion.definition import ClassName
from hladr.trajectory import Classified, trajectory

IMMUNOSEP, MEISEL = load_criterion("immunosep-2025"), load_criterion("meisel-2009")
LOW = Classified("immunosep-2025", "1", ClassName.IMMUNOPARALYSIS)
MALS = Classified("immunosep-2025", "1", ClassName.MALS)


def at(day, hour=8.0, zone=None):
    """When the blood of a day was drawn."""
    return dt.datetime(2026, 3, 1, tzinfo=zone) + dt.timedelta(days=day - 1, hours=hour)


def course(*points, criterion=IMMUNOSEP, **options):
    """Points as one series."""
    return trajectory(points, criterion, **options)


def codes(found):
    """Codes of findings."""
    return [each.code for each in found]
