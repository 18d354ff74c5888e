"""Keywords that the standard names, as they stand in TEXT."""

import re

# Keywords that numbers rest on: one of them in the place of a value was lost.
_WEIGHTY = (
    rb"\$(?:P[0-9]{1,4}(?:[BEGNR]|DATATYPE)|PAR|TOT|DATATYPE|BYTEORD|MODE|NEXTDATA|BEGINDATA"
    rb"|ENDDATA|TIMESTEP|COMP|DFC[0-9]{1,2}TO[0-9]{1,2})|\$?SPILL(?:OVER)?"
)
_OTHERS = (
    rb"\$(?:P[0-9]{1,4}(?:[DFLOPSTV]|CALIBRATION|ANALYTE|DET|FEATURE|TAG|TYPE)|ABRT|BTIM|CELLS|COM"
    rb"|CYT(?:SN)?|DATE|ETIM|EXP|FIL|INST|LOST|OP|PROJ|SMNO|SRC|SYS|TR|VOL|WELLID"
    rb"|LAST_MODIFI(?:ED|ER)|ORIGINALITY|PLATE(?:ID|NAME)|(?:BEGIN|END)(?:ANALYSIS|STEXT))"
)
WEIGHTY = re.compile(_WEIGHTY)
STANDARD = re.compile(_WEIGHTY + b"|" + _OTHERS)
