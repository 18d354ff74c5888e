"""Refusals on pages are sentences for the bench; programs get expected and found."""

import pytest
from browser import signed_in
from laboratory import release

from service.pages.bench_words import bench_words
from service.people.who import NotAllowed
from service.principal import Scope

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def database_url():
    return None


def test_a_page_of_nothing_and_one_for_others_say_so_in_plain_words(service):
    anna = signed_in(service, "anna", "technician")
    for path, status, words in (
        (f"/samples/{UNKNOWN}", 404, "There is no such sample here"),
        (f"/runs/{UNKNOWN}", 404, "There is no such run here"),
        ("/users", 403, "an administrator makes people and keys"),
    ):
        answer = anna.client.get(path)
        assert answer.status_code == status
        assert words in answer.text
        assert "expected" not in answer.text.lower()
    told = anna.get(f"analyses/{UNKNOWN}", 404)
    assert told["detail"].startswith("expected the id of one of the analyses, found")


def test_a_final_sample_says_that_it_is_signed(service, analysis):
    anna = signed_in(service, "anna", "technician")
    service.user("boris", "reviewer")
    release(service, analysis)
    page = anna.client.get(f"/samples/{analysis['id']}").text
    assert "<dt>Nothing more to sign</dt><dd>It is signed and released." in page
    assert "Not to be signed by you" not in page


@pytest.mark.parametrize("scope", Scope)
def test_whoever_may_not_is_told_who_may(scope):
    words = bench_words(NotAllowed(scope=scope))
    assert "This is not for you" in words
    assert "expected" not in words
