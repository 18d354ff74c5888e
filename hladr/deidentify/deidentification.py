"""A file in, the same events without patient data out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from calibration.finding import Finding, Severity
from hladr.deidentify.allowed import Allowed, Identity, allowed_keywords
from hladr.deidentify.block import Block, make_block
from hladr.deidentify.errors import FolderNotWritable, SubjectMissing
from hladr.deidentify.leftovers import require_nothing_left
from hladr.deidentify.pseudonym import PseudonymKey
from hladr.deidentify.segments import Said, data_bytes, everything_said
from hladr.deidentify.verification import (
    require_nothing_beside,
    require_same_events,
    require_same_reading,
)
from hladr.fcs.chain import read_chain
from hladr.fcs.dataset import DataSet, Outline, read_dataset
from hladr.fcs.errors import listed
from hladr.fcs.keywords import Keywords
from hladr.fcs.reader import read_fcs
from hladr.fcs.source import Source, open_source
from hladr.fcs.table import EventTable
from hladr.whole_file import whole_file


@dataclass(frozen=True, slots=True)
class Deidentified:
    """What was written.

    Parameters
    ----------
    path
        The output; its name is a pseudonym.
    subject
        Pseudonym of the subject; None when none was given.
    removed
        Number of keywords that are not in the output, or not with their value.
    findings
        What a user of the output has to know.
    """

    path: Path
    subject: str | None
    removed: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Original:
    """A file as it was read: the table a user would get, and each of its data sets."""

    source: Source
    table: EventTable
    outlines: tuple[Outline, ...]
    datasets: tuple[DataSet, ...]


def deidentify(
    file: str | Path,
    folder: str | Path,
    *,
    key: PseudonymKey,
    subject: str | None = None,
    subject_keyword: str | None = None,
    keep: Collection[Path] = (),
) -> Deidentified:
    """Write an FCS file without patient data.

    Parameters
    ----------
    file
        FCS or LMD file; several data sets in it stay several.
    folder
        Where to write ``<pseudonym>.fcs``; it has to exist. An earlier output is replaced.
    key
        The laboratory's.
    subject
        Whose file it is; the same subject has the same pseudonym and the same shift of dates in
        every file. Without one (here or by `subject_keyword`) dates are removed. Two that differ
        by more than blanks around them, be it by case, are two.
    subject_keyword
        Keyword that holds the subject, ``PATIENT ID``.
    keep
        Files that are never replaced, beside `file`.

    Raises
    ------
    FcsError
        The file cannot be read.
    DeidentificationError
        The output would tell who it is, would not measure the same, or cannot be written.
    TypeError
        Both `subject` and `subject_keyword`.
    ValueError
        The subject is blank.
    """
    if subject is not None and subject_keyword is not None:
        raise TypeError("give the subject or the keyword that holds it, not both")
    if subject is not None and not subject.strip():
        raise ValueError("the subject is blank; give None for a file of nobody in particular")
    original = _read(Path(file))
    if subject_keyword is not None:
        subject = original.table.keyword(subject_keyword)
        if subject is None:
            raise SubjectMissing(keyword=subject_keyword)
    content = f"{subject or ''}\0{original.table.sha256}"
    identity = Identity(key, subject, f"{key.pseudonym('file', content)}.fcs")
    allowed = [
        allowed_keywords(EventTable(original.source, dataset, Keywords({})), outline, identity)
        for outline, dataset in zip(original.outlines, original.datasets, strict=True)
    ]
    removed = list(_removed(original, allowed))
    names = [Said("file", Path(file).name), Said("file", Path(file).stem)]
    names += [Said("subject", subject)] if subject else []
    target = Path(folder) / identity.name
    _write(target, _blocks(original, allowed), (Path(file), *keep), original, [*removed, *names])
    return Deidentified(
        path=target,
        subject=None if subject is None else key.pseudonym("subject", subject),
        removed=len({each.keyword.strip().upper() for each in removed} - {""}),
        findings=tuple(_findings(allowed)),
    )


def _read(path: Path) -> _Original:
    source = open_source(path)
    outlines = read_chain(source.view).outlines
    table = read_fcs(source.view)  # refuses a damaged chain
    return _Original(source, table, outlines, tuple(map(read_dataset, outlines)))


def _ends(original: _Original) -> Iterator[int]:
    """First byte behind each data set, counted from its start: the next one, or the file's end."""
    sizes = [len(outline.view) for outline in original.outlines]
    for size, following in zip(sizes, [*sizes[1:], 0], strict=True):
        yield size - following


def _removed(original: _Original, allowed: Sequence[Allowed]) -> Iterator[Said]:
    """Everything that the original says and the output does not."""
    parts = zip(original.outlines, original.datasets, allowed, _ends(original), strict=True)
    for outline, dataset, kept, end in parts:
        entries = {name.upper(): value for name, value in kept.entries.items()}
        for each in everything_said(outline, dataset.columns, end):
            name = each.keyword.strip(" \t\r\n\0").upper()
            if entries.get(name) == each.value.strip(" \t\r\n\0"):
                continue
            yield each
            if name and name not in entries:
                yield Said("", name)


def _blocks(original: _Original, allowed: Sequence[Allowed]) -> list[Block]:
    last = len(allowed) - 1
    return [
        make_block(
            outline.header.version,
            kept.entries,
            data_bytes(dataset.columns),
            is_last=position == last,
        )
        for position, (outline, dataset, kept) in enumerate(
            zip(original.outlines, original.datasets, allowed, strict=True)
        )
    ]


def _write(
    target: Path,
    blocks: Sequence[Block],
    inputs: Sequence[Path],
    original: _Original,
    removed: Sequence[Said],
) -> None:
    """Write, read again, and let it take the target's place if it is sound.

    Raises
    ------
    DeidentificationError
        It is not, or cannot be written. The target is as it was before.
    """
    try:
        if target.exists() and any(path.exists() and path.samefile(target) for path in inputs):
            reason = "the output would replace an input"
            raise FolderNotWritable(folder=str(target.parent), reason=reason)
        with whole_file(target) as unfinished:
            for block in blocks:
                unfinished.stream.write(block.head)
                unfinished.stream.write(block.data)
            unfinished.settle()
            _verify(unfinished.path, original, removed)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderNotWritable(folder=str(target.parent), reason=reason) from error


def _verify(path: Path, original: _Original, removed: Sequence[Said]) -> None:
    written = _read(path)
    require_same_events(original.datasets, written.datasets)
    require_same_reading(original.table, written.table)
    require_nothing_beside(len(written.source.view), written.outlines, written.datasets)
    require_nothing_left(written.outlines, written.datasets, removed)


def _findings(allowed: Sequence[Allowed]) -> Iterator[Finding]:
    replaced = sorted({keyword for each in allowed for keyword in each.replaced})
    if replaced:
        yield Finding(
            "LABEL_REPLACED",
            Severity.NOTE,
            f"{listed(replaced)} hold words that are not the field's and might be a name; they "
            "were replaced. A stain that is needed has to be labelled with its antigen and dye.",
        )
    treatments = {each.dates.treatment for each in allowed}
    if "removed" in treatments:
        yield Finding(
            "DATES_REMOVED",
            Severity.NOTE,
            "date and time of acquisition were removed: no subject was given, or they could not "
            "be read. Give --subject to shift them instead, for beads and blood alike.",
        )
    elif "shifted" in treatments:
        yield Finding(
            "DATES_SHIFTED",
            Severity.NOTE,
            "dates were moved into the past by days that belong to the subject; distances in time "
            "hold among the subject's files only, and a lot's expiry cannot be checked to the day.",
        )
