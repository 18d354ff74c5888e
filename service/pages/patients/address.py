"""Addresses of patients: an id may hold any sign that can be seen."""

from urllib.parse import quote, urlencode

HOME = "/patients"
_ELIGIBILITY = "/eligibility"


def address_of(subject: str, site: str | None = None) -> str:
    """Return the address of a patient's page.

    An id that a browser would take for a step upwards, or this service for another page, stands
    behind a question mark.

    Parameters
    ----------
    site
        Whose tubes; empty: those that name none; None: it need not be said.
    """
    said = {} if site is None else {"site": site}
    if subject in {".", ".."} or subject.endswith(_ELIGIBILITY):
        return f"{HOME}?{urlencode({'subject': subject, **said})}"
    return f"{HOME}/{quote(subject, safe='')}" + (f"?{urlencode(said)}" if said else "")


def by_criterion(subject: str, criterion: str, site: str | None = None) -> str:
    """Return the address of a patient's page by the rules of a criterion; see `is_awkward`."""
    said = {**({} if site is None else {"site": site}), "criterion": criterion}
    return f"{HOME}/{quote(subject, safe='')}?{urlencode(said)}"


def eligibility_of(subject: str, trial: str, site: str | None = None) -> str:
    """Return the address of the page of a patient's eligibility."""
    said = {"trial": trial, **({} if site is None else {"site": site})}
    return f"{HOME}/{quote(subject, safe='')}{_ELIGIBILITY}?{urlencode(said)}"


def is_awkward(subject: str) -> bool:
    """Whether the page of a patient has no address of its own."""
    return address_of(subject).startswith(f"{HOME}?")
