"""When blood can have been drawn: before its tube came, and before now."""

import datetime as dt
from typing import ClassVar, Final

from service.errors import ServiceError
from service.told_time import at_the_latest, instant

_CLOCKS_APART: Final = dt.timedelta(minutes=15)
"""How far the clock of the ward may be ahead of that of the laboratory."""


class DrawnLater(ServiceError):
    """Blood is said to be drawn after its tube came, or at a time that has not come yet.

    Parameters
    ----------
    limit
        When the tube came, or now.
    came
        Whether `limit` is when the tube came.
    """

    code: ClassVar[str] = "DRAWN_LATER"
    status: ClassVar[int] = 422

    def __init__(self, *, drawn: dt.datetime, limit: dt.datetime, came: bool) -> None:
        self.drawn, self.limit, self.came = drawn, limit, came
        before, that = ("the tube came", "it came at") if came else ("now", "it is")
        super().__init__(
            f"expected a draw before {before}, found {drawn:%Y-%m-%d %H:%M}, and that {that} "
            f"{limit:%Y-%m-%d %H:%M}. Look at the time of the draw, the year as well."
        )


def check_drawn(
    drawn_at: str | None, received_at: str | None, zone: dt.tzinfo, now: dt.datetime
) -> None:
    """Refuse blood that was drawn after it came, or later than now.

    Of a draw whose day alone is said its beginning counts; of such a receipt its end.

    Parameters
    ----------
    drawn_at, received_at
        As they were said; None: not said, or by no clock that can be believed.

    Raises
    ------
    DrawnLater
    """
    drawn, received = instant(drawn_at, zone), at_the_latest(received_at, None, zone)
    if drawn is None:
        return
    for limit, came in ((received, True), (now, False)):
        if limit is not None and drawn > limit + _CLOCKS_APART:
            at = drawn.astimezone(zone), limit.astimezone(zone)
            raise DrawnLater(drawn=at[0], limit=at[1], came=came)
