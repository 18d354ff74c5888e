"""The command line: ``hladr``. One file a command, and here alone the package prints.

Results go to standard output, everything else to standard error. Exit status: 0 when every
sample is `pass` or `review`, 1 when one was refused or rejected, 2 for wrong usage, 70 for a bug.
"""
