"""A tube that comes in: measured by a stored calibration, or noted without a number."""

from uuid import uuid4

from service.analyses import view
from service.analyses.analysing import Gates, Order, measured_of, outcome_of, rules_named
from service.analyses.belonging import settled
from service.analyses.queueing import queue
from service.analyses.tube import FIELDS, Tube, tube_of
from service.archive.incoming import Upload
from service.calibrations.fitting import Fitted, fitting
from service.definitions import DEFAULT_ASSAY
from service.http.multipart import Form, FormInvalid, FormKind
from service.http.once import Act, Answer
from service.laboratory import Laboratory
from service.measuring.measuring import SampleLooksLikeBeads
from service.moment import now
from service.people.who import NotAllowed
from service.principal import Principal, Scope
from service.quantify.calibrating import SampleMissing
from service.receiving import keep_files, receive_file
from service.receptions.drawn import check_drawn
from service.receptions.noting import awaited
from service.store import analyses, analysis_lists, calibrations, receptions, studies
from service.store.analysis import Analysis, Cause, Outcome, State, TubeHead
from service.store.database import Writing

PATH = "/api/v1/analyses"
_LONGEST = 4000
FORM = FormKind(
    files=frozenset({"file", "gates"}),
    texts=dict.fromkeys(("calibration_id", "assay", "population", *FIELDS), _LONGEST),
)


def received(form: Form, laboratory: Laboratory, who: Principal) -> Act:
    """Work out what is said about a tube that comes in; what stores it.

    Raises
    ------
    FormInvalid, SampleMissing, NotFound, DrawnLater
    HladrError, CalibrationError
        There is no number; nothing is stored.
    """
    tube = of_own_site(
        tube_of({name: form.texts[name] for name in FIELDS if name in form.texts}), who
    )
    check_drawn(tube.drawn_at, tube.received_at, laboratory.settings.zone, now())
    check_belonging(tube, laboratory, who)
    if tube.outcome is not None:
        return _without_number(form, tube, laboratory, who)
    upload, calibration = _sample(form), _calibration(form, laboratory)
    with laboratory.database.reading() as connection:
        if calibrations.is_bead_file(connection, upload.sha256):
            raise SampleLooksLikeBeads(file=upload.name, found="the bead file of a calibration")
    rules = rules_named(laboratory, form.texts.get("assay", DEFAULT_ASSAY), tube.criterion)
    order = Order(upload.path, upload.name, tube, calibration, rules, _gates(form))
    measured = measured_of(laboratory, order)
    uploads = [upload, *([form.files["gates"]] if "gates" in form.files else [])]
    keep_files(laboratory, who, uploads)

    def act(writing: Writing) -> Answer:
        for each in uploads:
            receive_file(writing, laboratory, who, each)
        outcome = outcome_of(writing, measured, Cause.ANALYSED)
        return _added(writing, tube, upload, State.OPEN, outcome, laboratory, who)

    return act


def of_own_site(tube: Tube, who: Principal) -> Tube:
    """Return a tube as of the site of the one who sends it, who cannot send for another.

    Raises
    ------
    NotAllowed
    """
    if who.site is None or tube.site == who.site:
        return tube
    if tube.site is not None:
        raise NotAllowed(scope=Scope.ANALYSE)
    return tube.model_copy(update={"site": who.site})


def head_of(tube: Tube, file: tuple[str, str] | None) -> TubeHead:
    """Return what lists ask for of a tube."""
    return TubeHead(
        file, tube.kind, tube.subject, tube.study, tube.site, tube.related_to, tube.relation,
        tube.barcode,
    )  # fmt: skip


def address(analysis: Analysis) -> str:
    """Where a version of an analysis can be found."""
    return f"{PATH}/{analysis.id}/versions/{analysis.version}"


def check_belonging(
    tube: Tube, laboratory: Laboratory, who: Principal, id: str | None = None
) -> None:
    """See that the study and the other tube are there; `id` is of the analysis, if it has one."""
    with laboratory.database.reading() as connection:
        if tube.study is not None:
            studies.by_id(connection, tube.study)
        if tube.related_to is not None:
            first = view.visible(connection, tube.related_to, who)
            if first.tube.related_to is not None:
                raise FormInvalid(
                    expected="related_to as the first tube of the draw",
                    found="one that is related to another itself",
                )
            if id is not None and len(analysis_lists.related(connection, id)) > 1:
                raise FormInvalid(
                    expected="related_to of a tube that no other is related to",
                    found="the first tube of a draw",
                )
            if first.id == id:
                raise FormInvalid(expected="related_to as another tube", found="the same")


def _without_number(form: Form, tube: Tube, laboratory: Laboratory, who: Principal) -> Act:
    if form.files or "calibration_id" in form.texts:
        raise FormInvalid(expected="an outcome without files", found="both")
    outcome = Outcome(Cause.OUTCOME, None, None, None, None, None, tube.kept(), None, ())
    return lambda writing: _added(writing, tube, None, State.NO_RESULT, outcome, laboratory, who)


def _added(
    writing: Writing,
    tube: Tube,
    upload: Upload | None,
    state: State,
    outcome: Outcome,
    laboratory: Laboratory,
    who: Principal,
) -> Answer:
    file = None if upload is None else (upload.sha256, upload.name)
    ends = awaited(writing.connection, who, (tube.barcode, tube.site))
    outcome = settled(writing.connection, outcome, tube, file, ends=ends)
    made = analyses.add(writing, str(uuid4()), head_of(tube, file), state, outcome)
    if ends is not None:
        receptions.go(writing, ends, made.id)
    queue(writing, laboratory, made.id)
    told = view.told(writing.connection, made, laboratory, who)
    return Answer(told, 201, made.version, f"{PATH}/{made.id}")


def _sample(form: Form) -> Upload:
    if "file" not in form.files:
        raise SampleMissing(field="file")
    return form.files["file"]


def _calibration(form: Form, laboratory: Laboratory) -> Fitted:
    """Return the calibration by the newest lot and the assay."""
    if "calibration_id" not in form.texts:
        raise FormInvalid(expected="a field calibration_id", found="none")
    assay = laboratory.definitions.assay(form.texts.get("assay", DEFAULT_ASSAY))
    return fitting(laboratory, form.texts["calibration_id"], assay)


def _gates(form: Form) -> Gates | None:
    upload, population = form.files.get("gates"), form.texts.get("population")
    if upload is None:
        if population is not None:
            raise FormInvalid(expected="population together with gates", found="it alone")
        return None
    return Gates(upload.path, upload.sha256, upload.name, population)
