"""One step a file, never changed once a version with it was released."""
