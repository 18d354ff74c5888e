"""A bead file to a stored calibration: which lot, which instrument, and whether they fit."""

from collections.abc import Iterator
from uuid import uuid4

from calibration.curve import StandardCurve
from calibration.finding import Severity
from hladr.bead_run import calibrate_beads
from hladr.version import ALGORITHM
from service.archive.incoming import Upload
from service.calibrations.told import told
from service.definitions import DEFAULT_ASSAY
from service.finding import ServiceFinding
from service.http.multipart import Form, FormInvalid, FormKind
from service.http.once import Act, Answer
from service.instruments.instrument import Instrument, instrument_of
from service.laboratory import Laboratory
from service.lots.lot import bead_lot_of
from service.measuring.opened import opened
from service.principal import Principal
from service.quantify.calibrating import SampleMissing
from service.receiving import keep_files, receive_file
from service.store import calibrations, definitions
from service.store.calibrations import CurveMade
from service.store.database import Writing
from service.store.versions import INSTRUMENTS, LOTS

PATH = "/api/v1/calibrations"
_SHORT = 200
FORM = FormKind(
    files=frozenset({"file"}),
    texts=dict.fromkeys(("lot_id", "instrument_id", "assay"), _SHORT),
)


def calibrated(form: Form, laboratory: Laboratory, who: Principal) -> Act:
    """Work out the curve of a bead file; what stores it.

    Raises
    ------
    FormInvalid, NotFound
    HladrError, CalibrationError
        The beads give no curve; nothing is stored.
    """
    upload = _bead_file(form)
    lot_id, instrument_id = (_required(form, name) for name in ("lot_id", "instrument_id"))
    assay, kept_assay = laboratory.definitions.assay(form.texts.get("assay", DEFAULT_ASSAY))
    with laboratory.database.reading() as connection:
        lot = LOTS.current(connection, lot_id)
        instrument = INSTRUMENTS.current(connection, instrument_id)

    def work() -> StandardCurve:
        table = opened(upload.path, upload.name, laboratory.settings)
        return calibrate_beads(table, bead_lot_of(lot), assay=assay).curve

    curve = laboratory.turns.take(work)
    made = CurveMade(
        (lot.id, lot.version),
        (instrument.id, instrument.version),
        assay.sha256,
        ALGORITHM,
        curve,
        tuple(each.to_dict() for each in instrument_findings(curve, instrument_of(instrument))),
    )
    keep_files(laboratory, who, [upload])

    def act(writing: Writing) -> Answer:
        receive_file(writing, laboratory, who, upload)
        definitions.keep(writing, kept_assay)
        stored = calibrations.add(writing, str(uuid4()), (upload.sha256, upload.name), made)
        return Answer(told(stored), 201, stored.version, f"{PATH}/{stored.id}")

    return act


def instrument_findings(curve: StandardCurve, instrument: Instrument) -> Iterator[ServiceFinding]:
    """Whether a bead file is of the instrument that it is said to be of."""
    source = curve.provenance
    for what, said, found in (
        ("cytometer", instrument.cytometer, source.cytometer),
        ("serial number", instrument.serial, source.serial),
    ):
        if said is None:
            continue
        if found is None:
            yield ServiceFinding(
                "INSTRUMENT_UNPROVEN",
                Severity.NOTE,
                f"The bead file does not say its {what}; {instrument.name} has {said!r}.",
            )
        elif found.casefold() != said.casefold():
            yield ServiceFinding(
                "INSTRUMENT_OTHER",
                Severity.WARN,
                f"The bead file says {what} {found!r}; {instrument.name} has {said!r}. Choose the "
                "instrument the beads were run on, or correct its entry.",
                blocks=True,
            )


def _bead_file(form: Form) -> Upload:
    upload = form.files.get("file")
    if upload is None:
        raise SampleMissing(field="file")
    return upload


def _required(form: Form, name: str) -> str:
    if name not in form.texts:
        raise FormInvalid(expected=f"a field {name}", found="none")
    return form.texts[name]
