"""Granulocytes of the gate are granulocytes of one kind, and none are monocytes."""

import numpy as np
import pytest


@pytest.mark.parametrize("case", ["sepsis", "healthy", "sepsis_calibur", "cd64_bright"])
def test_granulocytes_are_granulocytes(tube, case):
    found = tube(case)
    granulocytes = found.gate.granulocytes
    neutrophils = found.blood.are("neutrophil", "immature granulocyte")
    assert neutrophils[granulocytes].mean() > 0.95
    assert granulocytes[found.blood.are("neutrophil") & found.gate.singlets].mean() > 0.5
    assert not np.any(granulocytes & found.gate.wider)
    assert not np.any(granulocytes & found.gate.monocytes)
    assert not np.any(granulocytes & ~found.gate.leukocytes)
