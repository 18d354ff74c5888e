"""An instrument over some weeks, for its page of quality."""

from quality_runs import STEADY, calibrate, control_blood, runs

WINDOW = 20


class Watch:
    """The log and the page of quality of the instrument of a house."""

    def __init__(self, house):
        self.house, self.id = house, house.cytometer["id"]
        self.place = house.bead_lot, house.cytometer

    def write(self, what, status=201, **said):
        said = {"reason": "as planned", **said}
        return self.house.post(f"quality/{self.id}/{what}", status, json=said)

    def told(self):
        return self.house.get(f"quality/{self.id}")

    @property
    def page(self):
        return f"/quality/{self.id}"


class Watched(Watch):
    """An instrument that was steady, then was not, then was serviced; then came another lot."""

    def __init__(self, house):
        super().__init__(house)
        lot, place = house.bead_lot, self.place
        self.steady = runs(house, *place, STEADY[:WINDOW])
        self.write("baselines", runs=[each["id"] for each in self.steady])
        first = control_blood(house, self.steady[0])["result"]["hla_dr"]["abc"]
        by_hand = {"control:low C-7": {"mean": first, "sd": 0.02 * first}}
        self.write("baselines", run=self.steady[0]["id"], by_hand=by_hand)
        self.next = runs(house, *place, STEADY[WINDOW : WINDOW + 3], first=WINDOW)
        for each in self.next:
            control_blood(house, each)
        self.bad = calibrate(house, *place, 24, -0.10)
        control_blood(house, self.bad)
        self.patient = house.analyse(self.bad, "borderline.fcs", subject="P-1")
        self.write("services", at="2026-04-08T07:00", reason="a new laser")
        values = [each * 1.02 for each in lot["assigned"]]
        self.other = house.lot(number="SIM-2", assigned=values)
        for day, gain in ((30, 0.002), (31, -0.004), (32, 0.005)):
            calibrate(house, *place, day, gain)
            calibrate(house, self.other, house.cytometer, day, gain, hour=1)
