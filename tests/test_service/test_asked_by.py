"""What a person stands for is known again by all that was asked, and never by the password."""

import pytest

from service.analyses.confirming import asked_by
from service.analyses.signing import AnswerWanted, SignatureWanted
from service.principal import Principal
from service.store.users import User
from service.subjects.recording import EligibilityWanted

WHO = Principal("u1", "mia", frozenset(), "u1", None)
MIA, OTTO = (
    User(name, name, name, "hash", frozenset(), None, active=True, version=1, created_at="")
    for name in ("mia", "otto")
)
PASSWORDS = "a long password", "another long password"
ASKED = {
    AnswerWanted: ({"finding": "SATURATED", "answer": "Seen."},
                   {"finding": "FEW_EVENTS", "answer": "Seen again."}),
    SignatureWanted: ({"meaning": "performed"}, {"meaning": "rejected", "comment": "Clotted."}),
    EligibilityWanted: (
        {"trial": "t", "answers": {"adult": "yes"}, "meaning": "assessed"},
        {"trial": "u", "answers": {"adult": "no"}, "site": "b", "analysis_id": "0" * 36,
         "times": {"first_dose_at": "2026-03-14T09:31Z"}},
    ),
}  # fmt: skip


def known_by(kind, user=MIA, **said):
    content = {**ASKED[kind][0], "password": PASSWORDS[0], **said}
    return asked_by(user, WHO, "key", "POST /x 1", kind(**content)).keyed


@pytest.fixture(params=ASKED, ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


def test_neither_password_nor_a_name_that_goes_without_saying_counts(kind):
    assert known_by(kind, name="mia").sha256 == known_by(kind).sha256
    assert known_by(kind, password=PASSWORDS[1]).sha256 == known_by(kind).sha256


def test_everything_else_counts(kind):
    others = [known_by(kind, **{name: value}) for name, value in ASKED[kind][1].items()]
    others += [known_by(kind), known_by(kind, OTTO)]
    assert len({each.sha256 for each in others}) == len(others)
