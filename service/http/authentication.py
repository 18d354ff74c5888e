"""Who asks, before anything else is done: every call of the API needs a key or a session."""

import datetime as dt
import hmac
from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import ServiceError
from service.http.problem import of_error
from service.http.rate import Rate, TooMany
from service.people.secret import hash_of
from service.people.who import Caller, NotAllowed, NotSignedIn, RequestForged, by_key, by_session
from service.principal import Principal
from service.principal import Scope as Asked
from service.settings import Settings
from service.store.database import Database

COOKIE: Final = "hladr_session"
CSRF_HEADER: Final = "x-csrf-token"
_API = "/api/"
_UNKNOWN_A_MINUTE = 600  # from one place: wrong keys cost a look into the database each
_MOST_KNOWN = 10_000
_OPEN = frozenset({("POST", "/api/v1/session")})
_NO_PAGES = ("/static/", "/health", "/metrics", "/openapi.json", "/setup", "/sign-in")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Authentication:
    """Middleware: finds out who asks, and that they do not ask too often."""

    def __init__(self, app: ASGIApp, database: Database, settings: Settings) -> None:
        self._app, self._database, self._settings = app, database, settings
        self._rate = Rate()
        self._known: dict[str, None] = {}  # hashes of secrets that were right, the last at the end
        self._lifetime = dt.timedelta(minutes=settings.session_minutes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "http" and self._needs_somebody(scope):
            try:
                caller = await self._caller(scope)
                limit = caller.requests_a_minute or self._settings.requests_a_minute
                self._rate.take(caller.principal.id, limit)
            except NotSignedIn as error:
                await of_error(self._tried(scope, error))(scope, receive, send)
                return
            except ServiceError as error:
                await of_error(error)(scope, receive, send)
                return
            scope.setdefault("state", {})["caller"] = caller
        elif scope["type"] == "http" and self._is_page(scope):
            try:
                await self._look(scope)
            except ServiceError as error:
                await of_error(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _look(self, scope: Scope) -> None:
        """Find out who looks at a page; whoever is not signed in is sent there by the page."""
        token = _cookie(Headers(scope=scope))
        if token is None:
            return
        if hash_of(token) not in self._known:
            self._rate.require(_place(scope), _UNKNOWN_A_MINUTE)
        try:
            caller = await run_sync(by_session, self._database, token, self._lifetime)
        except NotSignedIn as error:
            tried = self._tried(scope, error)
            if isinstance(tried, TooMany):
                raise tried from None
            return
        self._rate.take(caller.principal.id, self._settings.requests_a_minute)
        self._remember(hash_of(token))
        scope.setdefault("state", {})["caller"] = caller

    def _tried(self, scope: Scope, error: NotSignedIn) -> ServiceError:
        """Return what somebody is told who is not known, and that they tried too often."""
        try:
            self._rate.take(_place(scope), _UNKNOWN_A_MINUTE)
        except TooMany as too_many:
            return too_many
        return error

    @staticmethod
    def _needs_somebody(scope: Scope) -> bool:
        return scope["path"].startswith(_API) and (scope["method"], scope["path"]) not in _OPEN

    @staticmethod
    def _is_page(scope: Scope) -> bool:
        return not scope["path"].startswith((_API, *_NO_PAGES))

    async def _caller(self, scope: Scope) -> Caller:
        headers = Headers(scope=scope)
        key, token = _key(headers), _cookie(headers)
        secret = key or token
        if secret is None:
            raise NotSignedIn
        if hash_of(secret) not in self._known:
            # From where too many were wrong, nobody new is looked up.
            self._rate.require(_place(scope), _UNKNOWN_A_MINUTE)
        if key is not None:
            caller = await run_sync(by_key, self._database, secret)
        else:
            caller = await run_sync(by_session, self._database, secret, self._lifetime)
            if scope["method"] not in _SAFE:
                require_own_page(headers, caller, self._settings)
        self._remember(hash_of(secret))
        return caller

    def _remember(self, secret_sha256: str) -> None:
        self._known.pop(secret_sha256, None)
        self._known[secret_sha256] = None
        if len(self._known) > _MOST_KNOWN:
            self._known.pop(next(iter(self._known)))


def _place(scope: Scope) -> str:
    """Bucket of those who are not known, by where they are."""
    return f"unknown at {scope['client'][0] if scope.get('client') else ''}"


def _key(headers: Headers) -> str | None:
    kind, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() or None if kind.lower() == "bearer" else None


def require_own_page(headers: Headers, caller: Caller, settings: Settings) -> None:
    """Refuse what a browser sends on behalf of another site.

    Raises
    ------
    RequestForged
    """
    if not is_own_origin(headers, settings) or caller.session is None:
        raise RequestForged
    given = hash_of(headers.get(CSRF_HEADER, ""))
    if not hmac.compare_digest(given, caller.session.csrf_sha256):
        raise RequestForged


def is_own_origin(headers: Headers, settings: Settings) -> bool:
    """Whether a request says that it comes from a page of this service, or from no page."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    if settings.public_origin is not None:
        return origin == settings.public_origin
    try:
        return urlsplit(origin).netloc == headers.get("host")
    except ValueError:
        return False


def _cookie(headers: Headers) -> str | None:
    """Return the token; what other applications of the host keep may be malformed."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)


def caller_of(request: Request) -> Caller:
    """Return who asks."""
    caller: Caller = request.state.caller
    return caller


def session_caller(request: Request) -> tuple[Caller, str] | None:
    """Return who looks at a page and the token of their session; None for nobody."""
    caller: Caller | None = getattr(request.state, "caller", None)
    token = _cookie(request.headers)
    if caller is None or caller.session is None or token is None:
        return None
    return caller, token


def _allowed(scope: Asked) -> Callable[[Request], Principal]:
    """Return what finds out who asks, and refuses those who may not ask for this."""

    def check(request: Request) -> Principal:
        principal = caller_of(request).principal
        if not principal.may(scope):
            raise NotAllowed(scope=scope)
        return principal

    return check


Quantifier = Annotated[Principal, Depends(_allowed(Asked.QUANTIFY))]
Reader = Annotated[Principal, Depends(_allowed(Asked.READ))]
Analyst = Annotated[Principal, Depends(_allowed(Asked.ANALYSE))]
Manager = Annotated[Principal, Depends(_allowed(Asked.MANAGE))]
Recalculator = Annotated[Principal, Depends(_allowed(Asked.RECALCULATE))]
Administrator = Annotated[Principal, Depends(_allowed(Asked.ADMINISTER))]
"""Who asks, each of whom may ask for that."""
