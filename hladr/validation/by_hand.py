"""What no file tells, by the subject areas of CLSI H62: fields to be filled in by hand."""

from collections.abc import Mapping
from types import MappingProxyType

BY_HAND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sample": (
            "Intended use",
            "Origin of the specimens, consent",
            "Anticoagulant, transport, temperature",
            "Stability: what was tested, what is allowed",
            "Reasons to refuse a specimen",
        ),
        "reagent": (
            "Antibody: maker, catalogue number, lot, expiry",
            "Titration, PE per antibody",
            "Beads: expiry, storage",
            "Lysing and fixing reagents, lots",
            "Rule for a new lot",
        ),
        "instrument": (
            "Model, serial number, place",
            "Installation and operation: date, record",
            "Detector settings and who may change them",
            "Daily check, maintenance, service",
            "Compensation",
        ),
        "assay": (
            "Plan: who, when, which limits and why",
            "Accuracy: compared with what",
            "Limit of blank, limit of quantification",
            "Interference",
            "Judgement of the numbers above",
        ),
        "quality": (
            "Control material, levels, lots",
            "Rules, and what follows a violation",
            "External quality assessment, or exchange",
        ),
        "review": (
            "Who reviews, and how trained",
            "When a tube is measured again",
            "What was left out, and why",
        ),
        "reporting": (
            "Reportable range",
            "Reference interval and its source",
            "Cut-offs and who uses them",
            "Comments on a report",
        ),
        "storage": ("Where files and results are kept", "For how long", "Backup, who has access"),
    }
)
"""By section; a line is left beside each."""
