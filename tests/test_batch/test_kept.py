"""What is kept comes back the same to the last bit; chunks keep recipes together."""

import dataclasses
import json
import math
import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import BeadLot, Combined, Term
from calibration.finding import Finding, Severity
from hladr.analysis import curve_of, measure
from hladr.assay import load_assay
from hladr.batch.chunk import FileFacts as Facts
from hladr.batch.chunk import Job, chunks
from hladr.batch.kept import KeptCurve, Refused, outcome_of, text_of
from hladr.batch.key import measurement_key
from hladr.batch.location import Fingerprint
from hladr.batch.recipe import Beads, Recipe
from hladr.bead_run import calibrate_beads
from hladr.comparison import Comparison
from hladr.fcs import read_fcs
from hladr.panel import find_panel

SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
LOT = "474,5359,23843,62336"


@pytest.fixture(scope="module")
def measured():
    """A measurement and its curve."""
    assay = load_assay("quantibrite-340827")
    table = read_fcs(SAMPLES / "mals.fcs")
    panel = find_panel(table, assay)
    beads = calibrate_beads(SAMPLES / "canto-beads.fcs", LOT, assay=assay, detector=panel.hla_dr)
    return measure(table, panel, beads, assay, None)[1], curve_of(beads)


def test_a_measurement_and_its_curve_come_back_the_same(measured):
    measurement, curve = measured
    text = text_of(measurement)
    assert outcome_of(text) == measurement
    assert text_of(outcome_of(text)) == text
    kept = KeptCurve.of(curve)
    assert kept.read() == curve
    assert KeptCurve.of(kept.read()) == kept


NUMBER = st.floats(allow_nan=False)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=100)
@given(
    number=NUMBER,
    other=NUMBER,
    share=st.floats(0.0, 1e300),
    text=TEXT,
    count=st.integers(0, 2**60),
)
def test_every_number_and_text_comes_back(measured, number, other, share, text, count):
    term = Term(text, share, math.inf)
    whole = Combined(other, math.inf, (term,), (text,))
    changed = dataclasses.replace(
        measured[0],
        number=dataclasses.replace(
            measured[0].number, abc=number, ci95=(other, math.inf), whole=whole
        ),
        comparison=Comparison(count, other, count, number, -0.0),
        before=(Finding("CODE", Severity.WARN, text),),
    )
    assert outcome_of(text_of(changed)) == changed


def test_numbers_that_are_none_come_back(measured):
    nan = dataclasses.replace(
        measured[0], seen=dataclasses.replace(measured[0].seen, log_sd=math.nan)
    )
    again = outcome_of(text_of(nan))
    assert math.isnan(again.seen.log_sd)
    assert text_of(again) == text_of(nan)


@given(code=TEXT, message=TEXT)
def test_a_refusal_comes_back(code, message):
    refused = Refused(code, message)
    assert outcome_of(text_of(refused)) == refused


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"code": "X"}', "null", "{", "1e999"])
def test_what_was_not_written_here_is_no_outcome(text):
    with pytest.raises(ValueError, match="validation error"):
        outcome_of(text)


def test_a_text_with_a_field_less_is_no_outcome(measured):
    record = json.loads(text_of(measured[0]))
    del record["seen"]
    with pytest.raises(ValueError, match="validation error"):
        outcome_of(json.dumps(record))


def recipe(lot=LOT, **changed):
    assay = load_assay("quantibrite-340827")
    given = {"calibration": Beads("beads.fcs", BeadLot.parse(lot)), "assay": assay}
    return Recipe(**{**given, "gates": None, "population": None, **changed})


def FileFacts(name, sha256):  # noqa: N802 - as if it had no state, which no key knows
    return Facts(name, sha256, Fingerprint(0, ""))


def test_a_key_changes_with_everything_that_a_number_depends_on():
    sample, beads = FileFacts("s.fcs", "1" * 64), FileFacts("b.fcs", "2" * 64)
    assay = load_assay("quantibrite-340827")
    keys = {
        measurement_key(sample, beads, recipe()),
        measurement_key(FileFacts("s.fcs", "3" * 64), beads, recipe()),
        measurement_key(FileFacts("t.fcs", "1" * 64), beads, recipe()),
        measurement_key(sample, FileFacts("b.fcs", "3" * 64), recipe()),
        measurement_key(sample, beads, recipe("475,5359,23843,62336")),
        measurement_key(sample, beads, recipe(population="Mono")),
        measurement_key(sample, beads, recipe(assay=dataclasses.replace(assay, sha256="4" * 64))),
    }
    assert len(keys) == 7
    assert measurement_key(sample, beads, recipe()) == measurement_key(sample, beads, recipe())


def test_a_recipe_goes_to_a_worker_and_back_with_its_digest():
    job = Job(3, "s.fcs", recipe())
    again = pickle.loads(pickle.dumps(job))  # noqa: S301 - our own
    assert again.recipe.digest == job.recipe.digest
    assert again.recipe.assay == job.recipe.assay


@given(groups=st.lists(st.integers(1, 30), max_size=20), size=st.integers(1, 12))
def test_chunks_hold_every_job_once_in_order_and_keep_recipes_together(groups, size):
    jobs, place = [], 0
    for number in groups:
        shared = recipe()
        for _ in range(number):
            jobs.append(Job(place, f"{place}.fcs", shared))
            place += 1
    found = list(chunks(jobs, size))
    assert [job for chunk in found for job in chunk] == jobs
    assert all(1 <= len(chunk) <= 2 * size for chunk in found)
    for number, shared in zip(groups, dict.fromkeys(job.recipe for job in jobs), strict=True):
        over = sum(any(job.recipe is shared for job in chunk) for chunk in found)
        assert over <= -(-number // size)


def test_chunks_of_one_recipe_take_time_by_their_number_not_by_its_square():
    jobs = [Job(0, "s.fcs", recipe())] * 400_000
    begun = time.process_time()
    assert sum(len(chunk) for chunk in chunks(jobs, 2)) == len(jobs)
    assert time.process_time() - begun < 5.0
