"""Plain values are taken as typer takes them, and the rest is left to typer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
import typer
from hypothesis import example, given
from hypothesis import strategies as st

from hladr.cli.main import app
from hladr.cli.plain_values import PlainFirst

coercion = pytest.importorskip("typer._coercion")  # of a typer that asks pydantic

COMMANDS = typer.main.get_command(app).commands
PARAMETERS = [
    (name, parameter)
    for name, command in COMMANDS.items()
    for parameter in command.params
    if hasattr(parameter, "get_runtime_param")
]
TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(
    ["", "-", "text", "JSON", "json ", "csv", "7", "07", " 7", "7.0", "-1", "1_000", "٣", "+1"]
) | st.integers().map(str)  # fmt: skip


def taken(check, value, parameter):
    """What comes of a value, or the words against it."""
    with typer.Context(COMMANDS["quantify"], info_name="quantify") as context:
        try:
            found = check.coerce(value, param=parameter, ctx=context)
        except Exception as error:  # noqa: BLE001 - typer's errors are its own
            return type(error), str(error)
    return type(found), repr(found)  # two NaN are the same here


@pytest.mark.parametrize(
    "named", PARAMETERS, ids=[f"{name} {parameter.name}" for name, parameter in PARAMETERS]
)
@given(value=TEXT)
@example(value="7")
@example(value="NAN")
def test_a_value_is_what_typer_makes_of_it(named, value):
    _, parameter = named
    if parameter.multiple or parameter.nargs == -1:
        value = (value, "other")
    kind = parameter.type_descriptor
    by_typer = taken(coercion.build_runtime_param(kind), value, parameter)
    assert taken(PlainFirst(parameter), value, parameter) == by_typer


@pytest.mark.parametrize(
    "named", PARAMETERS, ids=[f"{name} {parameter.name}" for name, parameter in PARAMETERS]
)
def test_a_default_is_what_typer_makes_of_it(named):
    _, parameter = named
    default = parameter.default
    by_typer = taken(coercion.build_runtime_param(parameter.type_descriptor), default, parameter)
    assert taken(PlainFirst(parameter), default, parameter) == by_typer


def test_a_path_that_may_not_be_read_or_must_exist_is_for_typer(tmp_path):
    class Form(StrEnum):
        LONG = "long"

    tool = typer.Typer()

    @tool.command()
    def run(
        found: Annotated[Path, typer.Option(exists=True)],
        folder: Annotated[Path, typer.Option(file_okay=False)],
        form: Annotated[Form, typer.Option(case_sensitive=False)],
        number: Annotated[int, typer.Option(min=2, max=5)],
    ) -> None:
        pass

    (tmp_path / "file").write_text("")
    tried = {
        "found": ["nowhere", str(tmp_path)],
        "folder": [str(tmp_path / "file"), str(tmp_path)],
        "form": ["LONG", "long", "short"],
        "number": ["1", "2", "5", "6", "5.0"],
    }
    for parameter in typer.main.get_command(tool).params:
        for value in tried.get(parameter.name, []):
            by_typer = taken(
                coercion.build_runtime_param(parameter.type_descriptor), value, parameter
            )
            assert taken(PlainFirst(parameter), value, parameter) == by_typer
