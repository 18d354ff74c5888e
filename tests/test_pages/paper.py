"""A page asked for by HTTP, as a browser without scripts does."""

import re
from html import unescape

import httpx2 as httpx
from laboratory import PASSWORD


class Paper:
    """Somebody signed in, with the pages that they ask for.

    Parameters
    ----------
    house
        The service.
    name
        Of somebody who works there.
    """

    def __init__(self, house, name):
        self.address, self.cookies = house.process.address, {}
        said = {"name": name, "password": PASSWORD}
        answer = self.ask("POST", "/sign-in", data=said)
        assert answer.status_code == 303
        self.cookies = answer.cookies

    def ask(self, method, path, **more):
        return httpx.request(
            method,
            self.address + path,
            cookies=self.cookies,
            timeout=60,
            trust_env=False,
            verify=False,
            **more,
        )

    def get(self, path, status=200):
        answer = self.ask("GET", path)
        assert answer.status_code == status, answer.text
        return answer.text

    def send(self, path, status=303, form=None, **fields):
        """Send a form with the token of the page it stands on: at `form`, or at `path` as well."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.get(form or path))[1]
        answer = self.ask("POST", path, data={"csrf": token, **fields})
        assert answer.status_code == status, answer.text
        return answer.headers["location"] if status == 303 else answer.text


def words(page):
    """What a page says, without its elements."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
