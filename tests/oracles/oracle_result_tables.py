"""Result tables as `hladr quantify` writes them, cell by cell, of samples that never were."""

import csv
import hashlib
import json

import pyarrow as pa
from pyarrow import parquet

NUMBERS = {
    "abc", "ci95_low", "ci95_high", "abc_median", "probability", "slope", "intercept",
    "r_squared", "max_residual_percent",
}  # fmt: skip
TYPES = {"monocytes": pa.int64(), "decisive": pa.bool_()} | dict.fromkeys(NUMBERS, pa.float64())


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def measured(sample, abc=9000.0, **cells):
    """A row of a sample with a number; `cells` say what is otherwise."""
    return {
        "sample": f"{sample}.fcs", "subject": f"S-{sample}", "abc": abc, "ci95_low": 0.9 * abc,
        "ci95_high": 1.1 * abc, "abc_median": 1.01 * abc, "monocytes": 3000,
        "class": "unclassified", "decisive": True, "verdict": "pass", "findings": "",
        "error": None, "probability": 0.999, "range": "within", "ferritin_ng_ml": "812",
        "slope": 1.016, "intercept": 0.068, "r_squared": 0.9999, "max_residual_percent": 1.3,
        "lot": "A-1", "sample_sha256": digest(sample), "beads_sha256": digest("beads"),
        "lot_sha256": digest("lot"), "assay": "quantibrite-340827", "assay_version": "1",
        "assay_sha256": digest("assay"), "criterion": "immunosep-2025", "criterion_version": "1",
        "software_version": "0.1.0", "algorithm": "2", "gates_sha256": None,
    } | cells  # fmt: skip


def rejected(sample, **cells):
    """A row of a sample whose number may not be used."""
    none = dict.fromkeys(("abc", "ci95_low", "ci95_high", "abc_median", "range", "probability"))
    verdict = {"class": "undetermined", "decisive": None, "verdict": "reject"}
    return measured(sample) | none | verdict | {"findings": "VOLTAGE_DIFFERS"} | cells


def refused(sample, code="MONOCYTES_NOT_FOUND", **cells):
    """A row of a sample without a number."""
    return {"sample": f"{sample}.fcs", "error": code} | cells


COLUMNS = tuple(measured("a"))


def cell(value):
    """Digits in full, small words, and an apostrophe in front of what a spreadsheet executes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(float(value))
    return f"'{value}" if str(value)[:1] in set("=+-@\t\r\n") else value


def write_csv(path, rows, columns=COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return path


def write_parquet(path, rows, columns=COLUMNS):
    arrays = {
        name: pa.array([row.get(name) for row in rows], TYPES.get(name, pa.string()))
        for name in columns
    }
    parquet.write_table(pa.table(arrays), path)
    return path


def record_of(row):
    """The JSON record that a row is the flat form of."""
    if row.get("error"):
        return {
            "schema": "hladr.error/1",
            "sample": {"file": row["sample"]},
            "error": {"code": row["error"], "message": "said elsewhere"},
        }
    hla_dr = {
        "abc": row["abc"], "ci95": [row["ci95_low"], row["ci95_high"]],
        "abc_median": row["abc_median"], "monocytes": row["monocytes"], "range": row["range"],
    }  # fmt: skip
    reject = row["verdict"] == "reject"
    if reject:  # the number is in the record, and must not come into the table
        hla_dr |= {"abc": 7777.0, "ci95": [7000.0, 8000.0]}
    return {
        "schema": "hladr.result/1",
        "software": {"version": row["software_version"], "algorithm": row["algorithm"]},
        "sample": {"file": row["sample"], "sha256": row["sample_sha256"]},
        "context": {"subject": row["subject"], "drawn_at": None, "site": "7"},
        "assay": {
            "name": row["assay"], "version": row["assay_version"], "sha256": row["assay_sha256"],
        },
        "calibration": {
            "beads": {"file": "beads.fcs", "sha256": row["beads_sha256"]},
            "lot": {"number": row["lot"], "sha256": row["lot_sha256"]},
            **{name: row[name]
               for name in ("slope", "intercept", "r_squared", "max_residual_percent")},
        },
        "gating": {"gates_sha256": row["gates_sha256"]},
        "hla_dr": None if reject else hla_dr,
        **({"unreleasable": hla_dr} if reject else {}),
        "classification": {
            "criterion": {"name": row["criterion"], "version": row["criterion_version"]},
            **{name: row[name] for name in ("ferritin_ng_ml", "class", "decisive", "probability")},
        },
        "findings": [{"code": code} for code in row["findings"].split()],
        "verdict": row["verdict"],
    }  # fmt: skip


def write_ndjson(path, rows):
    lines = (json.dumps(record_of(row)) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path
