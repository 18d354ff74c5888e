"""What the report of the laboratory shows: frozen, every text ready to print."""

from dataclasses import dataclass

from markupsafe import Markup

from hladr.report.page import Badge, ClassCard, Fact


@dataclass(frozen=True, slots=True)
class NumberShown:
    """The number with its intervals, as it is printed."""

    abc: str
    ci95: str
    ci95_analysis: str
    basis: str
    remark: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding, and what somebody answered for it; empty where nobody had to."""

    badge: Badge
    code: str
    message: str
    answer: str


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """Who signed, what that says, when, and their comment."""

    name: str
    meaning: str
    at: str
    comment: str


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """Who was told by telephone, when, and whether it was read back."""

    told: str
    at: str
    read_back: str
    version: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One result of the subject over time; `this` is the one that is reported."""

    when: str
    abc: str
    ci95: str
    class_name: str
    preparation: str
    status: str
    this: bool


@dataclass(frozen=True, slots=True)
class LaboratoryPage:
    """Context of ``laboratory_report.html``.

    `number` is None where there is none: `absent` then says why. `figures` are drawn by the
    library; empty, `no_figures` says why. `record` is the JSON that is embedded.
    """

    laboratory: str
    subject: str
    report: str
    version: str
    identity: str
    status: Badge
    status_sentence: str
    replaced: str
    number: NumberShown | None
    absent: str
    classification: ClassCard | None
    references: tuple[str, ...]
    findings: tuple[FindingShown, ...]
    specimen: tuple[Fact, ...]
    method: tuple[Fact, ...]
    signatures: tuple[SignatureShown, ...]
    notices: tuple[NoticeShown, ...]
    series: tuple[SeriesRow, ...]
    series_figure: Markup
    figures: Markup
    no_figures: str
    origin: tuple[Fact, ...]
    record: Markup
