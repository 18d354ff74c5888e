"""Study exports: what left of a study and what is open in it, frozen with its hashes."""
