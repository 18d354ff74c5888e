"""How often somebody may try a password: few times for a name, and not often from one place."""

from typing import Annotated

from fastapi import Depends, Request

from service.http.rate import Rate

A_MINUTE, A_MINUTE_FROM_ONE_PLACE, A_MINUTE_OF_A_NAME = 10, 60, 30
"""For a name from one place, for all names from one place, for a name from anywhere: a process."""


class Attempts:
    """Attempts of one caller.

    Parameters
    ----------
    rate
        Of all callers of this process.
    address
        Of the caller.
    """

    def __init__(self, rate: Rate, address: str) -> None:
        self._rate, self._address = rate, address

    def take(self, name: str) -> None:
        """Let a password be tried for a name.

        Raises
        ------
        TooMany
        """
        self._rate.take(self._address, A_MINUTE_FROM_ONE_PLACE)
        self._rate.take(f"{self._address} {name}", A_MINUTE)
        self._rate.take(f" {name}", A_MINUTE_OF_A_NAME)


def _attempts_of(request: Request) -> Attempts:
    rate: Rate = request.app.state.sign_in_rate
    return Attempts(rate, "" if request.client is None else request.client.host)


TriedPasswords = Annotated[Attempts, Depends(_attempts_of)]
