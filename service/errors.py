"""The root of what the service raises on purpose; a leaf lives beside the code that raises it."""

from typing import Any, ClassVar

from hladr.errors import HladrError


class ServiceError(HladrError):
    """Something that a caller can do otherwise.

    A leaf has, beside its `code`, the HTTP `status` it is answered with. Its sentence goes to the
    caller: it names no folder and no value of somebody else's. `hint` is said after it to programs
    alone.
    """

    code: ClassVar[str] = "SERVICE_ERROR"
    status: ClassVar[int] = 400
    hint: ClassVar[str] = ""

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the answer."""
        return {}

    @property
    def facts(self) -> dict[str, Any]:
        """What the answer says beside the sentence, in JSON's kinds."""
        return {}
