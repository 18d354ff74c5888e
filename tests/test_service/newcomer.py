"""A machine for somebody who follows docs/operations.md: its folders, and what stands in for root.

Everything runs for real but for what only root of a whole machine can do: users are not made, and
units are started by a small ``systemctl`` that reads them.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

from process import free_port

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```sh ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_OWN = re.compile(r"hladr|calibration$|service$|__editable__|_hladr")
_PLACES = re.compile(r"(?<![\w./])/(opt|etc|var)/")

SYSTEMCTL = """
import configparser, os, re, shlex, signal, subprocess, sys
from pathlib import Path

root, base = Path(os.environ["MACHINE"]), "{places}"

def mapped(text):
    return re.sub(base, lambda found: f"{{root}}/{{found[1]}}/", text)

def unit(name):
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    lines, parser.optionxform = [], str
    for line in mapped((root / "etc/systemd/system" / name).read_text()).splitlines():
        key = line.partition("=")[0]
        many = key in ("ExecStart", "SystemCallFilter", "IPAddressAllow")
        lines.append(line.replace(key, f"{{key}}.{{len(lines)}}", 1) if many else line)
    parser.read_string("\\n".join(lines))
    return parser["Service"]

def environment(told):
    kept = ("PATH", "PYTHONPATH", "HLADR_PORT", "MACHINE", "PGHOST", "PGUSER")
    made = {{name: os.environ[name] for name in kept if name in os.environ}}
    made |= dict(each.split("=", 1) for each in shlex.split(told["Environment"]))
    file = Path(told["EnvironmentFile"].removeprefix("-"))
    lines = file.read_text().splitlines() if file.exists() else []
    told = dict(line.split("=", 1) for line in lines if line and line[0] != "#")
    return made | {{name: unquoted(value) for name, value in told.items()}}

def unquoted(value):
    # As systemd does: quotes around all of a value are taken off, blanks elsewhere stay.
    return shlex.split(value)[0] if value[:1] in ("'", '"') else value

def commands(told):
    return [shlex.split(told[key]) for key in told if key.startswith("ExecStart.")]

def start(name):
    told = unit(f"{{name}}.service")
    os.umask(int(told["UMask"], 8))
    for kind, place in (("State", "var/lib"), ("Cache", "var/cache")):
        if f"{{kind}}Directory" in told:
            folder = root / place / told[f"{{kind}}Directory"]
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = (root / f"{{name}}.log").open("a")
    for command in commands(told):
        if told["Type"] == "oneshot":
            subprocess.run(command, env=environment(told), stdout=log, stderr=log, check=True)
        else:
            started = subprocess.Popen(command, env=environment(told), stdout=log, stderr=log,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
            (root / f"{{name}}.pid").write_text(str(started.pid))

def stop(name):
    pid = int((root / f"{{name}}.pid").read_text())
    if Path(f"/proc/{{pid}}").exists():  # to stop what is stopped is no fault
        os.kill(pid, signal.SIGTERM)
    while Path(f"/proc/{{pid}}/stat").exists():
        if Path(f"/proc/{{pid}}/stat").read_text().rpartition(") ")[2][0] == "Z":
            break

verb, *names = [each for each in sys.argv[1:] if not each.startswith("--")]
for name in names:
    if name == "nginx":
        assert (root / "etc/nginx/conf.d/hladr.conf").is_file()
    elif name.endswith(".timer"):
        assert (root / "etc/systemd/system" / name).is_file()
    else:
        if verb in ("stop", "restart"):
            stop(name)
        if verb in ("start", "restart", "enable"):
            start(name)
"""
TOOLS = {
    "useradd": "exit 0",
    "getent": "exit 0",
    "nginx": "exit 0",
    "runuser": 'while [ "$1" != "--" ]; do shift; done; shift; exec "$@"',
    "journalctl": 'cat "$MACHINE/hladr.log"',
    "systemctl": 'exec "$PYTHON" "$MACHINE/systemctl.py" "$@"',
}


class Machine:
    """A machine in a folder; `work` is where somebody stands who has the source and a wheel."""

    def __init__(self, folder, wheel, **environment):
        self.folder, self.work, self.port = folder / "machine", folder / "work", free_port()
        for each in ("opt", "etc/systemd/system", "etc/nginx/conf.d", "var/lib", "var/backups",
                     "var/cache", "var/spool", "bin"):  # fmt: skip
            (self.folder / each).mkdir(parents=True)
        self.work.mkdir()
        shutil.copy(wheel, self.work)
        shutil.copytree(ROOT / "deploy", self.work / "deploy")
        kernels = os.environ.get("HLADR_CACHE_DIR") or Path.home() / ".cache/hladr"
        Path(kernels).mkdir(parents=True, exist_ok=True)
        (self.folder / "var/cache/hladr").symlink_to(kernels)
        for name, text in TOOLS.items():
            path = self.folder / "bin" / name
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)
        (self.folder / "systemctl.py").write_text(SYSTEMCTL.format(places=_PLACES.pattern))
        here = Path(sys.executable).parent
        self.environment = {
            "PATH": f"{self.folder / 'bin'}:{here}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(self.others()), "PYTHON": sys.executable, "HOME": str(folder),
            "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "MACHINE": str(self.folder), "HLADR_PORT": str(self.port), **environment,
        }  # fmt: skip

    def others(self):
        """A folder with the packages that the wheel needs, and nothing of ours."""
        folder = self.folder / "packages"
        folder.mkdir()
        for site in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            for path in Path(site).iterdir():
                if not _OWN.match(path.name) and path.suffix != ".pth":
                    (folder / path.name).symlink_to(path)
        return folder

    def run(self, blocks, seconds=400):
        """Run blocks in one shell; what they print."""
        text = _PLACES.sub(lambda found: f"{self.folder}/{found[1]}/", "\n".join(blocks))
        text = re.sub(r"-o \w+ -g \w+ ", "", text).replace(":8000", f":{self.port}")
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], capture_output=True, text=True, check=False,
            cwd=self.work, env=self.environment, timeout=seconds,
        )  # fmt: skip
        log = "".join(path.read_text() for path in self.folder.glob("*.log"))
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}\n{log[-3000:]}"
        return ran.stdout + ran.stderr + log

    def end(self):
        """End what was started."""
        for path in self.folder.glob("*.pid"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(path.read_text()), signal.SIGTERM)


def blocks():
    """Blocks of the page that are run, with the word behind ``sh`` and their section."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name = section.partition("\n")[0]
        for word, body in _BLOCK.findall(section):
            yield name, word, body
