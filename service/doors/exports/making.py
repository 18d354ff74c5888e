"""The content of a study export: results of each site, what is open, and what is said of both."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, Final

from sqlalchemy import Connection

from hladr.csv_text import Cell, csv_header, csv_line
from hladr.version import ALGORITHM, software_version
from service.analyses.embargo import embargo_of
from service.analyses.standing import Standing, standing_of
from service.analyses.tube import Tube, tube_of
from service.doors.exports.package import Package, Taker, packed
from service.doors.exports.queries import COLUMNS, open_queries
from service.doors.leaving import Leaving
from service.doors.tables.files import write_csv
from service.doors.tables.row import HIDDEN, TABLE, hidden_row, row_of
from service.doors.tables.walk import Subjects, departed_of
from service.laboratory import Laboratory
from service.store import analyses, audit, departed
from service.store.studies import Study

SCHEMA: Final = "hladr.study-export/1"
MANIFEST: Final = "manifest.json"
_COLUMNS = (*TABLE, HIDDEN)
Row = Mapping[str, Cell]


@dataclass(slots=True)
class Counted:
    """How many rows were written, and of how many the study hides what was measured."""

    rows: int = 0
    hidden: int = 0


def write_export(
    taker: Taker, connection: Connection, laboratory: Laboratory, study: Study, made_at: str
) -> Mapping[str, Any]:
    """Write an export of a study as it is at one moment; what its manifest says.

    The same study, audit and moment give the same bytes.

    Parameters
    ----------
    connection
        All that it reads is of one moment.
    """
    head = audit.head(connection)
    with laboratory.archive.aside() as opened, packed(taker) as package:
        making = _Making(connection, laboratory, study.id, opened)
        sites = [making.site(package, *each) for each in enumerate(making.sites, start=1)]
        queries = making.open(package)
        said = {
            "schema": SCHEMA,
            "software": {"name": "hladr", "version": software_version(), "algorithm": ALGORITHM},
            "study": {"id": study.id, "name": study.name, "coded": study.coded},
            "made_at": made_at,
            "audit": asdict(head),
            "rows": sum(each["rows"] for each in sites),
            "embargo": {
                "blinded": study.unblinded_at is None,
                "hidden": sum(each["hidden"] for each in sites),
            },
            "members": [*sites, queries],
        }
        package.add(MANIFEST, (json.dumps(said, indent=1, sort_keys=True) + "\n").encode())
    return said


class _Making:
    """One export on its way.

    Parameters
    ----------
    opened
        Where what is open is written meanwhile: each analysis is looked at once.
    """

    def __init__(
        self, connection: Connection, laboratory: Laboratory, study_id: str, opened: IO[bytes]
    ) -> None:
        self._connection, self._laboratory, self._study_id = connection, laboratory, study_id
        self._subjects = Subjects(connection, laboratory)
        self._opened, self._open = opened, 0
        self.sites = departed.sites_of(connection, study_id)

    def site(self, package: Package, place: int, site: str | None) -> dict[str, Any]:
        """Write the results of a site; what is said of the file, which has no name of a site."""
        name = "results/no-site.csv" if site is None else f"results/site-{place:03d}.csv"
        counted = Counted()
        with package.member(name) as stream:
            write_csv(stream, _COLUMNS, self._results(site, counted))
        return {**asdict(package.members[-1]), "site": site, **asdict(counted)}

    def open(self, package: Package) -> dict[str, Any]:
        """Write what is open of the sites so far."""
        self._opened.seek(0)
        with package.member("queries.csv") as stream:
            stream.write(csv_header(COLUMNS).encode())
            shutil.copyfileobj(self._opened, stream)
        return {**asdict(package.members[-1]), "rows": self._open}

    def _results(self, site: str | None, counted: Counted) -> Iterator[Row]:
        for id_ in departed.of_site(self._connection, self._study_id, site):
            standing = standing_of(self._connection, analyses.current(self._connection, id_))
            found = departed_of(self._connection, self._laboratory, standing)
            if found is not None and found.tube.study != self._study_id:
                found = None
            now = tube_of(dict(standing.analysis.outcome.tube))
            tube = now if found is None else found.tube
            if (tube.study, tube.site) != (self._study_id, site):
                continue  # it was said to be of this study or site at another time alone
            self._note(standing, now, tube)
            if found is None:
                continue
            counted.rows += 1
            subject = self._subjects.outside(found.tube)
            if isinstance(found, Leaving):
                yield {**row_of(found, subject), HIDDEN: False}
            else:
                counted.hidden += 1
                yield hidden_row(found, subject)

    def _note(self, standing: Standing, now: Tube, about: Tube) -> None:
        """Write what is open about an analysis.

        Parameters
        ----------
        now, about
            The tube as it is described now, and as it stands in the export.
        """
        analysis, zone = standing.analysis, self._laboratory.settings.zone
        rejected = standing.verdict == "reject"
        hidden = rejected and embargo_of(self._connection, analysis, zone) is not None
        whose = (analysis.id, self._subjects.outside(about), about.site, about.visit)
        for each in open_queries(standing, now, hidden=hidden):
            self._open += 1
            self._opened.write(csv_line((*whose, each.code, each.sentence)).encode())
