"""One row of a result table: the flat form of a JSON record of one sample."""

from collections.abc import Mapping
from typing import Any

from hladr.csv_text import Cell

COLUMNS = (
    "sample",
    "subject",
    "abc",
    "ci95_low",
    "ci95_high",
    "abc_median",
    "monocytes",
    "class",
    "decisive",
    "verdict",
    "findings",
    "error",
    "probability",
    "range",
    "ferritin_ng_ml",
    "slope",
    "intercept",
    "r_squared",
    "max_residual_percent",
    "lot",
    "sample_sha256",
    "beads_sha256",
    "lot_sha256",
    "assay",
    "assay_version",
    "assay_sha256",
    "criterion",
    "criterion_version",
    "software_version",
    "algorithm",
    "gates_sha256",
)


def result_row(sample: str, record: Mapping[str, Any]) -> dict[str, Cell]:
    """Cells of one sample by column name.

    Parameters
    ----------
    sample
        The sample as it was asked for.
    record
        Object of schema ``hladr.result/1`` or ``hladr.error/1``. A number that may not be used
        (``unreleasable``) does not appear.
    """
    if "error" in record:
        return {"sample": sample, "error": record["error"]["code"]}
    calibration, assay = record["calibration"], record["assay"]
    classification, software = record["classification"], record["software"]
    return {
        "sample": sample,
        "subject": record["context"]["subject"],
        **_number(record.get("hla_dr")),
        "monocytes": (record.get("hla_dr") or record["unreleasable"])["monocytes"],
        "class": classification["class"],
        "decisive": classification["decisive"],
        "probability": classification["probability"],
        "verdict": record["verdict"],
        "findings": " ".join(dict.fromkeys(finding["code"] for finding in record["findings"])),
        "ferritin_ng_ml": classification["ferritin_ng_ml"],
        "slope": calibration["slope"],
        "intercept": calibration["intercept"],
        "r_squared": calibration["r_squared"],
        "max_residual_percent": calibration["max_residual_percent"],
        "lot": calibration["lot"]["number"],
        "sample_sha256": record["sample"]["sha256"],
        "beads_sha256": (calibration["beads"] or {}).get("sha256"),
        "lot_sha256": calibration["lot"]["sha256"],
        "assay": assay["name"],
        "assay_version": assay["version"],
        "assay_sha256": assay["sha256"],
        "criterion": classification["criterion"]["name"],
        "criterion_version": classification["criterion"]["version"],
        "software_version": software["version"],
        "algorithm": software["algorithm"],
        "gates_sha256": record["gating"]["gates_sha256"],
    }


def _number(hla_dr: Mapping[str, Any] | None) -> dict[str, Cell]:
    if hla_dr is None:
        return {}
    low, high = hla_dr["ci95"]
    return {
        "abc": hla_dr["abc"],
        "ci95_low": low,
        "ci95_high": high,
        "abc_median": hla_dr["abc_median"],
        "range": hla_dr["range"],
    }
