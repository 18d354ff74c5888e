"""Which rows are the same sample: by the file first, then by the name, never by a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle_result_tables import digest, measured, refused, write_csv

from hladr.recalculation import match
from hladr.recalculation.matching import TablesUnrelated
from hladr.result_table import read_results
from hladr.result_table.errors import ResultRowRepeated


@pytest.fixture
def matched(tmp_path):
    def call(old, new):
        tables = (
            read_results(write_csv(tmp_path / f"{name}.csv", rows))
            for name, rows in (("old", old), ("new", new))
        )
        return match(*tables)

    return call


def shown(matching):
    return [(pair.old.sample, pair.new.sample, pair.by) for pair in matching.pairs]


def test_a_file_that_was_renamed_is_matched_by_its_hash(matched):
    renamed = measured("a") | {"sample": "elsewhere/a2.fcs"}
    found = matched([measured("a"), measured("b")], [measured("b"), renamed])
    assert shown(found) == [
        ("b.fcs", "b.fcs", "sample_sha256"),
        ("a.fcs", "elsewhere/a2.fcs", "sample_sha256"),
    ]


def test_what_was_refused_or_is_another_file_is_matched_by_its_name(matched):
    other = measured("b", sample_sha256=digest("another"))
    found = matched(
        [measured("a"), measured("b"), refused("c")], [refused("a"), other, refused("c")]
    )
    assert [by for *_, by in shown(found)] == ["sample"] * 3


def test_the_hash_goes_before_the_name(matched):
    """Two files changed names: each is found by what is in it."""
    swapped = [measured("a") | {"sample": "b.fcs"}, measured("b") | {"sample": "a.fcs"}]
    found = matched([measured("a"), measured("b")], swapped)
    assert {(old, new) for old, new, _ in shown(found)} == {("a.fcs", "b.fcs"), ("b.fcs", "a.fcs")}


def test_samples_of_one_table_only_are_told(matched):
    found = matched([measured("a"), measured("b")], [measured("c"), measured("a")])
    assert [row.sample for row in found.only_old] == ["b.fcs"]
    assert [row.sample for row in found.only_new] == ["c.fcs"]


def test_a_file_that_is_there_twice_is_refused_by_its_lines(matched):
    twice = measured("a") | {"sample": "copy.fcs"}
    with pytest.raises(ResultRowRepeated, match=r"new.csv, line 4.*'copy.fcs'.*line 2") as caught:
        matched([measured("a")], [measured("a"), measured("b"), twice])
    assert (caught.value.line, caught.value.first) == (4, 2)


def test_a_name_that_is_there_twice_is_refused_where_it_has_to_tell(matched):
    with pytest.raises(ResultRowRepeated, match="same name as in line 3"):
        matched([measured("z"), refused("a"), refused("a")], [measured("z"), refused("a")])
    # not where the hash tells, nor where nothing of that name is in the other table
    other = measured("b") | {"sample": "a.fcs"}
    assert len(matched([measured("a"), other], [measured("a"), other]).pairs) == 2
    assert len(matched([measured("z"), refused("a"), refused("a")], [measured("z")]).pairs) == 1


def test_tables_of_different_samples_are_refused(matched):
    with pytest.raises(TablesUnrelated, match=r"1 rows.*0 rows"):
        matched([measured("a")], [])


@given(
    st.permutations(range(7)), st.sets(st.integers(0, 6)), st.sets(st.integers(0, 6), max_size=6)
)
def test_every_row_is_in_one_place(tmp_path_factory, order, gone, refusals):
    folder = tmp_path_factory.mktemp("tables")
    old = [measured(str(i)) for i in range(8)]
    new = [refused(str(i)) if i in refusals else measured(str(i)) for i in order if i not in gone]
    new.append(measured("7"))
    tables = [
        read_results(write_csv(folder / f"{len(r)}-{i}", r)) for i, r in enumerate((old, new))
    ]
    found = match(*tables)
    assert all(pair.old.sample == pair.new.sample for pair in found.pairs)
    assert [pair.new.line for pair in found.pairs] == list(range(2, len(new) + 2))
    assert len(found.pairs) + len(found.only_old) == len(old)
    assert {row.sample for row in found.only_old} == {f"{i}.fcs" for i in gone}
