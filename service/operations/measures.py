"""Measures for Prometheus: how often, how long, how it ended; nothing about subjects."""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Of several processes: the folder in which they keep their measures."""


class Measures:
    """Measures of an application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "hladr_requests", "Requests", ("method", "route", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "hladr_request_seconds", "Seconds of a request", ("route",), buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self.received = Counter("hladr_received_bytes", "Bytes of bodies", registry=self._registry)
        self.refused = Counter(
            "hladr_refusals", "Requests refused, by code", ("code",), registry=self._registry
        )
        self.items = Counter(
            "hladr_recalculated_items", "Items of recalculations that ended", ("state",),
            registry=self._registry,
        )  # fmt: skip
        self.messages = Counter(
            "hladr_messages", "Messages to other systems, by where a try left them",
            ("door", "state"), registry=self._registry,
        )  # fmt: skip
        self.oldest_message = Gauge(
            "hladr_oldest_message_seconds", "Age of the oldest message that nobody has taken",
            registry=self._registry, multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.lost_files = Gauge(
            "hladr_lost_files", "Files that rows speak of and that are not there",
            registry=self._registry, multiprocess_mode="max",
        )  # fmt: skip

    def text(self) -> bytes:
        """Return what Prometheus reads; of all processes where there are several."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
