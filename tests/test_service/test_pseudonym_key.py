"""A subject keeps the pseudonym that it has: no other key takes the place of the one before."""

import stat

import pytest
from laboratory import release, running, two_people
from receivers import TOKEN, RedcapServer, begun, ended, sent, until

from service.doors.outside import KEY_FILE
from service.settings import Settings

FIRST, OTHER = "8f3a" * 7 + "0123456789abcdef", "7e2b" * 7 + "fedcba9876543210"


def pseudonym(service, analysis, status=200):
    """What REDCap is told of the subject, or the code of the refusal."""
    told = service.get(f"analyses/{analysis['id']}/redcap", status)
    return told["code"] if status >= 400 else told["hladr_subject"]


def released(service):
    two_people(service)
    told = service.analyse(service.calibration(), subject="ATH-0101")
    release(service, told)
    return told


def test_it_is_there_from_the_first_start_and_in_a_backup_made_before_a_record_left(
    settings, operator
):
    with running(settings):
        pass
    path = settings.data_dir / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_bytes()
    _, folder = operator.backup(settings.data_dir, "backups")
    assert (folder / "data" / KEY_FILE).read_bytes() == first
    with running(settings):
        assert path.read_bytes() == first


@pytest.mark.parametrize("instead", [None, b"short", OTHER.encode()])
def test_one_that_is_gone_or_another_is_refused_until_it_is_put_back(service, settings, instead):
    analysis, path = released(service), settings.data_dir / KEY_FILE
    before, content = pseudonym(service, analysis), path.read_bytes()
    path.unlink()
    if instead is not None:
        path.write_bytes(instead)
    assert pseudonym(service, analysis, 503) == "PSEUDONYM_KEY_UNKNOWN"
    with running(settings) as again:  # a start makes no other one
        assert pseudonym(again.as_key(service.key), analysis, 503) == "PSEUDONYM_KEY_UNKNOWN"
        assert again.as_key(service.key).get(f"analyses/{analysis['id']}")["state"] == "final"
    assert path.exists() == (instead is not None)
    path.write_bytes(content)
    assert pseudonym(service, analysis) == before


def test_whoever_names_another_file_is_refused_as_well(settings, tmp_path):
    for name, text in (("first", FIRST), ("other", OTHER)):
        (tmp_path / name).write_text(text)
    named = settings.model_copy(update={"pseudonym_key_file": tmp_path / "first"})
    with running(named) as service:
        key, analysis = service.key, released(service)
        before = pseudonym(service, analysis)
    assert not (settings.data_dir / KEY_FILE).exists()
    for other in (settings, named.model_copy(update={"pseudonym_key_file": tmp_path / "other"})):
        with running(other) as service:
            told = pseudonym(service.as_key(key), analysis, 503)
            assert told == "PSEUDONYM_KEY_UNKNOWN"
    (settings.data_dir / KEY_FILE).write_text(FIRST + "\n")  # the same, in its other place
    with running(settings) as service:
        assert pseudonym(service.as_key(key), analysis) == before


def test_to_begin_anew_is_asked_for_and_stands_in_the_audit(service, settings, operator):
    analysis, path = released(service), settings.data_dir / KEY_FILE
    before = pseudonym(service, analysis)
    anew = ("key", "pseudonyms", "--data", settings.data_dir, "--reason", "lost with the disk")
    assert "nothing was changed" in operator.call(*anew).stderr
    path.unlink()
    operator.call(*anew[:-1], " ", status=2)
    assert "another key from now on" in operator.call(*anew).stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert pseudonym(service, analysis) != before
    assert service.audit()[-1] == "pseudonym-key.changed"
    last = service.get("audit?most=1000")["entries"][-1]
    assert "lost with the disk" in str(last["facts"])
    assert path.read_text().strip() not in str(last)


def test_no_key_leaves_by_its_fingerprint(service, settings):
    from service.doors.outside import laboratory_key
    from service.store import pseudonym_keys

    with service.laboratory.database.reading() as connection:
        known = pseudonym_keys.known(connection)
        key = laboratory_key(connection, settings)
    assert len(known) == 16
    assert known not in key.secret.decode()
    assert known != key.pseudonym("subject", "key")


@pytest.mark.parametrize("instead", [None, OTHER])
def test_doctor_calls_it_wrong(settings, operator, instead):
    with running(settings):
        pass
    path = settings.data_dir / KEY_FILE
    path.unlink()
    if instead is not None:
        path.write_text(instead)
        path.chmod(0o600)
    ran = operator.run("doctor", "--data", settings.data_dir)
    assert ran.returncode == 1
    assert "PSEUDONYM_KEY_UNKNOWN" in ran.stdout
    assert "data/pseudonym-key" in ran.stdout
    assert path.exists() == (instead is not None)


def test_a_named_key_that_is_not_there_yet_is_known_at_the_next_start(tmp_path, settings):
    named = settings.model_copy(update={"pseudonym_key_file": tmp_path / "key"})
    assert isinstance(named, Settings)
    with running(named) as service:
        key, analysis = service.key, released(service)
        assert pseudonym(service, analysis, 503) == "PSEUDONYM_KEY_UNKNOWN"
        (tmp_path / "key").write_text(FIRST)
        assert pseudonym(service, analysis, 503) == "PSEUDONYM_KEY_UNKNOWN"
    with running(named) as service:
        assert pseudonym(service.as_key(key), analysis)


def test_a_message_waits_for_the_key_and_is_then_taken(settings, tmp_path, hasty):
    token = tmp_path / "token"
    token.write_text(TOKEN)
    with begun(RedcapServer(tmp_path / "redcap")) as project:
        more = {"redcap_url": project.url, "redcap_token_file": token, **hasty}
        open_door = settings.model_copy(update={**more, "send_tries": 10**6})
        with running(open_door) as service:
            path = settings.data_dir / KEY_FILE
            content = path.read_bytes()
            path.unlink()
            released(service)
            until(lambda: "PSEUDONYM_KEY_UNKNOWN" in (sent(service)[0]["said"] or ""), "refused")
            assert sent(service)[0]["state"] == "waiting"
            assert not project.records
            path.write_bytes(content)
            assert ended(service)[0]["state"] == "taken"
            assert len(project.records) == 1
