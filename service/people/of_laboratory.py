"""Calls of the laboratory alone: what they show or decide concerns every site."""

from service.people.who import NotAllowed
from service.principal import Principal, Scope


def require_laboratory(who: Principal, scope: Scope) -> None:
    """Refuse whoever belongs to a site.

    Raises
    ------
    NotAllowed
    """
    if who.site is not None:
        raise NotAllowed(scope=scope)
