"""Questions over HTTP, as a monitor asks them."""

import json
import socket
import urllib.error
import urllib.request
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families


class Monitor:
    """Asks one port."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, page: str) -> tuple[int, str]:
        """Status and body of a page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{page}", timeout=240) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self) -> dict[tuple[str, ...], float]:
        """Values by name and labels, as a client of Prometheus reads them."""
        status, text = self.get("/metrics")
        assert status == 200
        samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
        return {(s.name, *s.labels.values()): s.value for s in samples}

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and what it says."""
        status, text = self.get("/health")
        return status, json.loads(text)


@pytest.fixture
def monitor() -> Monitor:
    """A monitor for a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Monitor(int(probe.getsockname()[1]))
