"""A ward whose patients are measured again and again, and who may enter a trial."""

import contextlib
import itertools
from urllib.parse import quote

import pytest
from laboratory import PASSWORD, release, running, tube_file, two_people
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from hladr.trial import load_trial
from service.people import password
from service.settings import Settings

TRIAL = load_trial("immunosep-2025")
TIMES = {"sepsis_classified_at": "2026-03-01T06:00", "first_dose_at": "2026-03-02T06:00"}
YES = {each.id: each.needed.value for each in TRIAL.questions}
"""Every answer that lets a patient in."""
_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
LOW, MIDDLE, HIGH = "borderline.fcs", "mals.fcs", "healthy.fcs"
"""Samples of some 4,750, 9,400 and 32,000 AB/c."""


class Ward:
    """A service with two people, a run of the day, and patients who are counted."""

    def __init__(self, service):
        self.service = service
        two_people(service)
        self.run = service.calibration()
        self._count = itertools.count(1)

    def patient(self):
        """An id that nobody has yet."""
        return f"PT-{next(self._count):04d}"

    def tube(self, subject, day=1, file=LOW, ferritin=None, named=None, **more):
        """A tube that nobody has signed."""
        name = subject if named is None else named
        said = f"{subject} {day} {next(self._count)}"
        blood = tube_file(file, _SRC=name, _COM=said, _DATE=f"{day:02d}-MAR-2026")
        said = {"subject": subject, "drawn_at": f"2026-03-{day:02d}T08:00", **more}
        if ferritin is not None:
            said["ferritin_ng_ml"] = ferritin
        said = {key: value for key, value in said.items() if value is not None}
        return self.service.analyse(self.run, blood, **said)

    def draw(self, subject, day=1, file=LOW, ferritin=None, **more):
        """A tube that was signed by two people."""
        made = self.tube(subject, day, file, ferritin, **more)
        release(self.service, made)
        return made

    def without(self, subject, day=1, outcome="insufficient", **more):
        """A tube that gave no number."""
        said = {"subject": subject, "drawn_at": f"2026-03-{day:02d}T08:00", "outcome": outcome}
        parts = {name: (None, text) for name, text in {**said, **more}.items()}
        return self.service.post("analyses", files=parts)

    def course(self, subject, status=200, by=None, **asked):
        return (by or self.service).get(path_of(subject, "trajectory"), status, params=asked)

    def eligibility(self, subject, status=200, by=None, end="", **asked):
        asked = {"trial": TRIAL.name, **asked}
        return (by or self.service).get(path_of(subject, f"eligibility{end}"), status, params=asked)

    def assess(self, subject, status=201, by=None, key=None, **more):
        wanted = {
            "trial": TRIAL.name, "answers": YES, "times": TIMES, "meaning": "assessed",
            "name": "boris", "password": PASSWORD, **more,
        }  # fmt: skip
        path = path_of(subject, "eligibility")
        return (by or self.service).post(path, status, json=wanted, key=key)


def address_of(subject):
    """An id in a path; the client of these tests reads a path twice, as no server does."""
    return quote(subject.replace("%", "%25"), safe="", errors="surrogatepass")


def path_of(subject, what):
    return f"subjects/{address_of(subject)}/{what}"


@contextlib.contextmanager
def opened(folder, **more):
    """A ward on SQLite."""
    settings = Settings(
        data_dir=folder / "data", least_free=0, log_level="CRITICAL", time_zone="UTC", **more
    )
    with pytest.MonkeyPatch.context() as patch, running(settings) as service:
        patch.setattr(password, "_hasher", lambda: _CHEAP)
        yield Ward(service)
