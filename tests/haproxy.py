"""HAProxy as deploy/ configures it, for tests and benchmarks, where it is installed."""

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.balancer import configuration, installed
from deploy.server import is_healthy
from tests.app_server import free_port

needs_haproxy = pytest.mark.skipif(not installed(), reason="HAProxy is not installed (apt install haproxy)")
SECONDS = 30  # for its start


@contextmanager
def balancing(servers: Sequence[str]) -> Iterator[int]:
    """Put HAProxy in front of servers, host:port each, and yield the port at which it listens; stop it at the end."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "haproxy.cfg"
        file.write_text(configuration(servers, f"127.0.0.1:{port}"))
        with open(Path(folder) / "log", "w+") as log:
            haproxy = subprocess.Popen([installed(), "-db", "-f", str(file)], stdout=log, stderr=log)
            try:
                end = time.monotonic() + SECONDS
                while not is_healthy(f"http://127.0.0.1:{port}"):
                    if haproxy.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        raise RuntimeError(f"HAProxy did not start within {SECONDS} s:\n{log.read()}")
                    time.sleep(0.05)
                yield port
            finally:
                haproxy.terminate()
                haproxy.wait()
