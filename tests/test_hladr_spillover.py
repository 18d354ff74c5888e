"""Spillover: what files give, what is refused, and compensation as FlowKit does it."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.fcs import EventTable, read_fcs
from hladr.spillover import Spillover, SpilloverError, already_compensated, bare_detector

SHARED_FCS = Path(__file__).resolve().parents[2] / "shared" / "fcs"
THREE = ("A", "B", "C")


def table_with(keyword, text, columns=THREE):
    rng = np.random.default_rng(1)
    values = {name: rng.normal(1000, 100, 50) for name in columns}
    return EventTable.from_columns(values, keywords={keyword: text})


@st.composite
def matrices(draw):
    n = draw(st.integers(1, 5))
    off = st.just(0.0) | st.floats(1e-9, 0.15)
    rows = draw(st.lists(st.lists(off, min_size=n, max_size=n), min_size=n, max_size=n))
    matrix = np.array(rows)
    np.fill_diagonal(matrix, 1.0)
    return matrix


@given(matrices(), st.integers(0, 1000))
def test_compensation_finds_the_signal_that_was_spilled(matrix, seed):
    names = tuple(f"D{n}" for n in range(len(matrix)))
    true = np.random.default_rng(seed).normal(1000.0, 300.0, (20, len(matrix)))
    table = EventTable.from_columns(dict(zip(names, (true @ matrix).T, strict=True)))
    spillover = Spillover.from_matrix(names, matrix)
    for position, name in enumerate(names):
        found = spillover.compensated(table, name)
        np.testing.assert_allclose(found, true[:, position], rtol=1e-9, atol=1e-6)


@given(matrices(), st.lists(st.floats(0.1, 1e6), min_size=5, max_size=5))
def test_the_scale_of_a_row_does_not_matter(matrix, factors):
    names = tuple(f"D{n}" for n in range(len(matrix)))
    scaled = matrix * np.array(factors[: len(matrix)])[:, np.newaxis]
    found = Spillover.from_matrix(names, scaled)
    np.testing.assert_allclose(found.matrix, matrix, rtol=1e-12)
    np.testing.assert_array_equal(np.diag(found.matrix), 1.0)
    assert found.normalised == bool(np.any(np.diag(scaled) != 1.0))


def test_rows_are_fluorochromes_and_columns_detectors():
    table = table_with("$SPILLOVER", "2,A,B,1,0.2,0,1")
    spillover = Spillover.from_table(table)
    np.testing.assert_array_equal(spillover.matrix, [[1.0, 0.2], [0.0, 1.0]])
    a, b = table.column("A"), table.column("B")
    np.testing.assert_array_equal(spillover.compensated(table, "A"), a)
    np.testing.assert_allclose(spillover.compensated(table, "B"), b - 0.2 * a)


def test_only_columns_with_weight_are_read():
    table = table_with("SPILL", "3,A,B,C,1,0.1,0,0,1,0,0,0,1")
    values = {name: table.column(name) for name in "ABC"}
    values["A"] = np.full(table.n_events, np.nan)
    broken = EventTable.from_columns(values)
    spillover = Spillover.from_table(table)
    np.testing.assert_array_equal(spillover.compensated(broken, "C"), values["C"])
    assert np.isnan(spillover.compensated(broken, "B")).all()


def test_an_identity_changes_nothing_and_is_a_matrix_all_the_same():
    table = table_with("$SPILLOVER", "2,B,A,1,0,0,1")
    spillover = Spillover.from_table(table)
    assert spillover.detectors == ("B", "A")
    np.testing.assert_array_equal(spillover.compensated(table, "A"), table.column("A"))


def test_a_channel_outside_the_matrix_comes_as_it_is():
    table = table_with("$SPILLOVER", "2,A,B,1,0.2,0.1,1")
    values = Spillover.from_table(table).compensated(table, "C")
    np.testing.assert_array_equal(values, table.column("C"))


def test_a_file_without_a_matrix_has_none():
    assert Spillover.from_table(table_with("$CYT", "x")) is None


@pytest.mark.parametrize("keyword", ["$SPILLOVER", "$spillover", "SPILLOVER", "$SPILL", "SPILL"])
def test_the_keyword_goes_by_several_names(keyword):
    spillover = Spillover.from_table(table_with(keyword, " 2 , A , b ,1,0.2,0,1"))
    assert spillover.detectors == ("A", "B")
    assert spillover.keyword.upper() == keyword.upper()


def test_channels_may_be_given_by_number():
    assert Spillover.from_table(table_with("$SPILLOVER", "2,3,1,1,0,0,1")).detectors == ("C", "A")


def test_a_channel_that_is_called_a_number_is_meant_by_its_name():
    table = table_with("$SPILLOVER", "2,2,9,1,0,0,1", columns=("2", "9", "C"))
    assert Spillover.from_table(table).detectors == ("2", "9")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x", "'x' as the number of channels"),
        ("0", "'0' as the number of channels"),
        ("99999999", "'99999999' as the number of channels"),
        ("2,A,B", "3 entries instead of 7"),
        ("2,A,B,1,0,0", "6 entries instead of 7"),
        ("2,A,B,1,0,0,1,0", "8 entries instead of 7"),
        ("2,A,X,1,0,0,1", "'X', which is not one channel"),
        ("2,A,4,1,0,0,1", "'4', which is not one channel"),
        ("2,A,A,1,0,0,1", "a channel named twice"),
        ("2,A,1,1,0,0,1", "a channel named twice"),
        ("2,A,B,1,nan,0,1", "not numbers"),
        ("2,A,B,1,inf,0,1", "not numbers"),
        ("2,A,B,1,1e300,1e300,1", "shares above 100"),
        ("2,A,B,1e-300,1,0,1", "shares above 100"),
        ("2,A,B,0,0,0,1", "a diagonal that is not above 0"),
        ("2,A,B,-1,0,0,1", "a diagonal that is not above 0"),
        ("2,A,B,0,0,0,0", "a diagonal that is not above 0"),
        ("2,A,B,1,1,1,1", "cannot be inverted"),
        ("2,A,B,1,0.99999999999,1,1", "cannot be inverted"),
    ],
)
def test_a_matrix_that_cannot_be_used_is_refused_with_the_reason(text, found):
    with pytest.raises(SpilloverError, match="SPILLOVER should be") as caught:
        Spillover.from_table(table_with("$SPILLOVER", text))
    assert found in str(caught.value)
    assert caught.value.code == "SPILLOVER_INVALID"
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 -- our own bytes
    assert (again.found, str(again)) == (caught.value.found, str(caught.value))


def test_a_channel_of_two_places_cannot_be_in_a_matrix(tmp_path):
    from hladr.fcs import OutputChannel, write_fcs

    path = tmp_path / "twice.fcs"
    channels = [OutputChannel("A", [1.0]), OutputChannel("A", [2.0])]
    write_fcs(path, channels, keywords={"$SPILLOVER": "1,A,1"})
    with pytest.raises(SpilloverError):
        Spillover.from_table(read_fcs(path))


def test_comp_of_fcs_30_is_told_by_its_signs():
    spill = np.array([[1.0, 0.2, 0.0], [0.1, 1.0, 0.0], [0.0, 0.0, 1.0]])
    for matrix in (spill, np.linalg.inv(spill)):
        text = "3," + ",".join(repr(float(x)) for x in matrix.ravel())
        found = Spillover.from_table(table_with("$COMP", text))
        np.testing.assert_allclose(found.matrix, spill, atol=1e-12)
    with pytest.raises(SpilloverError, match="signs"):
        Spillover.from_table(table_with("$COMP", "3,1,0.2,0,-0.1,1,0,0,0,1"))
    with pytest.raises(SpilloverError, match="entries instead of 10"):
        Spillover.from_table(table_with("$COMP", "2,1,0,0,1"))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Comp-PE-A", "PE-A"),
        ("COMP_PE-A", "PE-A"),
        ("Comp:: PE-A", "PE-A"),
        ("<PE-A>", "PE-A"),
        (" Comp-PE-A ", "PE-A"),
    ],
)
def test_names_of_compensated_channels_are_known(name, bare):
    assert already_compensated(name)
    assert bare_detector(name) == bare


@pytest.mark.parametrize("name", ["PE-A", "Complement-A", "Comp", "<PE-A", "PE-A>", "CompPE", ""])
def test_other_names_are_left_alone(name):
    assert not already_compensated(name)
    assert bare_detector(name) == name


COMPENSATED = (
    "human/a2004_O1T2pb05i_A2_A02.fcs",
    "human/OMIP021_Donor1.fcs",
    "human/PeacoQC_111.fcs",
    "formats/AttuneNxT_G11_fcs31.fcs",
    "beads/tasbe_beads_RCP-30-5A_LSRII.fcs",
)


@pytest.mark.corpus
@pytest.mark.parametrize("name", COMPENSATED)
def test_compensated_values_agree_with_flowkit_event_by_event(name):
    if not SHARED_FCS.is_dir():
        pytest.skip("the shared file corpus is not beside this checkout")
    from flowkit import Matrix, Sample

    content = (SHARED_FCS / name).read_bytes()
    table = read_fcs(content)
    keyword = next(k for k in ("$SPILLOVER", "SPILL") if table.keyword(k))
    n, *rest = table.keyword(keyword).split(",")
    numbers = np.array(rest[int(n) :], dtype=float).reshape(int(n), int(n))
    sample = Sample(io.BytesIO(content), ignore_offset_error=True)
    theirs = Matrix(numbers, rest[: int(n)]).apply(sample)
    spillover = Spillover.from_table(table)
    for position, label in enumerate(sample.pnn_labels):
        ours = spillover.compensated(table, label)
        np.testing.assert_allclose(ours, theirs[:, position], rtol=1e-7, atol=1e-6)


@pytest.mark.corpus
def test_percentages_of_an_lmd_compensate_its_full_resolution_only():
    if not SHARED_FCS.is_dir():
        pytest.skip("the shared file corpus is not beside this checkout")
    path = SHARED_FCS / "human" / "FC500_isotypes_CD45_2sets.LMD"
    spillover = Spillover.from_table(read_fcs(path))
    assert spillover.detectors == ("FL1", "FL2", "FL3", "FL4", "FL5")
    assert spillover.matrix[1, 2] == pytest.approx(0.611)  # $DFC2TO3 61.10
    assert spillover.matrix[2, 1] == pytest.approx(0.099)  # $DFC3TO2 9.90
    assert Spillover.from_table(read_fcs(path, dataset=0)) is None


@pytest.mark.corpus
def test_compensating_the_full_resolution_gives_what_the_cytometer_compensated():
    if not SHARED_FCS.is_dir():
        pytest.skip("the shared file corpus is not beside this checkout")
    path = SHARED_FCS / "human" / "FC500_isotypes_CD45_2sets.LMD"
    full, coarse = read_fcs(path), read_fcs(path, dataset=0)
    ours = Spillover.from_table(full).compensated(full, "FL3")
    theirs = coarse.column("FL3 Log")
    middle = (coarse.raw()[:, 4] & 1023 > 300) & (coarse.raw()[:, 4] & 1023 < 900)
    ratio = ours[middle] / theirs[middle]
    assert np.ptp(np.log10(np.quantile(ratio, [0.05, 0.95]))) < 0.05


def test_percentages_beside_full_resolution_alone_are_refused():
    with pytest.raises(SpilloverError, match="subtracted already"):
        Spillover.from_table(table_with("$DFC1TO2", "12.5", columns=("FL1", "FL2")))
    assert Spillover.from_table(table_with("$DFC1TO2", "0.00")) is None


def test_a_share_above_what_any_dye_spills_is_refused_however_it_comes():
    with pytest.raises(SpilloverError, match="shares above 100"):
        Spillover.from_matrix(("A", "B"), np.array([[1e-308, 1e308], [0.0, 1.0]]))


@pytest.mark.parametrize(
    ("names", "markers", "text", "how"),
    [
        (("A", "B"), {}, "2,A,B,1,0.2,0.1,1,", "a comma follows its last number"),
        (("F,A", "B"), {}, "2,F,A,B,1,0.2,0.1,1", "names of channels hold commas"),
        (("F, A", "P,E,A"), {}, "2,F,A,P,E,A,1,0.2,0.1,1", "names of channels hold commas"),
        (("A", "B"), {"A": "CD4", "B": "HLA-DR"}, "2,CD4,HLA-DR,1,0.2,0.1,1", "named by $PnS"),
    ],
)
def test_a_matrix_is_understood_by_the_files_own_channels(names, markers, text, how):
    columns = {name: np.arange(3.0) for name in (*names, "Time")}
    table = EventTable.from_columns(columns, markers=markers, keywords={"$SPILLOVER": text})
    spillover = Spillover.from_table(table)
    assert spillover.detectors == names
    assert spillover.matrix.tolist() == [[1.0, 0.2], [0.1, 1.0]]
    assert len(spillover.mended) == 1
    assert how in spillover.mended[0]


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (("F", "F,A", "B"), "2,F,A,B,1,0.2,0.1,1"),  # F and A, or F,A?
        (("A", "B", "C"), "2,A,B,C,1,0.2,0.1,1"),
        (("A", "B"), "2,A,B,1,0.2,0.1,1,,"),
    ],
)
def test_a_matrix_that_may_mean_two_things_is_refused(columns, text):
    with pytest.raises(SpilloverError):
        Spillover.from_table(table_with("$SPILLOVER", text, columns))


def test_a_marker_of_two_channels_names_neither():
    table = EventTable.from_columns(
        {"A": [1.0], "B": [2.0]},
        markers={"A": "CD4", "B": "CD4"},
        keywords={"$SPILLOVER": "1,CD4,1"},
    )
    with pytest.raises(SpilloverError, match="not one channel"):
        Spillover.from_table(table)
