"""The app as its users start it, for tests and benchmarks: a Streamlit server on a free port of this computer."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 60  # for the server's start

# One thread in BLAS, as two on two small cores are erratic.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(script: Path | str = "app.py") -> Iterator[str]:
    """Serve a script from the repository's root, and yield its address; stop the server at the end."""
    port = free_port()
    options = [f"--server.port={port}", "--server.address=localhost", "--server.headless=true"]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "--server.fileWatcherType=none",
        *options,
        str(script),
    ]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            await_health(server, f"http://localhost:{port}/_stcore/health", log)
            yield f"http://localhost:{port}"
            if server.poll() is not None:
                log.seek(0)
                raise RuntimeError(f"The app stopped by itself, with {server.returncode}:\n{log.read()}")
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def await_health(server: subprocess.Popen, url: str, log) -> None:
    """Wait until a server answers at an address; what it has written by then is told if it does not."""
    end = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    log.seek(0)
    raise RuntimeError(f"The app did not start within {SECONDS} s:\n{log.read()}")
