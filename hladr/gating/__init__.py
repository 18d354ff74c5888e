"""The automatic monocyte gate: what an expert looks at, in the order an expert looks.

`steadiness` (time) → `singlets` → `leukocytes` (CD45) → `landscape` (hills of CD14 against side
scatter) → `mixture` (who lives on which hill) → `monocytes`. HLA-DR is never looked at.
"""

from hladr.gating.automatic import AutomaticGate, gate_monocytes
from hladr.gating.columns import CellColumns

__all__ = ["AutomaticGate", "CellColumns", "gate_monocytes"]
