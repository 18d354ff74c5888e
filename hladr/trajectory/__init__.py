"""One subject over time: change, ratio and slope with intervals, restoration, what to look at.

From results to a course::

    points = [point_of_result(result) for result in results]
    course = trajectory(points, load_criterion("immunosep-2025"))
    course.steps[-1].ratio          # the last day over the one before it, with its interval
    course.restoration[-1]          # by the rule of the class at entry
    course.findings                 # mixed preparations, jumps, points that are not used

What to use when: `point_of_result` for results at hand, `point_of_record` for stored ones with
their curve, `Point` for ferritin alone; `trajectory` for the course, `ratio` and `change` for two
results.
"""

from hladr.trajectory.building import point_of_result
from hladr.trajectory.comparison import Comparison, change, compare, ratio
from hladr.trajectory.contrast import contrast
from hladr.trajectory.course import Judged
from hladr.trajectory.entry import Entry
from hladr.trajectory.errors import (
    CurveOfOtherResult,
    InvalidResultRecord,
    MixedSubjects,
    TrajectoryError,
)
from hladr.trajectory.estimate import Estimate
from hladr.trajectory.groups import CourseLabel, Courses, Publication, published_courses
from hladr.trajectory.measured import MeasuredHlaDr, calibration_sha256
from hladr.trajectory.placed import Placed
from hladr.trajectory.point import Classified, MomentOf, Point, Use
from hladr.trajectory.stored import point_of_record
from hladr.trajectory.trajectory import Trajectory, trajectory
from hladr.trajectory.trend import Trend

__all__ = [
    "Classified",
    "Comparison",
    "CourseLabel",
    "Courses",
    "CurveOfOtherResult",
    "Entry",
    "Estimate",
    "InvalidResultRecord",
    "Judged",
    "MeasuredHlaDr",
    "MixedSubjects",
    "MomentOf",
    "Placed",
    "Point",
    "Publication",
    "Trajectory",
    "TrajectoryError",
    "Trend",
    "Use",
    "calibration_sha256",
    "change",
    "compare",
    "contrast",
    "point_of_record",
    "point_of_result",
    "published_courses",
    "ratio",
    "trajectory",
]
