"""What `ready` has loaded once."""

import service.app
import service.program  # noqa: F401
from service.start import warm

warm()
