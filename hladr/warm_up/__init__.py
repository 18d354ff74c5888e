"""Every kernel compiled before it is needed, by doing once what the program does with files.

Jobs and not lists of types: a kernel that is added is compiled here as soon as a job comes by it,
with the types that it then has. A test finds the kernel that none comes by.
"""

from hladr.warm_up.jobs import warm_up

__all__ = ["warm_up"]
