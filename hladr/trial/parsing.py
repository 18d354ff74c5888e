"""A definition file's content as a `Trial`, every field checked."""

from hladr.criterion.definition import Certainty, ClassName
from hladr.criterion.parsing import read_source
from hladr.definitions.table import VERSION, Table
from hladr.trial.definition import (
    SCHEMA,
    AnswerValue,
    Arm,
    Blinding,
    CriterionUsed,
    Grounds,
    Limit,
    Question,
    Trial,
    Window,
)
from hladr.trial.errors import InvalidTrial


def parse_trial(content: bytes, *, file: str) -> Trial:
    """Trial from the bytes of a TOML file.

    Raises
    ------
    InvalidTrial
        Not TOML, a field missing, unknown or of the wrong kind, or parts that contradict
        one another.
    """
    whole = Table.of_file(
        content, file, InvalidTrial, SCHEMA, "name", "version", "title", "criterion", "notes",
        "source", "window", "blinding", "without_arm", "arm", "question",
    )  # fmt: skip
    trial = Trial(
        name=whole.name("name"),
        version=whole.version(),
        title=whole.text("title"),
        source=read_source(whole.table("source")),
        criterion=_criterion(whole.table("criterion")),
        window=_window(whole.table("window")),
        blinding=_blinding(whole.table("blinding")),
        without_arm=_without_arm(whole.table("without_arm")),
        arms=tuple(_arm(table) for table in whole.tables("arm")),
        questions=tuple(_question(table) for table in whole.tables("question")),
        notes=_texts(whole, "notes"),
    )
    _check(trial, whole)
    return trial


def _grounds(table: Table) -> Grounds:
    return Grounds(
        table.choice("certainty", Certainty, tuple(Certainty)),
        table.text("source"),
    )


def _criterion(table: Table) -> CriterionUsed:
    table.allow_only("name", "version", "sha256")
    return CriterionUsed(
        table.name("name"),
        table.text("version", pattern=VERSION, expected="a version"),
        table.text("sha256", pattern=r"[0-9a-f]{64}", expected="64 hexadecimal digits"),
    )


def _without_arm(table: Table) -> Grounds:
    table.allow_only("certainty", "source")
    return _grounds(table)


def _window(table: Table) -> Window:
    table.allow_only("below_hours", "certainty", "source")
    return Window(table.number("below_hours"), _grounds(table))


def _blinding(table: Table) -> Blinding:
    table.allow_only("routes", "words", "certainty", "source")
    return Blinding(_some_texts(table, "routes"), table.text("words"), _grounds(table))


def _arm(table: Table) -> Arm:
    table.allow_only("name", "class", "treatments", "certainty", "source")
    classes = (ClassName.MALS, ClassName.IMMUNOPARALYSIS, ClassName.UNCLASSIFIED)
    return Arm(
        name=table.name("name"),
        class_name=table.choice("class", ClassName, classes),
        treatments=_some_texts(table, "treatments"),
        grounds=_grounds(table),
    )


def _question(table: Table) -> Question:
    table.allow_only("id", "text", "needed", "arms", "certainty", "source", "note", "limit")
    return Question(
        id=table.name("id"),
        text=table.text("text"),
        needed=table.choice("needed", AnswerValue, (AnswerValue.YES, AnswerValue.NO)),
        arms=_some_texts(table, "arms") if table.has("arms") else (),
        grounds=_grounds(table),
        note=table.text("note") if table.has("note") else None,
        limits=tuple(_limit(each) for each in table.tables("limit")),
    )


def _limit(table: Table) -> Limit:
    table.allow_only("value", "unit", "certainty", "source")
    return Limit(table.number("value"), table.text("unit"), _grounds(table))


def _some_texts(table: Table, name: str) -> tuple[str, ...]:
    """Read lines of text, one or more."""
    texts = _texts(table, name)
    if not texts:
        table.refuse(name, "one text or more", list(texts))
    return texts


def _texts(table: Table, name: str) -> tuple[str, ...]:
    values = table.texts(name)
    if len(set(values)) != len(values):
        table.refuse(name, "every text once", list(values))
    return values


def _check(trial: Trial, whole: Table) -> None:
    names = [arm.name for arm in trial.arms]
    classes = [arm.class_name for arm in trial.arms]
    if not names or len(set(names)) != len(names) or len(set(classes)) != len(classes):
        whole.refuse("arm", "one arm or more, each name and each class once", names)
    ids = [question.id for question in trial.questions]
    if not ids or len(set(ids)) != len(ids):
        whole.refuse("question", "one question or more, each id once", ids)
    for index, question in enumerate(trial.questions):
        if not set(question.arms) <= set(names):
            whole.refuse(f"question[{index}].arms", f"arms out of {names}", list(question.arms))
