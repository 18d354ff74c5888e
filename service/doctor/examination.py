"""The whole examination, part after part."""

from typing import Any

from service.doctor.check import Check, State
from service.doctor.database import database
from service.doctor.doors import doors
from service.doctor.folder import folder
from service.doctor.in_force import in_force
from service.doctor.machine import machine
from service.doctor.versions import versions
from service.settings import Settings


def examine(settings: Settings) -> tuple[Check, ...]:
    """Look at everything that the service rests on; nothing is changed."""
    return (
        *versions(),
        *folder(settings),
        *database(settings),
        *machine(settings),
        *in_force(settings),
        *doors(settings),
    )


def is_well(checks: tuple[Check, ...]) -> bool:
    """Whether nothing is wrong."""
    return all(each.state is not State.WRONG for each in checks)


def to_dict(checks: tuple[Check, ...]) -> dict[str, Any]:
    """Return what was found, schema ``hladr.doctor/1``."""
    return {
        "schema": "hladr.doctor/1",
        "well": is_well(checks),
        "checks": [
            {
                "part": each.part,
                "name": each.name,
                "state": each.state.value,
                "found": each.found,
                "do": each.do,
            }
            for each in checks
        ],
    }
