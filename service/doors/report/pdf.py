"""A report as PDF, by WeasyPrint in a process of its own that reads nothing but the page.

The same page gives the same bytes: the time in it is that at which the result left.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from importlib.util import find_spec
from typing import ClassVar

from service.canonical import sha256_of
from service.doors.leaving import Leaving
from service.doors.report.paper import on_paper
from service.errors import ServiceError
from service.moment import read

SECONDS, BYTES = 60, 4 << 30
"""Of a report: processor time, and address space."""


class PdfNotInstalled(ServiceError):
    """WeasyPrint, or what it draws with, is not there."""

    code: ClassVar[str] = "PDF_NOT_INSTALLED"
    status: ClassVar[int] = 501

    def __init__(self) -> None:
        super().__init__(
            "expected WeasyPrint and Pango to write PDF with, found none. Install hladr[pdf] and "
            "Pango, or print report.html."
        )


class PdfFailed(ServiceError):
    """The report could not be written as PDF."""

    code: ClassVar[str] = "PDF_FAILED"
    status: ClassVar[int] = 500

    def __init__(self) -> None:
        super().__init__(
            "expected a report as PDF, found that it cannot be written; print the HTML."
        )


def pdf_of(html: str, leaving: Leaving) -> bytes:
    """Return a report as PDF, with what it reports attached as JSON.

    Raises
    ------
    PdfNotInstalled, PdfFailed
    """
    if find_spec("weasyprint") is None:
        raise PdfNotInstalled
    left = int(read(leaving.departure.at).timestamp())
    order = {"html": on_paper(html), "identifier": sha256_of(html)}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "service.doors.report.pdf"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**_environment(), "SOURCE_DATE_EPOCH": str(left)},
            timeout=2 * SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise (PdfNotInstalled if error.returncode == _NOT_THERE else PdfFailed) from error
    except subprocess.SubprocessError as error:
        raise PdfFailed from error
    return done.stdout


_NOT_THERE = 69  # EX_UNAVAILABLE


def _environment() -> dict[str, str]:
    """Return what a program needs to find its libraries and fonts; no setting is among it."""
    return {name: text for name, text in os.environ.items() if not name.startswith("HLADR_")}


def main() -> None:
    """Write the report that is ordered on standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    order = json.load(sys.stdin)
    try:
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):  # Pango is not there
        sys.exit(_NOT_THERE)

    only_data = URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
    left = dt.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), dt.UTC)
    record = Attachment(
        string=_record(order["html"]),
        name="report.json",
        description="What is reported, for programs",
        created=left,
        modified=left,
    )
    document = HTML(string=order["html"], url_fetcher=only_data)
    written = document.write_pdf(
        pdf_identifier=order["identifier"].encode(), attachments=[record], pdf_tags=True
    )
    sys.stdout.buffer.write(written)


def _record(html: str) -> str:
    start = html.index('id="record">') + len('id="record">')
    return html[start : html.index("</script>", start)]


if __name__ == "__main__":
    main()
