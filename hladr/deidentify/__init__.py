"""FCS files without patient data: what is known to be harmless stays, everything else goes.

>>> from hladr.deidentify import PseudonymKey, deidentify                      # doctest: +SKIP
>>> key = PseudonymKey(Path("laboratory.key").read_bytes())                    # doctest: +SKIP
>>> done = deidentify("patient.fcs", Path("shared"), key=key, subject="P-17")  # doctest: +SKIP
>>> done.path.name, done.findings                                              # doctest: +SKIP

The events stay bit for bit. The output is read again and searched for every value that was taken
out; where one is found there is no output.
"""

from hladr.deidentify.deidentification import Deidentified, deidentify
from hladr.deidentify.errors import DeidentificationError
from hladr.deidentify.pseudonym import PseudonymKey, read_key

__all__ = ["DeidentificationError", "Deidentified", "PseudonymKey", "deidentify", "read_key"]
