"""A folder that files arrive in: each blood tube measured once, over restarts too.

Look again and again; each look tells what it saw::

    with ResultLog(Path("results.csv")) as log:
        watcher = Watcher(folder, rules, assay, 5.0, log, report)
        for seen in watcher.look(time.monotonic()):
            print(seen.sample, seen.what)
"""

from hladr.watch.basis import LogRestsOnOther
from hladr.watch.log import LogUnusable, ResultLog, Taken
from hladr.watch.settling import Settling, State, states
from hladr.watch.watcher import Seen, Watcher

__all__ = [
    "LogRestsOnOther",
    "LogUnusable",
    "ResultLog",
    "Seen",
    "Settling",
    "State",
    "Taken",
    "Watcher",
    "states",
]
