"""What left stays where it left from, until somebody signs that the tube is of elsewhere."""

import csv
import io
import zipfile

import pytest
from laboratory import describe, release, two_people
from test_report import words

PLACES = ("", "?study={first}", "?study={second}", "?site=Athens", "?site=Berlin")


@pytest.fixture
def calibration(service):
    two_people(service)
    return service.calibration()


@pytest.fixture
def studies(service):
    return [service.post("studies", json={"name": name})["id"] for name in ("first", "second")]


@pytest.fixture
def told(service, calibration, studies):
    """A result of the first study that somebody writes of the second and of Berlin."""
    made = service.analyse(calibration, study=studies[0], site="Athens", subject="X")
    return describe(service, release(service, made), study=studies[1], site="Berlin")


def counted(service, studies):
    """How many rows there are in the table of each place."""
    first, second = studies
    asked = [place.format(first=first, second=second) for place in PLACES]
    texts = [service.call("GET", f"results.csv{each}").text for each in asked]
    return [len(text.splitlines()) - 1 for text in texts]


def exported(service, study):
    """Rows and codes of queries of each site of an export."""
    path = f"studies/{study}/exports"
    made = service.post(path, json={"reason": "interim"})
    content = service.call("GET", f"{path}/{made['id']}").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        results = [csv.DictReader(archive.read(name).decode().splitlines())
                   for name in archive.namelist() if name.startswith("results/")]  # fmt: skip
        queries = csv.DictReader(archive.read("queries.csv").decode().splitlines())
        return [row["site"] for table in results for row in table], [
            (row["site"], row["code"]) for row in queries
        ]


def test_a_table_of_a_study_or_site_has_it_until_that_is_signed(service, studies, told):
    assert counted(service, studies) == [1, 1, 0, 1, 0]
    release(service, told)
    assert counted(service, studies) == [1, 0, 1, 0, 1]


def test_an_export_has_it_until_that_is_signed_and_names_its_queries_once(service, studies, told):
    sites, queries = exported(service, studies[0])
    assert sites == ["Athens"]
    assert ("Athens", "NOT_SIGNED") in queries
    assert len(queries) == len(set(queries))
    assert exported(service, studies[1])[0] == []
    release(service, told)
    assert exported(service, studies[0]) == ([], [])
    sites, queries = exported(service, studies[1])
    assert sites == ["Berlin"]
    assert {site for site, _ in queries} == {"Berlin"}


def test_a_series_has_it_until_that_is_signed(service, calibration):
    first = service.analyse(calibration, subject="X", drawn_at="2026-03-13T09:00")
    release(service, first)
    second = service.analyse(calibration, "mals.fcs", subject="X", drawn_at="2026-03-14T09:00")
    release(service, second)
    shown = f"{first['result']['hla_dr']['abc']:,.0f}"

    def page():
        return words(service.call("GET", f"analyses/{second['id']}/report.html").text)

    assert shown in page()
    described = describe(service, service.get(f"analyses/{first['id']}"), subject="Y")
    assert shown in page()
    release(service, described)
    assert shown not in page()
