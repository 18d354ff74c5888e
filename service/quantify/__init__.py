"""Numbers and classes without anything stored."""
