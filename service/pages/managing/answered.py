"""What a call answered, for a page that is its client."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from service.laboratory import Laboratory
from service.moment import read


def told_by(answer: Response) -> dict[str, Any]:
    """Return the object that a call answered."""
    told: dict[str, Any] = json.loads(bytes(answer.body))
    return told


def clock(laboratory: Laboratory) -> Callable[[str], str]:
    """Return what writes moments of the service on the laboratory's clock, to the minute."""
    zone = laboratory.settings.zone

    def shown(moment: str) -> str:
        return read(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    return shown


def today(laboratory: Laboratory) -> dt.date:
    """Return the day on the laboratory's clock."""
    return dt.datetime.now(laboratory.settings.zone).date()
