"""``hladr`` as it is installed: the library's commands, and those of the service beside them."""

from typing import NoReturn

from hladr.cli.main import add_command, app
from hladr.cli.program import main as run
from service.operating import audit, key, serve

add_command(serve)
app.add_typer(audit.app, name="audit")
app.add_typer(key.app, name="key")


def main() -> NoReturn:
    """Run the program with the arguments of the process."""
    run()
