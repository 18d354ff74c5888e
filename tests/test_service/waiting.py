"""A recalculation on which nobody works by itself: its items are claimed and settled by hand."""

import datetime as dt

from laboratory import correct_lot, recalculate, tube_file

from service.recalculations.item import looked_at, prepared, settle
from service.store import leases
from service.store.recalculation import Ending, ItemState

LONG = dt.timedelta(minutes=5)


class Waiting:
    """A service that works on no recalculation by itself, and one of some analyses."""

    def __init__(self, service, n):
        self.service, self.database = service, service.laboratory.database
        lot = service.lot()
        self.calibration = service.calibration(lot)
        self.analyses = [
            service.analyse(self.calibration, tube_file("mals.fcs", _SMNO=f"blood {number}"))
            for number in range(n)
        ]
        self.lot = correct_lot(service, lot)
        self.made = recalculate(service)

    def claim(self, owner, most=1, lease=LONG):
        with self.database.writing("system") as writing:
            return leases.claim(writing, owner, most, lease)

    def finish(self, item, state=ItemState.SAME):
        with self.database.writing("system") as writing:
            leases.finish(writing, item, Ending(state))

    def settle(self, ready, found):
        with self.database.writing("system") as writing:
            return settle(writing, ready, found)

    def prepared(self, item):
        laboratory = self.service.laboratory
        return prepared(laboratory, item, looked_at(laboratory, item))

    def told(self):
        return self.service.get(f"recalculations/{self.made['id']}")
