"""Trial files: the built-in one says what was published, others are read strictly."""

from importlib.resources import files

import pytest

from hladr.criterion import Certainty, ClassName, load_criterion
from hladr.trial import InvalidTrial, UnknownTrial, available_trials, load_trial
from hladr.trial.parsing import parse_trial

TRIAL = load_trial("immunosep-2025")
TEXT = files("hladr.trial").joinpath("immunosep-2025.toml").read_text(encoding="utf-8")


def test_the_built_in_trial_rests_on_the_built_in_criterion():
    assert available_trials() == ("immunosep-2025",)
    criterion = load_criterion(TRIAL.criterion.name)
    assert TRIAL.criterion.version == criterion.version
    assert TRIAL.criterion.sha256 == criterion.sha256


def test_the_published_rules():
    assert TRIAL.window.below_hours == 72.0
    assert TRIAL.arm_of(ClassName.MALS).treatments == ("anakinra", "placebo")
    assert TRIAL.arm_of(ClassName.IMMUNOPARALYSIS).treatments == ("interferon-gamma", "placebo")
    assert TRIAL.arm_of(ClassName.UNCLASSIFIED) is None
    assert TRIAL.blinding.routes == ("intravenous", "subcutaneous")
    needed = {each.id: (each.needed.value, each.arms) for each in TRIAL.questions}
    assert needed == {
        "adult": ("yes", ()),
        "consent": ("yes", ()),
        "sepsis-3": ("yes", ()),
        "infection-included": ("yes", ()),
        "infection-excluded": ("no", ()),
        "stage-iv-malignancy": ("no", ()),
        "do-not-resuscitate": ("no", ()),
        "commensal-bacteraemia": ("no", ()),
        "neutrophils": ("yes", ()),
        "covid-19": ("no", ("immunoparalysis",)),
        "autoimmune-disease": ("no", ("immunoparalysis",)),
    }


def test_every_rule_has_certainty_and_source():
    rules = [TRIAL.window, TRIAL.blinding, *TRIAL.arms, *TRIAL.questions]
    for each in rules:
        assert each.grounds.source
        assert isinstance(each.grounds.certainty, Certainty)
    unverified = [each.id for each in TRIAL.questions if each.grounds.certainty == "unverified"]
    assert unverified == ["autoimmune-disease"]


def test_the_hash_is_of_the_rules_and_not_of_the_layout():
    commented = parse_trial(f"# a comment\n{TEXT}".encode(), file="x.toml")
    assert commented.sha256 == TRIAL.sha256
    changed = TEXT.replace("below_hours = 72", "below_hours = 96")
    assert parse_trial(changed.encode(), file="x.toml").sha256 != TRIAL.sha256


def test_a_trials_own_file_is_loaded_and_may_not_take_a_built_in_name(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(TEXT.replace("below_hours = 72", "below_hours = 96"), encoding="utf-8")
    with pytest.raises(InvalidTrial, match="a name of its own"):
        load_trial(file)
    own = TEXT.replace('name = "immunosep-2025"', 'name = "own"', 1)
    file.write_text(own, encoding="utf-8")
    assert load_trial(file).name == "own"
    with pytest.raises(UnknownTrial, match="immunosep-2025"):
        load_trial("no-such-trial")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UnknownTrial):
        load_trial(tmp_path / "folder.toml")
    file.write_bytes(b"#" * 70_000)
    with pytest.raises(InvalidTrial, match="65,536"):
        load_trial(file)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('schema = "hladr.trial/1"', 'schema = "hladr.trial/2"', "schema"),
        ("below_hours = 72", "below_hours = -1", "window.below_hours"),
        ("below_hours = 72", "at_most_hours = 72", "window"),
        ('needed = "yes"', 'needed = "maybe"', "question[0].needed"),
        ('needed = "yes"', 'needed = "not known"', "question[0].needed"),
        ('id = "consent"', 'id = "adult"', "question"),
        ('arms = ["immunoparalysis"]', 'arms = ["immunoparalisys"]', "question[9].arms"),
        ('class = "MALS"', 'class = "undetermined"', "arm[0].class"),
        ('class = "MALS"', 'class = "immunoparalysis"', "arm"),
        ('treatments = ["anakinra", "placebo"]', "treatments = []", "arm[0].treatments"),
        ('routes = ["intravenous", "subcutaneous"]', "routes = [1]", "blinding.routes"),
        ("sha256 = \"f", 'sha256 = "', "criterion.sha256"),
        ('certainty = "stated"', 'certainty = "sure"', "certainty"),
        ("value = 1500", "value = true", "limit[0].value"),
        ("[window]", "[windows]", "windows"),
        ("[window]", "[window", "(file)"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_meant_is_refused_by_its_field(old, new, field):
    assert old in TEXT
    with pytest.raises(InvalidTrial) as refusal:
        parse_trial(TEXT.replace(old, new, 1).encode(), file="x.toml")
    assert field in refusal.value.field
    assert refusal.value.file == "x.toml"
