"""Options that several commands share, worded once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class TextOrJson(StrEnum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"


class TextJsonOrCsv(StrEnum):
    """How results of several samples are written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


LOT_HELP = (
    "Bead lot: a lot file (.toml), or the assigned values from the lot's flyer, dimmest first, "
    "such as 474,5359,23843,62336 ('blank' for a level without a value)."
)

TextOrJsonOption = Annotated[
    TextOrJson, typer.Option("--format", help="Text for people, or one JSON object.")
]
AssayOption = Annotated[
    str, typer.Option(metavar="NAME|FILE", help="Assay definition: built-in name or TOML file.")
]
CriterionOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE",
        help="Trial criterion: immunosep-2025, provide-2022, meisel-2009, grid-2023, or a TOML "
        "file. Default: the assay's.",
    ),
]
FerritinOption = Annotated[
    str | None,
    typer.Option(
        "--ferritin",
        metavar="NG/ML",
        help="Ferritin of the same blood draw in ng/mL (= µg/L): 812, '>40000', '<5'.",
    ),
]
GATES_HELP = "Gating-ML 2.0, or a FlowJo 10 workspace (.wsp) that holds a sample of this file name"
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write results here, not to the screen."),
]
DataSetOption = Annotated[
    int | None,
    typer.Option(
        "--dataset",
        metavar="N",
        min=0,
        help="Which data set to read of a file that holds several, counted from 0.",
    ),
]

DEFAULT_ASSAY = "quantibrite-340827"
RESEARCH_USE = "Research use only. Not for diagnosis."
