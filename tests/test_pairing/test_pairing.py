"""Blood goes with beads of its instrument, settings and hour, or is left out with the reason."""

import datetime as dt
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.assay import load_assay
from hladr.fcs import Channel
from hladr.pairing import Beads, LeftOut, Role, Tube, default_rules, examine
from hladr.pairing.nearest import same_instrument

ASSAY = load_assay("quantibrite-340827")
BASE = dt.datetime.fromisoformat("2026-03-14T09:30:00")


def test_blood_goes_with_the_beads_of_its_day(folder):
    for day in (13, 14, 15):
        folder.tube(f"{day}/beads.fcs", f"2026-03-{day}T08:00:00")
        folder.tube(f"{day}/P1.FCS", f"2026-03-{day}T10:00:00")
    assert folder.paired() == ({f"{d}/P1.FCS": f"{d}/beads.fcs" for d in (13, 14, 15)}, {})


def test_the_nearest_beads_are_taken_before_or_after(folder):
    folder.tube("beads1.fcs", "2026-03-14T07:00:00")
    folder.tube("beads2.fcs", "2026-03-14T12:00:00")
    folder.tube("a.fcs", "2026-03-14T09:29:59")
    folder.tube("b.fcs", "2026-03-14T09:30:01")
    assert folder.paired() == ({"a.fcs": "beads1.fcs", "b.fcs": "beads2.fcs"}, {})


def test_a_clock_that_passes_midnight_parts_nothing(folder):
    folder.tube("beads.fcs", "2026-03-13T23:50:00")
    folder.tube("before.fcs", "2026-03-13T23:59:59")
    folder.tube("after.fcs", "2026-03-14T00:05:00")
    folder.tube("other-beads.fcs", "2026-03-14T00:30:00")
    pairs, left = folder.paired()
    assert pairs == {"before.fcs": "beads.fcs", "after.fcs": "beads.fcs"}
    assert left == {"other-beads.fcs": "beads_without_blood"}


@pytest.mark.parametrize(("hours", "paired"), [(12.0, True), (12.01, False), (1e5, False)])
def test_beads_older_than_the_assay_allows_are_not_taken(folder, hours, paired):
    time = BASE + dt.timedelta(hours=hours)
    folder.tube("beads.fcs", BASE.isoformat())
    folder.tube("a.fcs", time.isoformat())
    pairs, left = folder.paired()
    assert pairs == ({"a.fcs": "beads.fcs"} if paired else {})
    assert left.get("a.fcs") == (None if paired else "beads_too_old")


def test_the_limit_is_that_of_the_assay(folder):
    folder.tube("beads.fcs", "2026-03-14T09:00:00")
    folder.tube("a.fcs", "2026-03-14T11:00:00")
    strict = replace(ASSAY, settings=replace(ASSAY.settings, bead_age_hours=1.0))
    lax = replace(ASSAY, settings=replace(ASSAY.settings, bead_age_hours=1e300))
    assert folder.paired(assay=strict)[1]["a.fcs"] == "beads_too_old"
    assert folder.paired(assay=lax)[0] == {"a.fcs": "beads.fcs"}


@pytest.mark.parametrize(
    ("beads", "blood", "same"),
    [
        ({}, {}, True),
        ({"$CYTSN": "v1 "}, {}, True),
        ({"$CYTSN": "V2"}, {}, False),
        ({"$CYTSN": "V1", "$CYT": "Canto"}, {}, True),
        ({"$CYTSN": None}, {}, True),
        ({"$CYTSN": None, "$CYT": "FACS Canto-II"}, {}, True),
        ({"$CYTSN": None, "$CYT": "LSRII"}, {}, False),
        ({"$CYTSN": None, "$CYT": None}, {}, False),
        ({"$CYTSN": None, "$CYT": None}, {"$CYTSN": None, "$CYT": None}, True),
        ({}, {"$CYTSN": None, "$CYT": None}, False),
    ],
)
def test_beads_of_another_instrument_are_not_taken(folder, beads, blood, same):
    folder.tube("beads.fcs", "2026-03-14T09:29:00", **beads)
    folder.tube("a.fcs", **blood)
    pairs, left = folder.paired()
    assert (pairs == {"a.fcs": "beads.fcs"}) == same
    assert left.get("a.fcs") == (None if same else "no_beads_of_this_instrument")


def test_beads_at_another_voltage_are_passed_over_for_those_at_the_same(folder):
    folder.tube("beads1.fcs", "2026-03-14T09:29:00", volts=420.0)
    folder.tube("a.fcs")
    assert folder.paired()[1]["a.fcs"] == "beads_set_otherwise"
    folder.tube("beads2.fcs", "2026-03-14T08:00:00")
    assert folder.paired()[0] == {"a.fcs": "beads2.fcs"}
    folder.tube("beads3.fcs", "2026-03-14T09:00:00", volts=None)
    assert folder.paired()[0] == {"a.fcs": "beads3.fcs"}


