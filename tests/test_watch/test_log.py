"""The table that a watcher adds to: it only grows, by one lot, and nothing stands in it twice."""

import datetime as dt
from dataclasses import replace

import pytest
from watched_folder import LOT, SAMPLES, Bench, arrives

from hladr.assay import load_assay
from hladr.pairing import LotPeriod, checked_lot, default_rules
from hladr.watch import LogRestsOnOther, LogUnusable, ResultLog, Watcher


def test_a_restart_measures_nothing_twice_and_misses_nothing(bench, folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    bench.close()
    arrives(folder, "borderline.fcs")
    again = Bench(folder, tmp_path / "results.csv")
    again.after(0)
    assert again.after(6) == [("borderline.fcs", "pass")]
    assert [row["sample"] for row in again.rows()] == ["mals.fcs", "borderline.fcs"]
    again.close()


@pytest.mark.parametrize("cut", [1, 40, 10_000])
def test_a_row_that_was_cut_off_is_taken_away_and_measured_again(cut, bench, folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    bench.close()
    output = tmp_path / "results.csv"
    whole = output.read_bytes()
    output.write_bytes(whole[: max(len(whole) - cut, 0)])
    again = Bench(folder, output)
    again.after(0)
    assert again.after(6) == [("mals.fcs", "pass")]
    again.close()
    assert output.read_bytes() == whole


def test_another_table_and_a_table_in_use_are_left_alone(bench, tmp_path):
    with pytest.raises(LogUnusable, match="another hladr watch"):
        ResultLog(tmp_path / "results.csv")
    other = tmp_path / "other.csv"
    other.write_text("patient,age\nA,7\n")
    with pytest.raises(LogUnusable, match="begins as another file"):
        ResultLog(other)
    assert other.read_text() == "patient,age\nA,7\n"
    for content in (
        b"notes without an end of line",
        b"a,b\n1,2",
        (SAMPLES / "mals.fcs").read_bytes(),
    ):
        other.write_bytes(content)
        with pytest.raises(LogUnusable):
            ResultLog(other)
        assert other.read_bytes() == content
    with pytest.raises(LogUnusable):
        ResultLog(tmp_path)
    assert bench.rows() == []


def begun_again(bench, folder, *, lot=LOT, assay=None):
    """A watcher on the table that is there, with another lot or assay."""
    bench.close()
    bench.log = ResultLog(bench.output)
    known = replace(default_rules(), lots=(LotPeriod(None, None, checked_lot(lot)),))
    return Watcher(
        folder, known, assay or load_assay("quantibrite-340827"), 5.0, bench.log, lambda _: None
    )


def test_a_table_is_not_continued_with_another_lot_assay_or_algorithm(bench, folder, monkeypatch):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    begun_again(bench, folder)
    before = bench.output.read_bytes()
    with pytest.raises(LogRestsOnOther, match=r"lot 402,4550.*another output.*hladr batch"):
        begun_again(bench, folder, lot="402,4550,20240,52900")
    other = replace(load_assay("quantibrite-340827"), sha256="4" * 64)
    with pytest.raises(LogRestsOnOther, match="444444444444"):
        begun_again(bench, folder, assay=other)
    monkeypatch.setattr("hladr.watch.basis.ALGORITHM", "999")
    with pytest.raises(LogRestsOnOther, match="algorithm 999"):
        begun_again(bench, folder)
    assert bench.output.read_bytes() == before


def test_a_lot_of_other_days_may_be_added(bench, folder):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    bench.close()
    lots = (
        LotPeriod(None, dt.date(2099, 1, 1), checked_lot(LOT)),
        LotPeriod(dt.date(2099, 1, 2), None, checked_lot("402,4550,20240,52900")),
    )
    bench.log = ResultLog(bench.output)
    known, assay = replace(default_rules(), lots=lots), load_assay("quantibrite-340827")
    Watcher(folder, known, assay, 5.0, bench.log, lambda _: None)


def test_a_lot_file_that_is_written_over_does_not_mix_numbers(bench, folder, tmp_path):
    lot = tmp_path / "lot.toml"
    lot.write_text("assigned = [474, 5359, 23843, 62336]\n")
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    watcher = begun_again(bench, folder, lot=str(lot))
    lot.write_text("assigned = [402, 4550, 20240, 52900]\n")
    list(watcher.look(0.0))
    assert [seen.what for seen in watcher.look(6.0)] == ["pass"]
    lot.write_text("assigned = [474, 5359, 23843, 62336]\n")
    begun_again(bench, folder, lot=str(lot))
