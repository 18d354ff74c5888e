"""The version that a form was filled in on top of."""

from service.http.conditional import VersionUnreadable, version_of
from service.pages.form import Posted

_FIELD = "version"


def required_base(posted: Posted) -> int:
    """Return the version that a form changes.

    Raises
    ------
    VersionUnreadable
    """
    return version_of(f'"{posted.text(_FIELD)}"')


def base_of(posted: Posted) -> int:
    """Return the version that a form changes; 1 if it says none."""
    try:
        return required_base(posted)
    except VersionUnreadable:
        return 1
