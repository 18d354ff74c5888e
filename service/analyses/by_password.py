"""What people stand for by their password, done once: a signature, an answer for a finding."""

from starlette.responses import Response

from service.analyses import view
from service.analyses.confirming import asked_by, confirmed
from service.analyses.files_whole import files_of, require_files
from service.analyses.looked_at import LookedAt
from service.analyses.looking import at_version
from service.analyses.receiving import PATH
from service.analyses.signing import AnswerWanted, SignatureWanted, answered, signed
from service.http.attempts import Attempts
from service.http.once import Act, once
from service.laboratory import Laboratory
from service.principal import Principal
from service.store.signatures import Meaning


def sign_once(
    laboratory: Laboratory,
    who: Principal,
    tried: Attempts,
    looked: LookedAt,
    wanted: SignatureWanted,
    key: str | None,
) -> Response:
    """Sign what somebody looked at, while what it was measured from is there to be looked at.

    Raises
    ------
    SignInRefused, NotFound, VersionMoved, FileLost, FileDamaged, SigningRefused, SignedAlready
    """
    user = confirmed(laboratory, who, tried, wanted)
    call = f"POST {PATH}/{looked.id}/signatures {looked.version}"

    def prepare() -> Act:
        if wanted.meaning is not Meaning.REJECTED:
            _require_files(laboratory, who, looked)
        return lambda writing: signed(writing, laboratory, who, looked, user, wanted)

    asked = asked_by(user, who, key, call, wanted)
    return once(laboratory, asked, prepare, view.teller(laboratory, who))


def answer_once(
    laboratory: Laboratory,
    who: Principal,
    tried: Attempts,
    looked: LookedAt,
    wanted: AnswerWanted,
    key: str | None,
) -> Response:
    """Answer for a finding of what somebody looked at.

    Raises
    ------
    SignInRefused, NotFound, VersionMoved, SigningRefused, AnsweredAlready
    """
    user = confirmed(laboratory, who, tried, wanted)
    call = f"POST {PATH}/{looked.id}/answers {looked.version}"

    def act() -> Act:
        return lambda writing: answered(writing, laboratory, who, looked, user, wanted)

    asked = asked_by(user, who, key, call, wanted)
    return once(laboratory, asked, act, view.teller(laboratory, who))


def _require_files(laboratory: Laboratory, who: Principal, looked: LookedAt) -> None:
    """Read the files before anything is written: so long nobody else waits for the database."""
    with laboratory.database.reading() as connection:
        files = files_of(connection, at_version(connection, who, looked.target))
    require_files(laboratory.archive, files)
