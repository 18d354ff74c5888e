"""The name that a measurement is kept by: everything that its number depends on."""

import hashlib
import json

from hladr.batch.chunk import FileFacts
from hladr.batch.kept import FORM
from hladr.batch.recipe import Recipe
from hladr.version import ALGORITHM


def measurement_key(sample: FileFacts, beads: FileFacts | None, recipe: Recipe) -> str:
    """SHA-256 of the content of all files, the recipe and the algorithm.

    The names of the files are part of it: findings speak of them, and the gates of a workspace are
    found by them. Criterion, ferritin and what is known of the patient are not: they are applied to
    what is kept.
    """
    said = {
        "form": FORM,
        "algorithm": ALGORITHM,
        "sample": [sample.name, sample.sha256],
        "beads": None if beads is None else [beads.name, beads.sha256],
        "recipe": recipe.digest,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
