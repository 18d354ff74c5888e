"""``/samples/{id}/signatures``, ``answers`` and ``notices``: people stand for what they look at."""

from collections.abc import Callable
from typing import Any, ClassVar

from anyio.to_thread import run_sync
from pydantic import TypeAdapter
from starlette.responses import Response

from service.analyses import routes as calls
from service.analyses.refusals import CommentMissing
from service.analyses.signing import AnswerWanted, NoticeWanted, SignatureWanted
from service.errors import ServiceError
from service.http.attempts import Attempts, TriedPasswords
from service.http.conditional import tag
from service.http.multipart import FormInvalid
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.page import onward
from service.pages.refusal import REFUSALS, Refusal, sentence_of, status_of
from service.pages.route import page_router
from service.pages.sample.moved import moved_since
from service.pages.sample.opened import hash_of_result, opened
from service.pages.sample.shown import Refused
from service.pages.sample.table import OnTable, Table
from service.pages.visitor import AtBench, Visitor
from service.pages.when import zoned_time
from service.store.heads import NotFound, VersionMoved
from service.texts import Id, Version

router = page_router()
_VERSION: TypeAdapter[int] = TypeAdapter(Version)
_NOTICE = "notice"
_TYPED = ("comment", "answer", "name", "told", "told_at", "read_back")


class ResultOther(ServiceError):
    """The result that somebody looked at is not the one that is stored."""

    code: ClassVar[str] = "RESULT_OTHER"
    status: ClassVar[int] = 412

    def __init__(self) -> None:
        super().__init__(
            "expected the result that is stored, found a form that was made for another. Look at "
            "what is shown now, and sign that."
        )


@router.post("/samples/{id}/signatures")
async def sign(
    id: Id, visitor: AtBench, posted: Form, table: OnTable, laboratory: Lab, tried: TriedPasswords
) -> Response:
    """Sign the version that is shown."""
    return await _done(id, posted, table, lambda: _signed(id, visitor, posted, laboratory, tried))


@router.post("/samples/{id}/answers")
async def answer(
    id: Id, visitor: AtBench, posted: Form, table: OnTable, laboratory: Lab, tried: TriedPasswords
) -> Response:
    """Answer for a finding that blocks."""
    return await _done(id, posted, table, lambda: _answered(id, visitor, posted, laboratory, tried))


@router.post("/samples/{id}/notices")
async def notice(
    id: Id, visitor: AtBench, posted: Form, table: OnTable, laboratory: Lab
) -> Response:
    """Note who was told what left by telephone."""
    return await _done(id, posted, table, lambda: _told(id, visitor, posted, laboratory))


async def _done(id: str, posted: Posted, table: Table, act: Callable[[], object]) -> Response:
    """Do what a form asks for; if it is refused, show the sample as it is now, and the form."""
    try:
        await run_sync(act)
    except NotFound:
        raise
    except REFUSALS as error:
        refused = await run_sync(_refused, id, posted, table, error)
        return await table.show(id, refused=refused, status=status_of(error))
    return onward(f"/samples/{id}#{'notices' if posted.text('form') == _NOTICE else 'sign-off'}")


def _refused(id: str, posted: Posted, table: Table, error: Refusal) -> Refused:
    moved, who = None, table.visitor.who
    if isinstance(error, VersionMoved):
        now = opened(table.laboratory, who, id)
        moved = moved_since(table.laboratory, who, now, error.base)
    return Refused(posted.text("form"), sentence_of(error), posted.said(*_TYPED), moved)


def _signed(
    id: str, visitor: Visitor, posted: Posted, laboratory: Laboratory, tried: Attempts
) -> None:
    """Sign.

    Raises
    ------
    VersionMoved, ResultOther, CommentMissing, ValidationError
        And whatever the call raises.
    """
    version = _version(posted)
    _require_shown(id, visitor, posted, laboratory, version)
    wanted = SignatureWanted.model_validate(_by_password(posted, "meaning", "comment"))
    calls.sign(id, wanted, visitor.who, laboratory, tried, _key(posted), tag(version))


def _answered(
    id: str, visitor: Visitor, posted: Posted, laboratory: Laboratory, tried: Attempts
) -> None:
    version = _version(posted)
    wanted = AnswerWanted.model_validate(_by_password(posted, "finding", "answer"))
    calls.answer(id, wanted, visitor.who, laboratory, tried, _key(posted), tag(version))


def _told(id: str, visitor: Visitor, posted: Posted, laboratory: Laboratory) -> None:
    version, at = _version(posted), posted.text("told_at")
    wanted = NoticeWanted.model_validate(
        {
            "told": posted.text("told"),
            "told_at": zoned_time(at, laboratory.settings.zone),
            "read_back": posted.text("read_back") == "yes",
        }
    )
    calls.notice(id, wanted, visitor.who, laboratory, _key(posted), tag(version))


def _require_shown(
    id: str, visitor: Visitor, posted: Posted, laboratory: Laboratory, version: int
) -> None:
    """See that the form was made for what would be signed, and says why where it must."""
    now = opened(laboratory, visitor.who, id)
    if now.analysis.version != version:
        raise VersionMoved(kind="analysis", base=version, current=now.analysis.version)
    if posted.text("result_sha256") != hash_of_result(now.analysis):
        raise ResultOther
    if now.replaces is not None and not posted.text("comment"):
        raise CommentMissing


def _by_password(posted: Posted, *names: str) -> dict[str, Any]:
    """Return what a form says, with the password as it was typed."""
    password = posted.fields.get("password", ("",))[-1]
    if not password:  # it is never kept while somebody signs in again
        raise FormInvalid(expected="the password of whoever signs", found="none")
    name = posted.text("name").lower()
    said: dict[str, Any] = {**posted.said(*names), **({"name": name} if name else {})}
    return {**said, "password": password}


def _version(posted: Posted) -> int:
    try:
        return _VERSION.validate_python(posted.text("version"))
    except ValueError:
        raise FormInvalid(expected="the version that was looked at", found="none") from None


def _key(posted: Posted) -> str | None:
    """Return by what a form is known that is sent twice."""
    return posted.text("once")[:200] or None
