"""Everything that is wrong with a manifest is told at once, each with its line."""

import pickle

import pytest

from hladr.manifest import Kind, ManifestInvalid, manifest_of, read_manifest

LOT = "474,5359,23843,62336"
CURVE = {"sample": "a.fcs", "curve": "c.json"}
BEADS = {"sample": "a.fcs", "beads": "b.fcs", "lot": LOT}


def defects_of(*rows, folder=""):
    """Row and column of what is refused; every row has the columns of all."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    try:
        manifest_of([{name: row.get(name, "") for name in names} for row in rows], folder=folder)
    except ManifestInvalid as refused:
        return [(defect.line, defect.column) for defect in refused.defects]
    return []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**CURVE, "sample": "", "subject": "P1"}, "sample"),
        ({**CURVE, "sample": "gs://bucket/a.fcs"}, "sample"),
        ({**CURVE, "sample": "s3://bucket"}, "sample"),
        ({**CURVE, "curve": "file:///c.json"}, "curve"),
        ({"sample": "a.fcs", "beads": "", "subject": "P1"}, "beads"),
        ({**CURVE, "beads": "b.fcs"}, "curve"),
        ({**CURVE, "lot": LOT}, "lot"),
        ({"sample": "a.fcs", "beads": "b.fcs"}, "lot"),
        ({**BEADS, "lot": "474;5359"}, "lot"),
        ({**BEADS, "lot": "5,359"}, "lot"),
        ({**BEADS, "lot": "none.toml"}, "lot"),
        ({**BEADS, "lot": "lots/2026"}, "lot"),
        ({**BEADS, "lot": "x" * 5000}, "lot"),
        ({**CURVE, "population": "monocytes"}, "gates"),
        ({**CURVE, "ferritin_ng_ml": "4.420"}, "ferritin_ng_ml"),
        ({**CURVE, "ferritin_ng_ml": "12 mg/L"}, "ferritin_ng_ml"),
        ({**CURVE, "ferritin_ng_ml": "-3"}, "ferritin_ng_ml"),
        ({**CURVE, "ferritin_ng_ml": "high"}, "ferritin_ng_ml"),
        ({**CURVE, "drawn_at": "14.03.2026 09:31"}, "drawn_at"),
        ({**CURVE, "stained_at": "yesterday"}, "stained_at"),
        ({**CURVE, "kind": "patients"}, "kind"),
        ({**CURVE, "assay": "quantibrite-340828"}, "assay"),
        ({**CURVE, "assay": "none.toml"}, "assay"),
        ({**CURVE, "assay": "x" * 5000}, "assay"),
        ({**CURVE, "criterion": "immunosep"}, "criterion"),
        ({**CURVE, "criterion": "none.toml"}, "criterion"),
        ({**CURVE, "criterion": "x" * 5000 + ".toml"}, "criterion"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_with_its_line(row, column):
    assert defects_of({**CURVE, "sample": "good.fcs"}, row) == [(2, column)]


def test_a_definition_file_that_is_not_sound_is_refused_with_what_is_wrong_in_it(tmp_path):
    (tmp_path / "lot.toml").write_text("assigned = [474, 47]")
    (tmp_path / "assay.toml").write_text('schema = "hladr.assay/2"')
    (tmp_path / "criterion.toml").write_text("= ")
    row = {**BEADS, "lot": "lot.toml", "assay": "assay.toml", "criterion": "criterion.toml"}
    with pytest.raises(ManifestInvalid) as refused:
        manifest_of([row], folder=tmp_path)
    assert [defect.column for defect in refused.value.defects] == ["lot", "assay", "criterion"]
    assert "rise" in refused.value.defects[0].expected
    assert "hladr.assay/1" in refused.value.defects[1].expected


def test_every_wrong_row_is_told_at_once_and_twenty_are_shown():
    rows = [{**CURVE, "sample": f"{n}.fcs", "ferritin_ng_ml": "?"} for n in range(50)]
    with pytest.raises(ManifestInvalid) as refused:
        manifest_of(rows, name="trial.csv")
    error = refused.value
    assert (error.code, error.count) == ("MANIFEST_INVALID", 50)
    assert [defect.line for defect in error.defects] == list(range(1, 51))
    assert {defect.found for defect in error.defects} == {"'?'"}
    assert str(error).startswith("trial.csv: 50 things are wrong")
    assert "row 20, ferritin_ng_ml" in str(error)
    assert "row 21" not in str(error)
    assert "and 30 more" in str(error)
    assert len(error.lines()) == 50
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (again.defects, str(again)) == (error.defects, str(error))


def test_more_mistakes_than_are_of_use_are_counted(monkeypatch):
    monkeypatch.setattr("hladr.manifest.errors.MOST_KEPT", 5)
    rows = [{**CURVE, "sample": f"{n}.fcs", "kind": "?"} for n in range(50)]
    with pytest.raises(ManifestInvalid) as refused:
        manifest_of(rows)
    assert (refused.value.count, len(refused.value.defects)) == (50, 5)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"sample": "./a.fcs"}, True),
        ({"sample": "day/../a.fcs"}, True),
        ({"beads": "x/../b.fcs"}, True),
        ({"lot": "474.0, 5359,23843,62336"}, True),
        ({"lot": "lot.toml"}, True),
        ({"criterion": "grid-2023"}, True),
        ({"ferritin_ng_ml": "812"}, True),
        ({"sample": "A.fcs"}, False),
        ({"beads": "other.fcs"}, False),
        ({"lot": "474,5359,23843,62337"}, False),
        ({"beads": "", "lot": "", "curve": "c.json"}, False),
        ({"assay": "quantibrite-340827"}, False),
        ({"gates": "g.xml"}, False),
        ({"gates": "g.xml", "population": "mono"}, False),
        ({"sample": "s3://bucket/a.fcs"}, False),
    ],
)
def test_the_same_number_twice_is_a_duplicate_and_another_number_is_none(tmp_path, other, same):
    (tmp_path / "lot.toml").write_text(f"assigned = [{LOT}]")
    found = defects_of(BEADS, {**BEADS, **other}, {**BEADS, "sample": "z.fcs"}, folder=tmp_path)
    assert found == ([(2, "sample")] if same else [])


def test_a_duplicate_names_the_first_of_its_kind():
    rows = [BEADS, {**BEADS, "beads": "2.fcs"}, {**BEADS, "beads": "2.fcs"}, BEADS]
    with pytest.raises(ManifestInvalid) as refused:
        manifest_of(rows)
    assert [(d.line, d.found[-5:]) for d in refused.value.defects] == [(3, "row 2"), (4, "row 1")]


@pytest.mark.parametrize(
    ("header", "suggestion"),
    [
        ("sample,bead,lot", "beads"),
        ("samples,beads,lot", "sample"),
        ("sample,beads,lot,ferritin", "ferritin_ng_ml"),
        ("sample,beads,lot,Ferritin ng/ml", "ferritin_ng_ml"),
        ("sample,beads,lot,ferritin_mg_l", "ferritin_ng_ml"),
        ("sample,beads,lot,drawn at", "drawn_at"),
        ("sample,beads,lot,Stained", "stained_at"),
        ("sample,beads,lot,critereon", "criterion"),
        ("sample,beads,lot,tube-type", "tube_type"),
        ("sample,beads,lot,subject_id", "subject"),
    ],
)
def test_a_misspelt_column_is_refused_with_the_one_that_is_meant(tmp_path, header, suggestion):
    (tmp_path / "m.csv").write_text(f"\n{header}\n")
    with pytest.raises(ManifestInvalid) as refused:
        read_manifest(tmp_path / "m.csv")
    (defect,) = refused.value.defects
    assert (defect.line, repr(suggestion) in defect.expected) == (2, True)


@pytest.mark.parametrize(
    "header",
    ["sample,sample,curve", "sample,curve,Note,note", "beads,lot", "sample,subject", "a,b,c",
     "sample,curve," + "x" * 201],
)  # fmt: skip
def test_a_header_that_cannot_be_meant_is_refused(tmp_path, header):
    (tmp_path / "m.csv").write_text(f"{header}\n")
    with pytest.raises(ManifestInvalid, match="line 1"):
        read_manifest(tmp_path / "m.csv")


def test_columns_beside_the_known_ones_are_carried_through_in_their_order(tmp_path):
    header = "sample_id,SAMPLE,subject,subject_id,Instrument,curve,acquired_at,,batch"
    (tmp_path / "m.csv").write_text(f"{header}\n1,a.fcs,P,Q, Canto ,c.json,x,,\n")
    (row,) = read_manifest(tmp_path / "m.csv")
    carried = [
        ("sample_id", "1"),
        ("subject_id", "Q"),
        ("Instrument", " Canto "),
        ("acquired_at", "x"),
        ("batch", ""),
    ]
    assert list(row.carried) == carried


def test_a_column_without_a_name_has_to_be_blank(tmp_path):
    (tmp_path / "m.csv").write_text("sample,curve,\na.fcs,c.json,\nb.fcs,c.json,812\n")
    with pytest.raises(ManifestInvalid, match="line 3"):
        read_manifest(tmp_path / "m.csv")


def test_places_are_beside_the_manifest_absolute_or_far_away(tmp_path, monkeypatch):
    (tmp_path / "lot.toml").write_text(f"assigned = [{LOT}]")
    monkeypatch.chdir(tmp_path)
    rows = [
        {"sample": "a.fcs", "beads": "../b.fcs", "lot": "lot.toml", "gates": ""},
        {"sample": "/x/a.fcs", "beads": "s3://bucket/b.fcs", "lot": LOT, "gates": "g.xml"},
        {"sample": "s3://bucket/a b.fcs", "beads": "b", "lot": "s3://bucket/lot.toml", "gates": ""},
    ]
    one, two, three = manifest_of(rows)
    assert one.sample == "a.fcs"
    assert one.sample_path == f"{tmp_path}/a.fcs"
    assert one.beads == f"{tmp_path}/../b.fcs"
    assert one.lot == f"{tmp_path}/lot.toml"
    assert (two.sample_path, two.beads, two.lot) == ("/x/a.fcs", "s3://bucket/b.fcs", LOT)
    assert two.gates == f"{tmp_path}/g.xml"
    assert (three.sample_path, three.lot) == ("s3://bucket/a b.fcs", "s3://bucket/lot.toml")


def test_missing_files_are_no_mistake_but_can_be_listed(tmp_path):
    (tmp_path / "a.fcs").touch()
    rows = [
        {"sample": "a.fcs", "curve": "c.json"},
        {"sample": "b.fcs", "curve": "s3://bucket/c.json"},
        {"sample": "n" * 5000, "curve": "c.json"},
    ]
    missing = manifest_of(rows, folder=tmp_path).missing_files()
    assert [(each.line, each.column) for each in missing] == [
        (1, "curve"), (2, "sample"), (3, "sample"), (3, "curve"),
    ]  # fmt: skip
    assert missing[1].path == f"{tmp_path}/b.fcs"


def test_a_manifest_is_a_sequence_of_rows():
    rows = [{**CURVE, "sample": f"{n}.fcs", "kind": kind} for n, kind in enumerate(["", "Control"])]
    manifest = manifest_of(rows)
    assert [row.kind for row in manifest] == [Kind.PATIENT, Kind.CONTROL]
    assert manifest[-1].sample == "1.fcs"
    assert manifest[:1] == (manifest[0],)
    with pytest.raises(IndexError):
        manifest[2]
    assert pickle.loads(pickle.dumps(manifest[0])) == manifest[0]  # noqa: S301 - our own


def test_rows_of_other_columns_than_the_first_are_refused():
    with pytest.raises(ManifestInvalid, match="row 2"):
        manifest_of([CURVE, BEADS])


def test_the_manifest_of_the_sample_files_is_read():
    from hladr.cli.sample_files import sample_folder

    manifest = read_manifest(sample_folder() / "manifest.csv")
    assert len(manifest) == 5
    assert manifest.missing_files() == ()
    assert manifest.carried == ("true_abc", "expected_class", "expected_verdict")
