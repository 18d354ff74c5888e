"""A bead file to a stored calibration: which lot, which instrument, and whether they fit."""

from uuid import uuid4

from service.archive.incoming import Upload
from service.calibrations.curve import curve_of_beads, made_of
from service.calibrations.told import told
from service.definitions import DEFAULT_ASSAY
from service.http.multipart import Form, FormInvalid, FormKind
from service.http.once import Act, Answer
from service.laboratory import Laboratory
from service.moment import now, written
from service.principal import Principal
from service.quantify.calibrating import SampleMissing
from service.receiving import keep_files, receive_file
from service.store import calibration_runs, calibrations, definitions
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
        recent = calibration_runs.recent_runs(
            connection, instrument_id, lot_id, upload.sha256, written(now())
        )
    curve = curve_of_beads(laboratory, (upload.path, upload.name), lot, assay)
    made = made_of(curve, lot, instrument, assay.sha256, recent)
    keep_files(laboratory, who, [upload])

    def act(writing: Writing) -> Answer:
        receive_file(writing, laboratory, who, upload)
        definitions.keep(writing, kept_assay)
        stored = calibrations.add(writing, str(uuid4()), (upload.sha256, upload.name), made)
        return Answer(told(stored), 201, stored.version, f"{PATH}/{stored.id}")

    return act


def _bead_file(form: Form) -> Upload:
    upload = form.files.get("file")
    if upload is None:
        raise SampleMissing(field="file")
    return upload


def _required(form: Form, name: str) -> str:
    if name not in form.texts:
        raise FormInvalid(expected=f"a field {name}", found="none")
    return form.texts[name]
