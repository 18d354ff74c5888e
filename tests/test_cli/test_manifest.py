"""A folder becomes a manifest that is read and measured; what is left out is said."""

import csv
import shutil

import pytest

from hladr import quantify
from hladr.fcs import OutputChannel, read_fcs, write_fcs
from hladr.manifest import read_manifest
from hladr.simulate import simulate_pair

LOT = "474,5359,23843,62336"
_OWN = ("$BYTEORD", "$DATATYPE", "$MODE", "$NEXTDATA", "$PAR", "$TOT", "$BEGIN", "$END", "$P")


def changed(source, target, **keywords):
    """Write a tube again with other keywords."""
    table = read_fcs(source)
    raw = table.raw_copy()
    channels = [
        OutputChannel(
            name=each.name, values=raw[:, each.index].astype("f4"), marker=each.marker,
            range=each.range, voltage=each.voltage,
        )
        for each in table.channels
    ]  # fmt: skip
    kept = {name: text for name, text in table.keywords.items() if not name.startswith(_OWN)}
    target.parent.mkdir(parents=True, exist_ok=True)
    write_fcs(target, channels, keywords={**kept, **keywords})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two days of an instrument, a file that is cut short and one of another instrument."""
    folder = tmp_path_factory.mktemp("archive")
    day1 = simulate_pair("sepsis", 5, folder / "day1", events=20_000)
    (folder / "day1" / "truth.json").unlink()
    for what in ("beads", "blood"):
        source = folder / "day1" / f"sepsis-5-{what}.fcs"
        changed(source, folder / "day 2" / f"S-17 {what}.fcs", **{"$DATE": "15-MAR-2026"})
    changed(source, folder / "other" / "S-18 blood.fcs", **{"$CYTSN": "V9"})
    (folder / "day 2" / "cut.fcs").write_bytes(source.read_bytes()[:5000])
    return folder, day1.blood.abc


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_manifest_lists_the_pairs_and_its_rows_can_be_measured(hladr, made, tmp_path):
    folder, truth = made
    ran = hladr("manifest", folder, "--lot", LOT, "-o", tmp_path / "m.csv")
    assert (ran.status, ran.out) == (1, "")
    manifest = read_manifest(tmp_path / "m.csv")
    assert [row.sample.rpartition("/")[2] for row in manifest] == [
        "S-17 blood.fcs",
        "sepsis-5-blood.fcs",
    ]
    assert manifest.missing_files() == ()
    assert manifest.carried == ("instrument", "acquired_at")
    assert [dict(row.carried)["acquired_at"][:10] for row in manifest] == [
        "2026-03-15",
        "2026-03-14",
    ]
    for row in manifest:
        result = quantify(row.sample_path, beads=row.beads, lot=row.lot)
        assert result.verdict in {"pass", "review"}
        assert abs(result.hla_dr.abc / truth - 1.0) < 0.05


def test_what_is_left_out_is_said_and_listed(hladr, made, tmp_path):
    folder, _ = made
    unpaired = tmp_path / "left.csv"
    ran = hladr("manifest", folder, "--lot", LOT, "-o", tmp_path / "m.csv", "--unpaired", unpaired)
    told = {row["file"].rpartition("/")[2]: (row["reason"], row["code"]) for row in rows(unpaired)}
    assert told == {
        "cut.fcs": ("unreadable", "TRUNCATED_DATA"),
        "S-18 blood.fcs": ("no_beads_of_this_instrument", ""),
    }
    assert all((tmp_path / row["file"]).exists() for row in rows(unpaired))
    assert "left out [TRUNCATED_DATA]: " in ran.err
    assert "no beads of FACSCantoII V9" in ran.err
    assert "2 samples paired with 2 bead files" in ran.err.splitlines()[-1]


def test_when_all_blood_is_paired_the_status_is_zero(hladr, made, tmp_path, monkeypatch):
    folder = tmp_path / "day"
    shutil.copytree(made[0] / "day1", folder)
    shutil.copy(folder / "sepsis-5-blood.fcs", folder / "z.fcs")
    monkeypatch.chdir(tmp_path)
    ran = hladr("manifest", "day", "--lot", LOT)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0] == "sample,beads,lot,subject,drawn_at,instrument,acquired_at"
    assert lines[1].startswith(f'day/sepsis-5-blood.fcs,day/sepsis-5-beads.fcs,"{LOT}",,,')
    assert len(lines) == 2
    assert "note: day/z.fcs: the same content as day/sepsis-5-blood.fcs" in ran.err


def test_paths_are_relative_to_where_the_manifest_is(hladr, made, tmp_path, monkeypatch):
    (tmp_path / "lots").mkdir()
    (tmp_path / "lots" / "a.toml").write_text(f"assigned = [{LOT}]")
    shutil.copytree(made[0] / "day1", tmp_path / "data" / "=day1")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "er")
    monkeypatch.chdir(tmp_path / "data")
    for target in ("../m.csv", "m.csv", "../deep/er/m.csv", "../link/m2.csv", "=day1/m.csv"):
        assert hladr("manifest", ".", "--lot", "../lots/a.toml", "-o", target).status == 0
        manifest = read_manifest(target)
        assert len(manifest) == 1
        assert manifest.missing_files() == ()
        assert not manifest[0].sample.startswith("/")
        assert "," not in manifest[0].lot


def test_rules_give_subjects_and_lots(hladr, made, tmp_path):
    (tmp_path / "rules.toml").write_text(
        'schema = "hladr.pairing/1"\n[subject]\npattern = "^(S-[0-9]+) "\n'
        f'[[lots]]\nfrom = 2026-03-15\nvalues = "{LOT}"\n'
    )
    ran = hladr("manifest", made[0], "--rules", tmp_path / "rules.toml", "-o", tmp_path / "m.csv")
    assert ran.status == 1
    assert [(row["subject"], row["lot"]) for row in rows(tmp_path / "m.csv")] == [("S-17", LOT)]
    assert "no lot for 2026-03-14" in ran.err


def test_an_assay_of_the_laboratory_is_named_in_the_manifest(hladr, made, tmp_path):
    from importlib.resources import files

    text = files("hladr.assay").joinpath("quantibrite-340827.toml").read_text(encoding="utf-8")
    text = text.replace('name = "quantibrite-340827"', 'name = "ours"')
    (tmp_path / "own.toml").write_text(text.replace("bead_age_hours = 12", "bead_age_hours = 0.1"))
    arguments = ("manifest", made[0] / "day1", "--lot", LOT, "-o", tmp_path / "m.csv")
    assert hladr(*arguments, "--assay", tmp_path / "own.toml").status == 1
    (tmp_path / "own.toml").write_text(text)
    assert hladr(*arguments, "--assay", tmp_path / "own.toml").status == 0
    assert rows(tmp_path / "m.csv")[0]["assay"] == "own.toml"
    assert read_manifest(tmp_path / "m.csv")[0].assay == str(tmp_path / "own.toml")


def test_a_folder_without_files_is_said(hladr, tmp_path):
    ran = hladr("manifest", tmp_path, "--lot", LOT, "-o", tmp_path / "m.csv")
    assert ran.status == 1
    assert "no .fcs or .lmd file" in ran.err


def test_wrong_usage_is_status_two_and_writes_nothing(hladr, made, tmp_path):
    folder = tmp_path / "day"
    shutil.copytree(made[0] / "day1", folder)
    (tmp_path / "lots.toml").write_text(f'schema = "hladr.pairing/1"\n[[lots]]\nvalues = "{LOT}"\n')
    (tmp_path / "lot.toml").write_text(f"assigned = [{LOT}]")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    out = ("-o", tmp_path / "m.csv")
    for arguments in (
        (folder, *out),
        (folder, *out, "--lot", LOT, "--rules", tmp_path / "lots.toml"),
        (tmp_path / "none", "--lot", LOT, *out),
        (tmp_path / "lot.toml", "--lot", LOT, *out),
        (folder, "--lot", LOT, "-o", folder / "sepsis-5-blood.fcs"),
        (folder, "--lot", LOT, *out, "--unpaired", folder / "sepsis-5-blood.fcs"),
        (folder, "--lot", LOT, *out, "--unpaired", tmp_path / "m.csv"),
        (folder, "--lot", tmp_path / "lot.toml", "-o", tmp_path / "lot.toml"),
        (folder, "--rules", tmp_path / "lots.toml", "-o", tmp_path / "lots.toml"),
    ):
        assert hladr("manifest", *arguments).status == 2, arguments
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--lot", "5,359", "INVALID_LOT"),
        ("--lot", "none.toml", "LOT_FILE_UNREADABLE"),
        ("--rules", "none.toml", "INVALID_PAIRING_RULES"),
        ("--assay", "none", "UNKNOWN_ASSAY"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_code(hladr, made, tmp_path, option, value, code):
    given = ("--lot", LOT) if option == "--assay" else ()
    ran = hladr("manifest", made[0], *given, option, value, "-o", tmp_path / "m.csv")
    assert ran.status == 1
    assert f"error [{code}]: " in ran.err
    assert not (tmp_path / "m.csv").exists()


def test_what_is_not_needed_is_not_loaded(made, tmp_path):
    import subprocess
    import sys

    arguments = ["manifest", str(made[0]), "--lot", LOT, "-o", str(tmp_path / "m")]
    code = (
        "import sys\nfrom hladr.cli.main import run\n"
        f"try: run({arguments!r})\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (tmp_path / "m").exists()
    assert not set(ran.stderr.split()) & {"pyarrow", "jinja2", "pydantic", "hladr.gating"}
