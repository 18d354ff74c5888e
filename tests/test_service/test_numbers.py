"""The service gives the numbers of the library, whichever way they come."""

import json

import pytest
from laboratory import BEADS, LOT, SAMPLES, part

import hladr
from hladr.cli.main import app as program

LOT_TEXT = (SAMPLES / "simulated-lot.toml").read_text()
BLOOD = ("healthy.fcs", "immunoparalysis.fcs", "borderline.fcs", "mals.fcs", "forgotten-stain.fcs")


def command_line(*arguments):
    from typer.testing import CliRunner

    ran = CliRunner().invoke(program, [*map(str, arguments), "--format", "json"])
    return json.loads(ran.stdout.splitlines()[0])


@pytest.mark.parametrize("name", BLOOD)
def test_quantify_is_the_command_line_number_for_number(service, name):
    files = {"sample": part(SAMPLES / name), "beads": part(BEADS)}
    answered = service.post(
        "quantify", 200, files=files, data={"lot": LOT_TEXT, "ferritin_ng_ml": "812"}
    )
    lot = SAMPLES / "simulated-lot.toml"
    printed = command_line(
        "quantify", SAMPLES / name, "--beads", BEADS, "--lot", lot, "--ferritin", "812"
    )
    assert answered == printed
    assert service.get("analyses")["analyses"] == []


@pytest.mark.parametrize("name", BLOOD)
def test_an_analysis_is_the_library_number_for_number(service, name):
    calibration = service.calibration()
    answered = service.analyse(calibration, name, ferritin_ng_ml="812", tube_type="EDTA")
    lot = hladr.quantify(
        SAMPLES / name, beads=BEADS, lot=",".join(map(str, LOT["assigned"])),
        ferritin_ng_ml="812", context=hladr.Context(subject="blood", tube_type="EDTA"),
    )  # fmt: skip
    expected = lot.to_dict()
    for told in (expected, answered["result"]):
        told["calibration"]["lot"] = None  # here it has a number
    assert answered["result"]["hla_dr"] == expected["hla_dr"]
    assert answered["result"]["classification"] == expected["classification"]
    assert answered["result"]["context"] == expected["context"]
