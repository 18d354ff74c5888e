"""How often somebody may try a password: few times for a name, and not often from one place.

An attempt is taken before the password is looked at, and given back if it was the right one.
"""

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
        for bucket, a_minute in self._buckets(name):
            self._rate.take(bucket, a_minute)

    def right(self, name: str) -> None:
        """Give an attempt back: the password was the right one."""
        for bucket, a_minute in self._buckets(name):
            self._rate.give_back(bucket, a_minute)

    def _buckets(self, name: str) -> tuple[tuple[str, int], ...]:
        return (
            (self._address, A_MINUTE_FROM_ONE_PLACE),
            (f"{self._address} {name}", A_MINUTE),
            (f" {name}", A_MINUTE_OF_A_NAME),
        )


def _attempts_of(request: Request) -> Attempts:
    rate: Rate = request.app.state.sign_in_rate
    return Attempts(rate, "" if request.client is None else request.client.host)


TriedPasswords = Annotated[Attempts, Depends(_attempts_of)]
