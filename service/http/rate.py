"""How often somebody may ask: a bucket of requests that fills with time, one for each caller."""

import time
from threading import Lock
from typing import ClassVar

from service.errors import ServiceError

_MOST_BUCKETS = 10_000


class TooMany(ServiceError):
    """Too many requests."""

    code: ClassVar[str] = "TOO_MANY_REQUESTS"
    status: ClassVar[int] = 429

    def __init__(self, *, a_minute: int, wait: float) -> None:
        self.wait = wait
        super().__init__(f"expected at most {a_minute} requests a minute, found more. Wait.")

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": str(int(self.wait) + 1)}


class Rate:
    """Buckets of this process."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        self._changing = Lock()

    def take(self, who: str, a_minute: int) -> None:
        """Take a request out of somebody's bucket.

        Raises
        ------
        TooMany
        """
        moment = time.monotonic()
        with self._changing:
            left, before = self._buckets.pop(who, (float(a_minute), moment))
            left = min(left + (moment - before) * a_minute / 60.0, float(a_minute))
            enough = left >= 1.0
            self._buckets[who] = (left - 1.0 if enough else left, moment)
            while len(self._buckets) > _MOST_BUCKETS:
                self._buckets.pop(next(iter(self._buckets)))
        if not enough:
            raise TooMany(a_minute=a_minute, wait=(1.0 - left) * 60.0 / a_minute)

    def require(self, who: str, a_minute: int) -> None:
        """Refuse whose bucket is empty; nothing is taken out.

        Raises
        ------
        TooMany
        """
        self.take(who, a_minute)
        self.give_back(who, a_minute)

    def give_back(self, who: str, a_minute: int) -> None:
        """Put a request back into somebody's bucket, as if it had not been."""
        with self._changing:
            if who in self._buckets:
                left, moment = self._buckets[who]
                self._buckets[who] = (min(left + 1.0, float(a_minute)), moment)
