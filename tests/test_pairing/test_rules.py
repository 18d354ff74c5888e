"""A laboratory's own rules: words, subjects, lots by date; what cannot be used is refused."""

import datetime as dt

import pytest

from calibration.errors import InvalidLot
from hladr.lot_file import LotFileUnreadable
from hladr.pairing import InvalidPairingRules, LotPeriod, default_rules, load_rules
from hladr.pairing.lots import lot_of

HEAD = 'schema = "hladr.pairing/1"\n'
LOT = "474,5359,23843,62336"
EVER = f'[[lots]]\nvalues = "{LOT}"\n'


@pytest.fixture
def rules(tmp_path):
    def load(text, head=HEAD):
        (tmp_path / "rules.toml").write_text(head + text, "utf-8")
        return load_rules(tmp_path / "rules.toml")

    return load


def test_what_a_file_does_not_say_is_as_in_the_package(rules):
    assert rules("") == default_rules()
    own = rules("[tubes]\nbeads = 'QC'\n")
    assert own.beads.search("daily qc 3")
    assert not own.beads.search("beads")
    assert own.other == default_rules().other


def test_words_may_be_looked_for_in_folders_and_other_keywords(rules, folder):
    own = rules("[tubes]\nlook_in = ['path', 'OPERATOR NOTE']\nblood = 'tube of blood'\n")
    folder.tube("beads/001.fcs", "2026-03-14T09:00:00")
    folder.tube("002.fcs", labels={}, OPERATOR_NOTE="tube of blood")
    assert folder.paired(own) == ({"002.fcs": "beads/001.fcs"}, {})


def test_no_words_find_nothing(rules):
    assert not rules("[tubes]\nother = ''\n").other.search("unstained")


@pytest.mark.parametrize(
    ("pattern", "name", "subject"),
    [
        (r"^(?P<subject>[A-Z]-\d+)", "S-017_day1.fcs", "S-017"),
        (r"^(\w+?)_(?P<subject>\d+)", "site_17.fcs", "17"),
        (r"_([^_]+)\.fcs$", "a_b_c.fcs", "c"),
        (r"^(\d+)?x", "x.fcs", ""),
        (r"^(\d+)", "abc.fcs", ""),
    ],
)
def test_the_subject_is_a_group_in_the_file_name(rules, pattern, name, subject):
    assert rules(f"[subject]\npattern = '{pattern}'\n").subject_of(name) == subject


def test_a_lot_is_that_of_the_day_of_the_beads(rules, folder, tmp_path):
    (tmp_path / "b.toml").write_text(f"assigned = [{LOT}]")
    own = rules(
        f'[[lots]]\nuntil = 2026-03-14\nvalues = "{LOT}"\n'
        '[[lots]]\nfrom = 2026-03-15\nuntil = 2026-03-16\nfile = "b.toml"\n'
    )
    for day in (14, 15, 17):
        folder.tube(f"{day}/beads.fcs", f"2026-03-{day}T23:00:00")
        folder.tube(f"{day}/a.fcs", f"2026-03-{day + 1}T00:30:00")
    pairing = folder.pairing(own)
    assert [pair.lot for pair in pairing.pairs] == [LOT, str(tmp_path / "b.toml")]
    assert [each.reason.value for each in pairing.left_out] == [
        "no_lot_of_that_day", "beads_without_blood",
    ]  # fmt: skip
    assert not pairing.complete


def test_both_days_of_a_period_are_in():
    periods = [LotPeriod(dt.date(2026, 1, 2), dt.date(2026, 1, 3), LOT)]
    days = [lot_of(dt.date(2026, 1, day), periods) for day in (1, 2, 3, 4)]
    assert days == [None, LOT, LOT, None]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[tubes]\nbeads = '('\n", "tubes.beads"),
        ("[tubes]\nbeads = 3\n", "tubes.beads"),
        ("[tubes]\nbead = 'x'\n", "tubes"),
        ("[tubes]\nlook_in = 'path'\n", "tubes.look_in"),
        ("tubes = 3\n", "tubes"),
        ("[words]\n", "top level"),
        ("[subject]\npattern = 'x'\n", "subject.pattern"),
        ("[subject]\npattern = '(('\n", "subject.pattern"),
        ("[lots]\n", "lots"),
        ("lots = [3]\n", "lots"),
        (f'[[lots]]\nfrom = "2026-01-01"\nvalues = "{LOT}"\n', "lots[0]"),
        (f'[[lots]]\nfrom = 2026-01-01T00:00:00\nvalues = "{LOT}"\n', "lots[0]"),
        (f'[[lots]]\nfrom = 2026-02-01\nuntil = 2026-01-01\nvalues = "{LOT}"\n', "lots[0]"),
        ("[[lots]]\nfrom = 2026-01-01\n", "lots[0]"),
        (f'[[lots]]\nvalues = "{LOT}"\nfile = "x.toml"\n', "lots[0]"),
        ("[[lots]]\nvalues = [474, 5359]\n", "lots[0]"),
        (f'[[lots]]\nlot = "{LOT}"\n', "lots[0]"),
        (f"{EVER}until = 2026-01-01\n{EVER}from = 2026-01-01\n", "lots"),
        ("= ", "file"),
        ("tubes = " + "[" * 9000, "file"),
        (f"tubes = 1{'0' * 9000}", "file"),
        (f"tubes = 0x{'f' * 9000}", "tubes"),
        ("[tubes]\nbeads" + ".a" * 3000 + " = 1", "tubes.beads"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_used_are_refused_by_their_place(rules, text, where):
    with pytest.raises(InvalidPairingRules) as refused:
        rules(text)
    assert (refused.value.where, refused.value.source) == (where, "rules.toml")


def test_rules_of_another_kind_or_none_are_refused(rules, tmp_path):
    with pytest.raises(InvalidPairingRules, match=r"hladr\.pairing/1"):
        rules('schema = "hladr.assay/1"\n', head="")
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InvalidPairingRules):
            load_rules(path)
    (tmp_path / "latin.toml").write_bytes(b"# \xfc")
    with pytest.raises(InvalidPairingRules):
        load_rules(tmp_path / "latin.toml")


def test_a_lot_in_the_rules_has_to_be_one(rules):
    with pytest.raises(InvalidLot):
        rules('[[lots]]\nvalues = "5,359"\n')
    with pytest.raises(LotFileUnreadable):
        rules('[[lots]]\nfile = "none"\n')
