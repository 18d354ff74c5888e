"""Many samples, and what each is to be measured with: one row a sample.

Read one and go through it::

    manifest = read_manifest("trial.csv")
    for row in manifest:
        row.sample, row.beads, row.lot

What to use when: `read_manifest` for a CSV or Parquet file, `manifest_of` for rows of a program's
own, `manifest_text` to write them. Everything that is wrong is told at once, each with its line.
"""

from hladr.manifest.errors import Defect, ManifestError, ManifestInvalid, ManifestUnreadable
from hladr.manifest.manifest import Manifest, MissingFile
from hladr.manifest.reading import manifest_of, read_manifest
from hladr.manifest.row import Kind, ManifestRow
from hladr.manifest.writing import manifest_text

__all__ = [
    "Defect",
    "Kind",
    "Manifest",
    "ManifestError",
    "ManifestInvalid",
    "ManifestRow",
    "ManifestUnreadable",
    "MissingFile",
    "manifest_of",
    "manifest_text",
    "read_manifest",
]
