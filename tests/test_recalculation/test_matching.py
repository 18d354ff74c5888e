"""Which rows are the same sample: by the file first, then by the name, never by a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle_result_tables import COLUMNS, digest, measured, refused, write_csv

from hladr.recalculation import match
from hladr.recalculation.matching import TablesUnrelated
from hladr.result_table import read_results
from hladr.result_table.errors import ResultRowRepeated


@pytest.fixture
def matched(tmp_path):
    def call(old, new, columns=COLUMNS):
        tables = (
            read_results(write_csv(tmp_path / f"{name}.csv", rows, columns))
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


def lines(matching):
    return [(pair.old.line, pair.new.line) for pair in matching.pairs]


def test_copies_of_a_file_are_matched_by_their_paths(matched):
    copies = [measured("a") | {"sample": f"{name}.fcs"} for name in ("x", "y")]
    found = matched([*copies, measured("b")], [measured("b"), *copies[::-1]])
    assert lines(found) == [(4, 2), (3, 3), (2, 4)]
    assert found.repeated == ()
    # one of them was renamed: there is only one left that it can be
    renamed = measured("a") | {"sample": "z.fcs"}
    assert lines(matched(copies, [renamed, copies[0]])) == [(3, 2), (2, 3)]


def test_copies_that_say_the_same_are_one_like_the_other(matched):
    copies = [measured("a") | {"sample": f"{name}.fcs"} for name in ("x", "y")]
    found = matched(copies, [measured("a")])
    assert lines(found) == [(2, 2)]
    assert [row.line for row in found.only_old] == [3]
    assert len(matched([measured("a")] * 3, [measured("a")] * 3).pairs) == 3


TELLING = [
    ({"beads": "one.fcs"}, {"beads": "two.fcs"}),
    ({"gates": "g1.xml"}, {"gates": "g2.xml"}),
    ({"population": "Mono"}, {"population": "CD14"}),
    ({"manifest_lot": "474,5359,23843,62336"}, {"manifest_lot": "475,5359,23843,62336"}),
    ({"curve": "one.json"}, {"curve": "two.json"}),
    ({"visit": "1"}, {"visit": "2"}),
]


@pytest.mark.parametrize("cells", TELLING)
def test_a_sample_measured_in_two_ways_is_matched_way_by_way(matched, cells):
    columns = (*COLUMNS, *cells[0])
    one, two = (measured("a", 9000.0 + n) | each for n, each in enumerate(cells))
    found = matched([one, two], [two, one], columns)
    assert (lines(found), found.repeated) == ([(3, 2), (2, 3)], ())
    # the lot was corrected: it says nothing, and the ways still do
    later = [each | {"lot_sha256": digest("corrected"), "abc": 9900.0} for each in (two, one)]
    assert lines(matched([one, two], later, columns)) == [(3, 2), (2, 3)]
    # one way is another now
    other = one | dict.fromkeys(cells[0], "another")
    assert lines(matched([one, two], [other, two], columns)) == [(2, 2), (3, 3)]


def test_what_nothing_tells_apart_is_listed_and_the_rest_is_matched(matched):
    twice = [measured("a"), measured("a", 9100.0)]
    found = matched([measured("b"), *twice], [*twice, measured("b")])
    assert shown(found) == [("b.fcs", "b.fcs", "sample_sha256")]
    (unclear,) = found.repeated
    assert [[row.line for row in rows] for rows in (unclear.old, unclear.new)] == [[3, 4], [2, 3]]
    assert found.only_old == found.only_new == ()
    by_name = matched([measured("z"), refused("a"), refused("a", "NOT_FCS")],
                      [measured("z"), refused("a")])  # fmt: skip
    assert [row.line for row in by_name.repeated[0].old] == [3, 4]


def test_rows_that_are_all_there_twice_are_refused_by_their_lines(matched):
    twice = measured("a", 9100.0) | {"sample": "copy.fcs"}
    with pytest.raises(ResultRowRepeated, match=r"new.csv, line 3.*'copy.fcs'.*line 2") as caught:
        matched([measured("a") | {"sample": "old.fcs"}], [measured("a"), twice])
    assert (caught.value.line, caught.value.first) == (3, 2)
    with pytest.raises(ResultRowRepeated, match="same name as in line 2"):
        matched([refused("a"), refused("a", "NOT_FCS")], [refused("a")])


def test_names_that_are_there_twice_do_not_matter_where_the_hash_tells(matched):
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
