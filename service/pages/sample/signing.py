"""``/samples/{id}/signatures``, ``answers`` and ``notices``: people stand for what they look at."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from anyio.to_thread import run_sync
from pydantic import TypeAdapter
from starlette.responses import Response

from service.analyses import routes as calls
from service.analyses.by_password import answer_once, sign_once
from service.analyses.looked_at import LookedAt
from service.analyses.refusals import FindingCame
from service.analyses.signing import AnswerWanted, NoticeWanted, SignatureWanted
from service.doors.report.figures import Figures, NoFigures
from service.errors import ServiceError
from service.http.attempts import TriedPasswords
from service.http.conditional import tag
from service.http.multipart import FormInvalid
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.page import onward
from service.pages.refusal import REFUSALS, Refusal, sentence_of, status_of
from service.pages.route import page_router
from service.pages.sample.moved import moved_since
from service.pages.sample.opened import Opened, hash_of_result, opened
from service.pages.sample.questions import FIELDS, comment_of
from service.pages.sample.shown import Refused
from service.pages.sample.table import OnTable, Table
from service.pages.visitor import AtBench, Visitor
from service.pages.when import zoned_time
from service.store.heads import NotFound, VersionMoved
from service.store.signatures import Meaning
from service.texts import Id, Version

router = page_router()
_VERSION: TypeAdapter[int] = TypeAdapter(Version)
_NOTICE = "notice"
_TYPED = (*FIELDS, "answer", "name", "told", "told_at", "read_back")


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

    async def act() -> None:
        now = await run_sync(opened, laboratory, visitor.who, id)
        looked = _looked(id, posted)
        _require_shown(now, looked, posted)
        if posted.text("meaning") != Meaning.REJECTED:
            _require_drawn(await table.figures(now))
        said = {"comment": comment_of(posted, now)}
        wanted = SignatureWanted.model_validate({**_by_password(posted, "meaning"), **said})
        who, key = visitor.who, _key(posted)
        await run_sync(sign_once, laboratory, who, tried, looked, wanted, key)

    return await _done(id, posted, table, act)


@router.post("/samples/{id}/answers")
async def answer(
    id: Id, visitor: AtBench, posted: Form, table: OnTable, laboratory: Lab, tried: TriedPasswords
) -> Response:
    """Answer for a finding that blocks."""

    async def act() -> None:
        wanted = AnswerWanted.model_validate(_by_password(posted, "finding", "answer"))
        looked, who, key = _looked(id, posted), visitor.who, _key(posted)
        await run_sync(answer_once, laboratory, who, tried, looked, wanted, key)

    return await _done(id, posted, table, act)


@router.post("/samples/{id}/notices")
async def notice(
    id: Id, visitor: AtBench, posted: Form, table: OnTable, laboratory: Lab
) -> Response:
    """Note who was told what left by telephone."""

    async def act() -> None:
        await run_sync(_told, id, visitor, posted, laboratory)

    return await _done(id, posted, table, act)


async def _done(
    id: str, posted: Posted, table: Table, act: Callable[[], Awaitable[None]]
) -> Response:
    """Do what a form asks for; if it is refused, show the sample as it is now, and the form."""
    try:
        await act()
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
    came = frozenset(error.findings if isinstance(error, FindingCame) else ())
    return Refused(posted.text("form"), sentence_of(error), posted.said(*_TYPED), moved, came)


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


def _looked(id: str, posted: Posted) -> LookedAt:
    """Return what was shown with a form."""
    return LookedAt(id, _version(posted), frozenset(posted.text("findings").split()))


def _require_shown(now: Opened, looked: LookedAt, posted: Posted) -> None:
    """See that the form was made for what would be signed.

    Findings are looked at once more when it is signed: one may come meanwhile.

    Raises
    ------
    VersionMoved, ResultOther, FindingCame
    """
    current = now.analysis.version
    if current != looked.version:
        raise VersionMoved(kind="analysis", base=looked.version, current=current)
    if posted.text("result_sha256") != hash_of_result(now.analysis):
        raise ResultOther
    looked.require_seen(now.standing)


def _require_drawn(figures: Figures | NoFigures) -> None:
    """See that there is something that who signs could look at."""
    if isinstance(figures, NoFigures) and figures.refused is not None:
        raise figures.refused


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
