"""The calls of the service by their paths: which methods a path has, and what takes files."""

from collections.abc import Iterable

from fastapi.routing import APIRoute, APIRouter


class Calls:
    """All calls.

    Parameters
    ----------
    routers
        Those of the application, each with its whole paths.
    """

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [
            route for router in routers for route in router.routes if isinstance(route, APIRoute)
        ]

    def methods(self, path: str) -> frozenset[str]:
        """Return what a path can be asked by."""
        found = (route for route in self._routes if route.path_regex.match(path))
        return frozenset(method for route in found for method in route.methods or ())

    def takes_files(self, method: str, path: str) -> bool:
        """Whether a call reads a body that holds files, as it comes."""
        return any(
            method in (route.methods or ()) and route.path_regex.match(path) is not None
            for route in self._routes
            if _describes_form(route)
        )


def _describes_form(route: APIRoute) -> bool:
    return "requestBody" in (route.openapi_extra or {})
