"""Two clock times that are to be compared: with a zone, without one, or one of each."""

import datetime as dt


def on_one_clock(one: dt.datetime, other: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Two times that can be subtracted, compared, and asked for their day.

    With a zone on both sides the instants count, and `other` is told in the zone of `one`: 09:31Z
    and 17:31+08:00 are the same. FCS files before 3.2 know no zones; with a zone on one side only,
    or on none, the clocks on the wall are compared.
    """
    if one.tzinfo is not None and other.tzinfo is not None:
        try:
            return one, other.astimezone(one.tzinfo)
        except OverflowError:  # the first and the last day of the calendar
            pass
    return one.replace(tzinfo=None), other.replace(tzinfo=None)
