"""A server that takes records as REDCap does, a process of its own.

    python redcap_server.py FOLDER

FOLDER holds its dictionary (dictionary.csv), its token, how it behaves (mode), and the records.
"""

import csv
import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

VALIDATIONS = {
    "": r".*",
    "integer": r"-?[0-9]+",
    "number": r"-?[0-9]+(\.[0-9]+)?",
    "datetime_seconds_ymd": r"[0-9]{4}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]",
}


class Unfit(Exception):
    """What the project does not take."""


class Project:
    """Fields by the dictionary, and the records."""

    def __init__(self, folder):
        self.folder = folder
        with (folder / "dictionary.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.key = rows[0]["Variable / Field Name"]
        self.allowed = {f"{rows[0]['Form Name']}_complete": r"[012]"}
        for row in rows:
            choices = row["Choices, Calculations, OR Slider Labels"]
            pattern = VALIDATIONS[row["Text Validation Type OR Show Slider Number"]]
            if row["Field Type"] == "dropdown":
                codes = [each.split(",")[0].strip() for each in choices.split("|")]
                pattern = "|".join(map(re.escape, codes))
            self.allowed[row["Variable / Field Name"]] = pattern

    @property
    def records(self):
        path = self.folder / "records.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def take(self, form):
        """Import records."""
        erases = {"normal": False, "overwrite": True}[form["overwriteBehavior"]]
        records, coming = self.records, json.loads(form["data"])
        for each in coming:
            self.check(each)
            record = records.setdefault(each[self.key], {})
            record |= {name: text for name, text in each.items() if text or erases}
        write(self.folder / "records.json", json.dumps(records))
        return {"count": len(coming)}

    def check(self, record):
        unknown = ", ".join(name for name in record if name not in self.allowed)
        if unknown:
            raise Unfit(
                f"The following fields were not found in the project as real data fields: {unknown}"
            )
        if not record.get(self.key):
            raise Unfit("The record ID is missing")
        for name, text in record.items():
            if text and not re.fullmatch(self.allowed[name], text, re.DOTALL):
                raise Unfit(f'"{record[self.key]}","{name}","{text}","The value is not valid"')


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        folder = self.server.folder
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: texts[0] for name, texts in parse_qs(body, keep_blank_values=True).items()}
        mode, _, more = (folder / "mode").read_text().partition(" ")
        with (folder / "asked").open("a") as asked:
            asked.write(json.dumps({**form, "path": self.path}) + "\n")
        if mode == "slow":
            time.sleep(float(more))
        if mode == "offline":
            self.answer(503, "<html>REDCap is offline</html>", "text/html")
        elif mode == "elsewhere":
            self.send_response(307)
            self.send_header("Location", more)
            self.end_headers()
        elif self.path != "/api/" or form.get("token") != (folder / "token").read_text():
            self.answer(403, {"error": "You do not have permissions to use the API"})
        elif (form.get("content"), form.get("format")) != ("record", "json"):
            self.answer(400, {"error": "The value of the parameter 'content' is not valid"})
        else:
            try:
                told = Project(folder).take(form)
            except Unfit as error:
                self.answer(400, {"error": str(error)})
            else:
                self.answer(200, told)

    def answer(self, status, said, kind="application/json"):
        body = (said if isinstance(said, str) else json.dumps(said)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


def write(path, text):
    new = path.with_suffix(".new")
    new.write_text(text)
    new.rename(path)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.folder = Path(sys.argv[1])
    write(server.folder / "port", str(server.server_port))
    server.serve_forever()
