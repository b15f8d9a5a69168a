"""One process of the app: how it is started, and whether it answers."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent

# One thread in BLAS: the readers are many, and several threads of each on a few cores wait for each other.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def command(port: int, address: str = "127.0.0.1", script: Path | str = "app.py") -> list[str]:
    """Return the command that serves a script of the repository at a port, heard at an address of this machine.

    It opens no browser, and ends with an error where the port is taken.
    """
    options = [f"--server.port={port}", f"--server.address={address}", "--server.headless=true"]
    return [sys.executable, "-m", "streamlit", "run", *options, str(script)]


def is_healthy(url: str) -> bool:
    """Return whether the app answers at an address."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