def test_a_time_that_is_missing_or_unreadable_is_said(folder):
    folder.tube("beads.fcs")
    folder.tube("a.fcs", None)
    folder.tube("b.fcs", None, **{"$DATE": "14-MAR-2026", "$BTIM": "25:00:00"})
    assert folder.paired()[1] == {
        "a.fcs": "no_acquisition_time", "b.fcs": "no_acquisition_time",
        "beads.fcs": "beads_without_blood",
    }  # fmt: skip


def test_beads_without_a_time_serve_no_one(folder):
    folder.tube("beads.fcs", None)
    folder.tube("a.fcs")
    pairing = folder.pairing()
    assert [each.reason.value for each in pairing.left_out] == [
        "no_acquisition_time", "beads_without_blood",
    ]  # fmt: skip
    assert "1 bead files" in pairing.left_out[0].detail


def test_a_time_with_a_zone_is_an_instant_and_one_without_what_the_wall_showed(folder):
    folder.tube("beads1.fcs", None, **{"$BEGINDATETIME": "2026-03-14T09:15:00+09:00"})
    folder.tube("beads2.fcs", None, **{"$BEGINDATETIME": "2026-03-13T23:00:00-01:00"})
    folder.tube("zoned.fcs", None, **{"$BEGINDATETIME": "2026-03-14T00:20:00Z"})
    folder.tube("wall.fcs", "2026-03-13T22:50:00")
    assert folder.paired() == ({"zoned.fcs": "beads1.fcs", "wall.fcs": "beads2.fcs"}, {})


def test_two_bead_files_equally_near_are_said_and_not_chosen_from(folder):
    folder.tube("beads1.fcs", "2026-03-14T09:00:00")
    folder.tube("beads2.fcs", "2026-03-14T10:00:00")
    folder.tube("a.fcs", "2026-03-14T09:30:00")
    folder.tube("b.fcs", "2026-03-14T09:30:01")
    pairing = folder.pairing()
    assert [pair.blood.path for pair in pairing.pairs] == [str(folder.path / "b.fcs")]
    (said,) = (each for each in pairing.left_out if each.path.endswith("a.fcs"))
    assert said.reason.value == "ambiguous"
    assert "beads1.fcs" in said.detail
    assert "beads2.fcs" in said.detail
    assert not pairing.complete


def test_without_a_serial_number_beads_of_two_instruments_of_a_model_are_not_chosen_from(folder):
    folder.tube("beads1.fcs", "2026-03-14T09:00:00")
    folder.tube("beads2.fcs", "2026-03-14T09:20:00", **{"$CYTSN": "V2"})
    folder.tube("a.fcs", **{"$CYTSN": None})
    assert folder.paired()[1]["a.fcs"] == "ambiguous"


def test_of_copies_the_first_is_taken_and_the_others_are_said(folder):
    beads, blood = folder.tube("1/beads.fcs"), folder.tube("1/a.fcs")
    (folder.path / "2").mkdir()
    (folder.path / "2/beads.fcs").write_bytes(beads.read_bytes())
    (folder.path / "2/again.fcs").write_bytes(blood.read_bytes())
    pairing = folder.pairing()
    assert folder.paired() == (
        {"1/a.fcs": "1/beads.fcs"}, {"2/beads.fcs": "copy", "2/again.fcs": "copy"},
    )  # fmt: skip
    assert all("1/" in each.detail for each in pairing.left_out)
    assert pairing.complete


def test_files_of_the_same_keywords_and_length_but_other_events_are_no_copies(folder):
    folder.tube("beads.fcs", "2026-03-14T09:00:00")
    one, two = folder.tube("a.fcs"), folder.tube("b.fcs")
    assert one.stat().st_size == two.stat().st_size
    assert folder.paired() == ({"a.fcs": "beads.fcs", "b.fcs": "beads.fcs"}, {})


def test_an_unreadable_file_is_said_with_its_code_and_the_others_are_paired(folder):
    folder.tube("beads.fcs")
    folder.tube("a.fcs")
    whole = folder.tube("cut.fcs").read_bytes()
    (folder.path / "cut.fcs").write_bytes(whole[:-200])
    (folder.path / "empty.lmd").touch()
    (folder.path / "link.fcs").symlink_to(folder.path / "gone")
    (folder.path / "folder.fcs").mkdir()
    pairing = folder.pairing()
    codes = {os.path.basename(each.path): each.code for each in pairing.left_out}  # noqa: PTH119
    assert codes == {
        "cut.fcs": "TRUNCATED_DATA", "empty.lmd": "NOT_FCS", "link.fcs": "FILE_UNREADABLE",
    }  # fmt: skip
    assert len(pairing.pairs) == 1
    assert not pairing.complete


