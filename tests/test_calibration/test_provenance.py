"""Which pulse feature a detector's name tells."""

import pytest

from calibration import Provenance


@pytest.mark.parametrize(
    ("detector", "feature"),
    [
        ("PE-A", "area"),
        ("FL2-H", "height"),
        ("PE-W", "width"),
        ("PerCP-Cy5-5-A", "area"),
        ("yg586-a", "area"),
        ("FL2 INT LIN", "area"),
        ("FL2 PEAK LOG", "height"),
        ("FS TOF LIN", "width"),
        (" PE-H ", "height"),
        ("PE", None),
        ("HLA-DR-PE", None),
        ("A", None),
        ("FL2 INT-H", "height"),
        ("FL2 INT PEAK", None),
        ("", None),
        (None, None),
    ],
)
def test_pulse_feature_follows_from_the_name(detector, feature):
    assert Provenance(detector=detector).pulse_feature == feature


def test_nothing_recorded_is_nothing_known():
    assert Provenance().voltage is None
    assert Provenance().pulse_feature is None
