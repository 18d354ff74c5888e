"""Somebody follows docs/operations.md from nothing to a signed report, a restore and an upgrade."""

import re
import shutil
import subprocess
import sys

import pytest
from laboratory import running
from newcomer import ROOT, Machine, blocks
from operator_at_work import Operator, service_settings

from service.settings import Settings

if not (ROOT / "docs").is_dir():
    pytest.skip("the page is in the checkout only", allow_module_level=True)
for tool in ("bash", "curl"):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed here", allow_module_level=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode != 0:
        pytest.skip(f"no wheel can be built here: {ran.stderr[-300:]}")
    return next(folder.glob("*.whl"))


@pytest.fixture
def machine(tmp_path, wheel, request):
    made = Machine(tmp_path, wheel, **getattr(request, "param", {}))
    yield made
    made.end()


END = """
KEY="$(as_service key new --label "of the test" | sed -n 's/^API key: //p')"
ask "analyses/$BLOOD"
ask audit/verification --request POST
"""
DRILL = "as_service restore /var/backups/hladr --verify\n"


def has_a_signed_report(machine, said):
    assert "API key: hladr_" in said
    assert "First user: http://127.0.0.1" in said
    assert "\nfinal\n" in said
    assert "✘" not in said
    assert '"state":"final"' in said
    assert '"intact":true' in said
    assert re.search(r"HLADR_LABORATORY +University Hospital Athens\n", said)
    assert re.search(r"HLADR_HL7_FOLDER +it can be written to\n", said)
    report = (machine.work / "report.html").read_text(encoding="utf-8")
    for what in ("Tina T", "Rita R", "S-001", "Research use only", "University Hospital Athens"):
        assert what in report


def test_a_newcomer_comes_from_nothing_to_a_signed_report_and_back_after_a_loss(machine):
    said = machine.run([*(body for _, word, body in blocks() if word == ""), END])
    has_a_signed_report(machine, said)
    assert said.count("results measured again: 1 the same") >= 3


def test_with_postgresql_a_newcomer_does_the_same(tmp_path, wheel, postgresql):
    server = {"PGHOST": str(postgresql.folder), "PGUSER": "hladr"}
    machine = Machine(tmp_path, wheel, **server)
    machine.environment["PATH"] += f":{postgresql.programs}"
    page = [each for each in blocks() if each[1] in {"", "postgresql"}]
    create = next(each for each in page if "createuser" in each[2])
    page.remove(create)  # it is for before the first start
    page.insert(next(place for place, each in enumerate(page) if "enable --now" in each[2]), create)
    drills = [each for each in page if each[2] == DRILL]
    assert len(drills) == 1  # with PostgreSQL there is another
    page.remove(drills[0])
    text = "\n".join(body for _, _, body in page)
    text = text.replace("runuser -u postgres -- createuser hladr\n", "")  # whom the server is of
    try:
        said = machine.run([text, END])
    finally:
        machine.end()
    assert "PostgreSQL 1" in said
    has_a_signed_report(machine, said)
    assert said.count("results measured again: 1 the same") == 2  # the drill, and the loss


def test_no_block_of_the_page_is_left_out():
    kinds = {word for _, word, _ in blocks()}
    assert kinds == {"", "postgresql", "container", "compose", "token"}
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^```(\w+)", text, re.MULTILINE)) <= {"sh"}


def test_the_container_is_run_as_it_is_tried():
    """`scripts/try_container.sh` runs the image: root read-only, a user without rights, /tmp."""
    run = next(body for _, word, body in blocks() if word == "container")
    for option in (
        "--read-only", "--restart always", "--volume /var/backups/hladr:/backups",
        "--cap-drop all", "no-new-privileges", "--tmpfs /tmp", "--volume hladr-data:/data",
        "--publish 127.0.0.1:",
    ):  # fmt: skip
        assert option in run


def test_a_container_believes_the_gateway_that_the_proxy_comes_from():
    run = next(body for _, word, body in blocks() if word == "container")
    gateway = re.search(r"--gateway (\S+) ", run)[1]
    assert f"--env HLADR_TRUSTED_PROXY={gateway} " in run


COMMANDS = re.compile(r"hladr +((?:backup|restore) .*)$", re.MULTILINE)


@pytest.mark.parametrize("kind", ["container", "compose"])
def test_what_is_run_in_a_container_is_a_command_that_does_it(kind, tmp_path):
    text = "\n".join(body for _, word, body in blocks() if word == kind).replace("\\\n", " ")
    found = [" ".join(each.split()) for each in COMMANDS.findall(text)]
    assert {each.split()[0] for each in found} == {"backup", "restore"}
    assert "restore /backups --verify" in found
    assert "restore /backups --data /data --verify" in found
    operator = Operator(tmp_path)
    with running(service_settings(tmp_path / "data", None)) as service:
        service.analyse(service.calibration())
    for command in sorted(set(found)):  # backups come first
        place = "data" if command.startswith("backup") else tmp_path / f"new{len(command)}"
        words = command.replace("/backups", "backups").replace("/data", str(place)).split()
        operator.call(*words, data_dir=place)


def test_a_container_gets_settings_without_their_quotes(tmp_path):
    run = next(body for _, word, body in blocks() if word == "container")
    (tmp_path / "hladr.env").write_text(
        "HLADR_TIME_ZONE=Europe/Athens\nHLADR_LABORATORY='University Hospital $1 \"A\"'\n"
    )
    command = re.search(r"--env-file <\((.*)\) ", run)[1]
    ran = subprocess.run(
        ["bash", "-c", command.replace("/etc/hladr", str(tmp_path))], capture_output=True,
        text=True, check=True, env={"PATH": "/usr/bin:/bin", "HLADR_PORT": "1"},
    )  # fmt: skip
    assert sorted(ran.stdout.splitlines()) == [
        'HLADR_LABORATORY=University Hospital $1 "A"', "HLADR_TIME_ZONE=Europe/Athens",
    ]  # fmt: skip


def test_whoever_has_a_token_puts_it_where_the_service_can_read_it():
    page = list(blocks())
    token = next(body for _, word, body in page if word == "token")
    place = re.search(r"HLADR_REDCAP_TOKEN_FILE=(\S+)'", token)[1]
    made = next(body for _, word, body in page if f"/dev/null {place}\n" in body)
    assert f"install -o root -g hladr -m 0640 /dev/null {place}" in made
    text = "\n".join(body for _, word, body in page if word == "")
    assert f"install -d -o root -g hladr -m 0750 {place.rpartition('/')[0]}\n" in text


def test_every_code_of_the_table_of_failures_is_one():
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    table = page.partition("## When it fails")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", table)) - {
        f"HLADR_{name.upper()}" for name in Settings.model_fields
    }
    known = (ROOT / "docs/service.md").read_text(encoding="utf-8")
    assert len(told) > 10
    assert {code for code in told if f"| `{code}` |" not in known} == set()


def test_a_later_version_is_installed_while_nothing_runs():
    """And after a backup that has all that was acknowledged."""
    (upgrade,) = [body for name, _, body in blocks() if name == "Upgrade"]
    steps = ("systemctl stop hladr\n", "systemctl start hladr-backup\n", "pip install",
             "systemctl start hladr\n")  # fmt: skip
    places = [upgrade.index(each) for each in steps]
    assert places == sorted(places)
