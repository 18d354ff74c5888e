"""What schemathesis sends to a service: half of the time things that are really there.

Read by it (``SCHEMATHESIS_HOOKS``). It puts one of everything into the service, so that what is
made up gets further than to "there is no such thing": ids, versions, files.
"""

import os
import tomllib
from pathlib import Path

import httpx2 as httpx
import schemathesis

SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
LOT = tomllib.loads((SAMPLES / "simulated-lot.toml").read_text())
PASSWORD = "a sentence that is long enough"  # noqa: S105 - of the fuzzing
FILES = {"sample": "healthy.fcs", "beads": "canto-beads.fcs"}
NOBODY = "00000000-0000-0000-0000-000000000000"


def put_in(client):
    """Make one of everything; ids by the beginning of a path."""

    def post(path, **more):
        answer = client.post(f"/api/v1/{path}", **more)
        answer.raise_for_status()
        return answer.json()["id"]

    lot = post("lots", json={"maker": "nobody", "product": "beads", "number": LOT["number"],
                             "assigned": LOT["assigned"]})  # fmt: skip
    instrument = post("instruments", json={"name": "Canto 1"})
    files = {"file": (SAMPLES / "canto-beads.fcs").read_bytes()}
    belongs = {"lot_id": lot, "instrument_id": instrument}
    calibration = post("calibrations", files=files, data=belongs)
    files = {"file": (SAMPLES / "healthy.fcs").read_bytes()}
    tube = {"subject": "S1", "calibration_id": calibration}
    analysis = post("analyses", files=files, data=tube)
    study = post("studies", json={"name": "trial"})
    user = {"name": "ann", "full_name": "Ann", "password": PASSWORD, "roles": ["technician"]}
    own = client.get("/api/v1/keys").json()["keys"][0]["id"]
    return {
        "own key": own, "lots": lot, "instruments": instrument, "calibrations": calibration,
        "analyses": analysis, "studies": study, "users": post("users", json=user),
        "recalculations": post("recalculations", json={"lot_id": lot, "reason": "fuzz"}),
    }  # fmt: skip


def prepared():
    key = os.environ["FUZZ_SERVICE_KEY"]
    with httpx.Client(
        base_url=os.environ["FUZZ_SERVICE_ADDRESS"], headers={"Authorization": f"Bearer {key}"}
    ) as client:
        return put_in(client)


THERE = prepared()


def sometimes(value):
    """Half of all values, always the same ones."""
    return sum(repr(value).encode()) % 2 == 0


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    given = dict(path_parameters or {})
    if given.get("id") == THERE["own key"]:
        given["id"] = NOBODY  # it would revoke the key that it asks with
    elif "id" in given and sometimes(given["id"]):
        given["id"] = THERE.get(context.operation.path.split("/")[3], given["id"])
    return given


@schemathesis.hook
def map_headers(_context, headers):
    given = dict(headers or {})
    for name, value in list(given.items()):
        if name.lower() == "if-match" and sometimes(value):
            given[name] = '"1"'
    return given


@schemathesis.hook
def map_body(context, body):
    path = context.operation.path
    if not isinstance(body, dict):
        return body
    given = dict(body)
    for field, value in list(given.items()):
        name = field.removesuffix("_id")
        if field.endswith("_id") and sometimes(value):
            given[field] = THERE.get(f"{name}s", value)
    for field, file in FILES.items():
        if path.endswith("/quantify") and field in given and sometimes(given[field]):
            given[field] = (SAMPLES / file).read_bytes()
    if "file" in given and sometimes(given["file"]):
        file = "canto-beads.fcs" if path.endswith("/calibrations") else "healthy.fcs"
        given["file"] = (SAMPLES / file).read_bytes()
    if path.endswith("/quantify") and "lot" in given and sometimes(given["lot"]):
        given["lot"] = ",".join(map(str, LOT["assigned"]))
    return given
