"""``hladr`` as it is installed: the library's commands, and those of the service beside them."""

from typing import NoReturn

from hladr.cli.main import add_command, app
from hladr.cli.program import main as run
from service.operating import audit, backup, doctor, key, restore, serve

for each in (serve, backup, restore, doctor):
    add_command(each)
app.add_typer(audit.app, name="audit")
app.add_typer(key.app, name="key")


def main() -> NoReturn:
    """Run the program with the arguments of the process."""
    run()
