"""The examples under deploy/ and the image's description do what they say."""

import configparser
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import httpx2
import pytest
import yaml
from process import PROGRAM, free_port, serving

from hladr.cli.failure import WRONG_USAGE
from service.operating.ending import TRY_LATER
from service.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MOST_EXPOSED = 2.0  # of 10, as systemd-analyze counts

if not DEPLOY.is_dir():
    pytest.skip("the examples are in the checkout only", allow_module_level=True)


def tool(name):
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def unit(name):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


@pytest.mark.parametrize("name", ["hladr.service", "hladr-backup.service"])
def test_a_unit_exposes_little(name):
    ran = subprocess.run(
        [tool("systemd-analyze"), "security", "--offline=true", "--no-pager", DEPLOY / name],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "Overall exposure" not in ran.stdout:
        pytest.skip(f"this systemd-analyze cannot look at files: {ran.stderr}")
    score = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", ran.stdout)[1])
    print(f"{name}: {score}")
    assert score <= MOST_EXPOSED


def test_the_units_are_understood(tmp_path):
    for path in DEPLOY.glob("hladr*.*"):
        text = path.read_text().replace("/opt/hladr/bin/hladr", sys.executable)
        (tmp_path / path.name).write_text(text)
    (tmp_path / "hladr.service.d").mkdir()
    (tmp_path / "hladr-doors.conf").rename(tmp_path / "hladr.service.d/doors.conf")
    names = ("hladr.service", "hladr-backup.service", "hladr-backup.timer")
    ran = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", *(tmp_path / name for name in names)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_unit_lets_the_service_limit_what_it_starts():
    """Gate files are measured by a process that limits itself: setrlimit is of @resources."""
    for name in ("hladr.service", "hladr-backup.service"):
        assert "@resources" not in unit(name)["Service"]["SystemCallFilter"]
        assert "MemoryDenyWriteExecute" not in unit(name)["Service"]


def test_the_unit_starts_it_again_when_the_database_comes_up_later():
    told = unit("hladr.service")["Service"]
    assert told["Restart"] == "on-failure"
    prevented = told["RestartPreventExitStatus"].split()
    assert str(WRONG_USAGE) in prevented
    assert str(TRY_LATER) not in prevented


def test_examples_name_settings_that_there_are():
    known = {f"HLADR_{name.upper()}" for name in Settings.model_fields} | {"HLADR_CACHE_DIR"}
    for path in (*DEPLOY.iterdir(), ROOT / "Containerfile"):
        named = set(re.findall(r"\bHLADR_[A-Z_]+\b", path.read_text())) - {"HLADR_NAME"}
        assert named <= known, path.name


def test_the_page_names_every_unit_that_must_reach_a_database_elsewhere():
    page = (ROOT / "docs/operations.md").read_text()
    section = page.partition("\n## PostgreSQL\n")[2].partition("\n## ")[0]
    shut = [path.name for path in DEPLOY.glob("*.service") if "IPAddressDeny" in path.read_text()]
    assert len(shut) == 2
    for name in shut:
        assert f"`{name}`" in section, name


def test_the_unit_may_write_to_the_folder_that_the_page_names():
    page = (ROOT / "docs/operations.md").read_text()
    folder = re.search(r"HLADR_HL7_FOLDER=(/\S+)'", page)[1]
    assert unit("hladr-doors.conf")["Service"]["ReadWritePaths"] == f"-{folder}"
    assert "/etc/systemd/system/hladr.service.d/doors.conf" in page
    assert "ReadWritePaths" not in unit("hladr.service")["Service"]


def test_volumes_are_folders_of_the_image_that_its_user_can_write_to():
    made = re.search(r"install -d -o hladr -g hladr -m 0700 (.*)$", containerfile(), re.MULTILINE)
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["hladr"]
    assert {each.partition(":")[2] for each in told["volumes"]} == set(made[1].split())


def test_containers_have_no_more_rights_than_they_need():
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    ours = told["services"]["hladr"]
    assert ours["read_only"] is True
    assert ours["user"] == "10001:10001"
    assert ours["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in ours["ports"])
    assert "password" not in str(ours["environment"]).lower()
    gateway = told["networks"]["default"]["ipam"]["config"][0]["gateway"]
    assert ours["environment"]["HLADR_TRUSTED_PROXY"] == gateway
    Settings(**{
        name.removeprefix("HLADR_").lower(): value
        for name, value in ours["environment"].items() if name.startswith("HLADR_")
    })  # fmt: skip


def test_the_image_is_nobodys_and_holds_only_what_it_needs():
    text = (ROOT / "Containerfile").read_text()
    last = text.rpartition("\nFROM ")[2]
    assert "USER 10001:10001" in last
    assert "VOLUME /data" in last
    assert "HEALTHCHECK" in last
    assert "COPY --from=build /opt/hladr /opt/hladr" in last
    copied = {line.split()[1] for line in text.splitlines() if re.match(r"COPY \w+ \w+$", line)}
    ignored = (ROOT / ".containerignore").read_text().split()
    assert all(f"!{each}" in ignored for each in copied)
    packages = re.search(r'packages = \["(.*)"\]', (ROOT / "pyproject.toml").read_text())[1]
    assert copied == {*packages.split('", "'), "sample_fcs"}


def test_the_image_says_where_it_lists_what_is_in_it():
    text = containerfile()
    place = re.search(r'hladr.sbom="(\S+)"', text.rpartition("\nFROM ")[2])[1]
    assert f" {place}\n" in text.partition("\nFROM ")[2]
    assert place.startswith("/opt/hladr/")
    assert "scripts/sbom.sh /opt/hladr/bin/python" in text
    assert "!scripts/sbom.sh" in (ROOT / ".containerignore").read_text().split()


def environment_of_the_image():
    text = (ROOT / "Containerfile").read_text().rpartition("\nFROM ")[2]
    said = re.search(r"^ENV ((?:.*\\\n)*.*)$", text, re.MULTILINE)[1].replace("\\\n", " ")
    return dict(each.split("=", 1) for each in said.split())


def test_the_steps_of_the_image_leave_a_service_that_starts_without_compiling(tmp_path):
    """As far as they go without an engine: kernels for any processor, read-only; health."""
    told = environment_of_the_image()
    assert told["HLADR_DATA_DIR"] == "/data"
    kernels = {"HLADR_CACHE_DIR": str(tmp_path / "kernels"), "NUMBA_CPU_NAME": "generic"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HLADR_")}
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM, "warm-up"], env={**clean, **kernels}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert "ready in" in made.stdout
    before = set((tmp_path / "kernels").rglob("*"))
    health = re.search(r"HEALTHCHECK .* CMD (\[(?:.*\\\n)*.*\])$", containerfile(), re.MULTILINE)
    command = json.loads(health[1].replace("\\\n", ""))
    command[0] = sys.executable
    with pytest.MonkeyPatch.context() as environment:
        for name, value in kernels.items():
            environment.setenv(name, value)
        with serving(tmp_path, "--data", "data") as process:
            clean["HLADR_PORT"] = str(process.port)
            assert subprocess.run(command, env=clean, check=False).returncode == 0
            assert "kept on disk" not in process.err.read_text()
    ran = subprocess.run(command, env=clean, check=False, capture_output=True)
    assert ran.returncode != 0
    assert set((tmp_path / "kernels").rglob("*")) == before


def containerfile():
    return (ROOT / "Containerfile").read_text()


def test_what_is_installed_is_listed_by_its_versions_and_not_by_the_time(tmp_path):
    pytest.importorskip("cyclonedx_py")
    for each in ("scripts/sbom.sh", "pyproject.toml"):  # no more is there when the image is made
        (tmp_path / each).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / each, tmp_path / each)
    command = [tmp_path / "scripts/sbom.sh", sys.executable]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told = json.loads((tmp_path / said.strip()).read_bytes())
    assert "timestamp" not in told["metadata"]
    assert "serialNumber" not in told
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["name"] == "hladr"
    versions = {each["name"].lower(): each["version"] for each in told["components"]}
    for name in ("numpy", "numba", "fastapi", "sqlalchemy"):
        assert versions[name] == metadata.version(name)
    assert all("purl" in each or each["name"] == "hladr" for each in told["components"])


@pytest.fixture
def proxied(tmp_path):
    """A service behind nginx, as the example has it, with a certificate of the test's own."""
    nginx, openssl = tool("nginx"), tool("openssl")
    plain, tls = free_port(), free_port()
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=hladr.example.org", "-days", "2", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    origin = "https://hladr.example.org"
    settings = {"public_origin": origin, "secure_cookies": "true", "trusted_proxy": "127.0.0.1"}
    with serving(tmp_path, "--data", "data", **settings) as process:
        text = (DEPLOY / "nginx.conf").read_text()
        for said, meant in (
            ("listen 80;", f"listen 127.0.0.1:{plain};"), ("    listen [::]:80;\n", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("/etc/ssl/hladr/fullchain.pem", str(certificate)),
            ("/etc/ssl/hladr/privkey.pem", str(key)),
            ("127.0.0.1:8000", f"127.0.0.1:{process.port}"),
        ):  # fmt: skip
            assert said in text
            text = text.replace(said, meant)
        temporary = "".join(
            f"{kind}_temp_path {tmp_path / kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (tmp_path / "nginx.conf").write_text(
            f"pid {tmp_path / 'pid'}; error_log {tmp_path / 'errors'}; daemon off;"
            f"user root; events {{}} http {{ access_log off; {temporary} {text} }}"
        )
        command = [nginx, "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            wait_for(tls)
            yield process, plain, tls
        finally:
            server.terminate()
            server.wait()


def wait_for(port):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(httpx2.TransportError):
            return asked(port, "/health")
        time.sleep(0.05)
    raise AssertionError(port)


def asked(port, path, method="GET", **more):
    headers = {"Host": "hladr.example.org", **more.pop("headers", {})}
    with httpx2.Client(verify=False, timeout=30) as client:
        return client.request(method, f"https://127.0.0.1:{port}{path}", headers=headers, **more)


def test_the_proxy_lets_through_what_it_should_and_nothing_else(proxied):
    process, plain, tls = proxied
    key = {"Authorization": f"Bearer {process.key}"}
    assert process.lines[1] == "First user: https://hladr.example.org/setup"
    page = asked(tls, "/setup")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert asked(tls, "/health").status_code == 404
    assert asked(tls, "/metrics").status_code == 404
    assert asked(tls, "/api/v1/lots", headers=key).json() == {"lots": []}
    with httpx2.Client() as client:
        moved = client.get(f"http://127.0.0.1:{plain}/setup", headers={"Host": "hladr.example.org"})
    assert (moved.status_code, moved.headers["location"]) == (
        301,
        "https://hladr.example.org/setup",
    )


def test_somebody_signs_in_through_the_proxy_and_cannot_say_where_they_come_from(proxied):
    process, _, tls = proxied
    origin = {"Origin": "https://hladr.example.org"}
    person = {"name": "ann", "full_name": "Ann B", "password": "a sentence that is long enough"}
    made = asked(tls, "/setup", "POST", data={"key": process.key, **person}, headers=origin)
    assert made.status_code == 201, made.text
    said = {"name": "ann", "password": person["password"]}
    signed_in = asked(tls, "/api/v1/session", "POST", json=said, headers=origin)
    assert signed_in.status_code == 200, signed_in.text
    assert "secure" in signed_in.headers["set-cookie"].lower()
    wrong = {**said, "password": "another sentence of some length"}
    tried = [
        asked(tls, "/api/v1/session", "POST", json=wrong,
              headers={**origin, "X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(12)
    ]  # fmt: skip
    assert 429 in tried
