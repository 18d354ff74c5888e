"""What the cells of one row, and of two rows, may not say together."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from hladr.manifest.errors import Defect, shown
from hladr.manifest.places import located, same_place

_OF_A_NUMBER = ("beads", "lot", "curve", "assay", "gates", "population")


def row_defects(columns: Mapping[str, Sequence[str]], lines: Sequence[int]) -> Iterator[Defect]:
    """Cells that are missing, or contradict one another.

    Parameters
    ----------
    columns
        As rows hold them: empty where nothing is said.
    lines
        Where each row begins.
    """
    names = ("sample", "beads", "curve", "lot", "gates", "population")
    given = (columns.get(name, repeat("")) for name in names)
    for line, sample, beads, curve, lot, gates, population in zip(lines, *given, strict=False):
        if not sample:
            yield Defect(line, "sample", "none", "a blood file")
        if beads and curve:
            found = f"beads {shown(beads)} and curve {shown(curve)}"
            yield Defect(line, "curve", found, "beads with their lot, or a curve")
        elif not beads and not curve:
            yield Defect(line, "beads", "neither", "a bead file with its lot, or a curve")
        elif curve and lot:
            yield Defect(line, "lot", shown(lot), "no lot beside a curve, which carries its own")
        elif beads and not lot:
            yield Defect(line, "lot", "none", "the lot of the beads: a file or its values")
        if population and not gates:
            yield Defect(line, "gates", "none", f"the gates with population {shown(population)}")


def repeated(
    columns: Mapping[str, Sequence[str]],
    lines: Sequence[int],
    unit: str,
    lots: Mapping[str, str],
    folder: str,
) -> Iterator[Defect]:
    """Rows that ask for the same number a second time.

    The same sample with another curve, assay or gate is another number; with another criterion or
    ferritin it is the same.

    Parameters
    ----------
    columns, lines
        As in `row_defects`.
    unit
        ``line`` or ``row``.
    lots
        Lot to the hash of its values: a file and the same values typed are one lot.
    folder
        Of the manifest.
    """
    keys = [columns.get(name) for name in _OF_A_NUMBER]

    def asked(row: int) -> tuple[str, ...]:
        cells = ["" if column is None else column[row] for column in keys]
        beads, lot, curve, assay, gates, population = cells
        files = (same_place(each) if each else "" for each in (beads, curve, gates))
        return (*files, lots.get(lot, lot), assay, population)

    first: dict[str, int] = {}
    more: dict[str, dict[tuple[str, ...], int]] = {}
    for row, sample in enumerate(columns["sample"]):
        if not sample:
            continue
        place = same_place(located(sample, folder))
        if place not in first:
            first[place] = row
            continue
        known = more.setdefault(place, {asked(first[place]): first[place]})
        earlier = known.setdefault(asked(row), row)
        if earlier != row:
            found = f"{shown(sample)} once more, as in {unit} {lines[earlier]}"
            yield Defect(lines[row], "sample", found, "a sample once with the same curve and gates")
