"""Numbers from files that clients sent: the library's own, within the service's limits."""
