"""A number whose figures cannot be drawn is signed by nobody, and rejected by whoever may."""

import pytest
from laboratory import PASSWORD
from sample_reader import form_of, meanings, seen, tube, words


def file_of(house, analysis):
    (found,) = (house.process.err.parent / "data").rglob(analysis["file"]["sha256"])
    return found


def lose(path):
    path.rename(path.with_suffix(".gone"))


def damage(path):
    raw = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(raw[:-200_000] + bytes(200_000))


HARMS = pytest.mark.parametrize("harm", [lose, damage])


@HARMS
def test_a_file_that_is_gone_takes_the_signatures_with_it(house, anna, harm):
    made = tube(house, "ATH-0001")
    harm(file_of(house, made))
    page = anna.read(f"/samples/{made['id']}")
    with pytest.raises(AssertionError, match="no form"):
        form_of(page, "sign")
    assert f"Performed, preliminary The blood file {made['file']['name']} is lost" in words(page)
    assert "Send the same file again in its run, with the same subject and barcode" in words(page)
    assert 'value="performed"' not in page
    assert 'value="reviewed"' not in page  # nor for another person here
    anna.sign(made, "reject", meaning="rejected", comment="the file is gone")
    assert seen(house, made)["state"] == "rejected"


@HARMS
def test_a_file_that_goes_after_somebody_looked_is_not_signed(house, anna, boris, harm):
    made = tube(house, "ATH-0001")
    anna.sign(made, meaning="performed")
    page = boris.read(f"/samples/{made['id']}")
    path = file_of(house, made)
    whole = path.read_bytes()
    harm(path)
    refused = boris.send(page, "sign", 500, meaning="reviewed", password=PASSWORD)
    assert "A file of this tube is lost or damaged" in words(refused)
    assert f"The blood file {made['file']['name']} is lost or damaged" in words(refused)
    assert seen(house, made)["state"] == "performed"
    sent = {"file": ("healthy.fcs", whole, "application/octet-stream")}
    said = {"calibration_id": house.beads["id"], "subject": "ATH-0001"}
    house.post("analyses", files={"file": sent["file"]}, data=said)
    boris.sign(made, meaning="reviewed")
    assert meanings(house, made) == ["performed", "reviewed"]
