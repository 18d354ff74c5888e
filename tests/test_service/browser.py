"""A browser that somebody sits at: a cookie, the token of the session, the Origin of its pages."""

from laboratory import PASSWORD, Service
from starlette.testclient import TestClient

ORIGIN = "http://testserver"
COOKIE = "hladr_session"


class Browser:
    """Somebody's browser; `base` is what it calls the service."""

    def __init__(self, service, base=ORIGIN):
        self.client = TestClient(service.app, base_url=base)
        self.service = Service(service.app, self.client, None)
        self.base = base

    def sign_in(self, name, password=PASSWORD, status=200, origin=ORIGIN, **headers):
        said = {"name": name, "password": password}
        headers = {**headers, **({} if origin is None else {"Origin": origin})}
        answer = self.client.post("/api/v1/session", json=said, headers=headers)
        assert answer.status_code == status, answer.text
        if status == 200:
            self.client.headers["Origin"] = origin or self.base
            self.client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return answer

    @property
    def token(self):
        return self.client.cookies[COOKIE]

    def get(self, path, status=200, **more):
        return self.service.get(path, status, **more)

    def post(self, path, status=201, **more):
        return self.service.post(path, status, **more)

    def sign_out(self):
        return self.service.delete("session", 204)


def signed_in(service, name, *roles, **more):
    """Somebody new who has just signed in."""
    service.user(name, *roles, **more)
    browser = Browser(service)
    browser.sign_in(name)
    return browser