def test_folders_that_lead_back_to_themselves_end(folder):
    folder.tube("day/beads.fcs")
    folder.tube("day/a.fcs")
    (folder.path / "day/loop").symlink_to(folder.path)
    (folder.path / "again").symlink_to(folder.path / "day")
    folder.tube(".hidden/b.fcs")
    folder.tube("day/._a.fcs")
    pairs, left = folder.paired()
    assert len(pairs) == 1
    assert not left


NO_LABELS: dict[str, str] = {}


@pytest.mark.parametrize(
    ("name", "labels", "keywords", "told"),
    [
        ("a.fcs", None, {}, "blood"),
        ("Beads_001.fcs", None, {}, "beads"),
        ("QBPE 3.fcs", None, {}, "beads"),
        ("Quantibrite PE.fcs", None, {}, "beads"),
        ("Quantibrite_P17.fcs", None, {}, "blood"),
        ("Quantibrite_P17.fcs", NO_LABELS, {}, "beads"),
        ("beadle.fcs", None, {}, "blood"),
        ("001.fcs", None, {"TUBE_NAME": "QB beads"}, "beads"),
        ("001.fcs", None, {"$SMNO": "BeadRun 2"}, "beads"),
        ("001.fcs", NO_LABELS, {"$SRC": "Patient 3"}, "blood"),
        ("001.fcs", NO_LABELS, {}, "neither_blood_nor_beads"),
        ("CompBeads PE.fcs", None, {}, "set_aside_by_the_rules"),
        ("Compensation Controls.fcs", None, {}, "set_aside_by_the_rules"),
        ("unstained.fcs", None, {}, "set_aside_by_the_rules"),
        ("T cells.fcs", {"PE-A": "CD3", "PerCP-Cy5-5-A": "CD4"}, {}, "neither_blood_nor_beads"),
        ("beads.fcs", {"PE-A": "CD3"}, {}, "neither_blood_nor_beads"),
        ("blood.fcs", {"V500-A": "HLA-DR", "PE-A": "CD14"}, {}, "neither_blood_nor_beads"),
    ],
)
def test_words_and_labels_tell_beads_from_blood(folder, name, labels, keywords, told):
    path = folder.tube(name, **({} if labels is None else {"labels": labels}), **keywords)
    found = examine(path, default_rules(), ASSAY)
    assert (found.reason if isinstance(found, LeftOut) else found.role) == told


def test_a_name_that_is_no_unicode_is_left_out(folder):
    folder.tube("beads.fcs")
    path = folder.tube("a.fcs")
    try:
        os.rename(path, os.fsencode(folder.path) + b"/m\xfcller.fcs")  # noqa: PTH104
    except OSError:
        pytest.skip("this disk knows Unicode names only")
    pairing = folder.pairing()
    assert "Unicode" in pairing.left_out[-1].detail


# An independent oracle: every bead tube is looked at for every blood tube.

channel = Channel(2, "PE-A", "HLA-DR", 32, 262144.0, 0.0, 1.0, None, 410.0)
moments = st.integers(-200, 200).map(lambda minutes: BASE + dt.timedelta(minutes=15 * minutes))
zones = st.integers(-12, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
zoned = st.builds(lambda time, zone: time.replace(tzinfo=dt.UTC).astimezone(zone), moments, zones)
tubes = st.builds(
    Tube,
    path=st.uuids().map(str),
    role=st.just(Role.BEADS),
    size=st.just(1),
    keywords_sha256=st.just(""),
    cytometer=st.sampled_from([None, "Canto", "LSR"]),
    serial=st.sampled_from([None, "1", "2"]),
    acquired_at=st.none() | moments | zoned,
    channel=st.sampled_from([channel, replace(channel, voltage=420.0)]),
)


def hours(one, other):
    if one.tzinfo is None or other.tzinfo is None:
        one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
    return abs((one - other).total_seconds()) / 3600


@settings(max_examples=300)
@given(beads=st.lists(tubes, max_size=12, unique_by=lambda tube: tube.path), blood=tubes)
def test_the_beads_found_are_those_that_a_look_at_all_of_them_finds(beads, blood):
    found = Beads(beads, ASSAY.settings).nearest(blood)
    possible = [
        bead
        for bead in beads
        if same_instrument(bead, blood)
        and bead.channel.voltage == blood.channel.voltage
        and None not in (bead.acquired_at, blood.acquired_at)
        and hours(bead.acquired_at, blood.acquired_at) <= 12.0
    ]
    least = min((hours(b.acquired_at, blood.acquired_at) for b in possible), default=0.0)
    nearest = [b for b in possible if hours(b.acquired_at, blood.acquired_at) == least]
    serials = {bead.serial for bead in possible if bead.serial}
    if len(nearest) == 1 and (blood.serial or len(serials) < 2):
        assert found == nearest[0]
    else:
        assert isinstance(found, LeftOut)
        assert (found.reason == "ambiguous") == bool(nearest)
