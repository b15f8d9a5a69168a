"""The app as its users start it, for tests and benchmarks: a Streamlit server on a free port of this computer."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from deploy.server import ENVIRONMENT, ROOT, is_healthy
from deploy.server import command as command_of

Command = Callable[[int, str], Sequence[str]]
"""What starts a server at a port, heard at an address of this machine."""

SECONDS = 60  # for the server's start


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A Streamlit server on a port of its own, at which it may be started again."""

    def __init__(self, command: Command, folder: Path, log: TextIO):
        self.port, self._command, self._folder, self._log = free_port(), command, folder, log
        self.url = f"http://localhost:{self.port}"

    def start(self) -> "Server":
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            self._command(self.port, "localhost"),
            cwd=self._folder,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        end = time.monotonic() + SECONDS
        while not is_healthy(self.url):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The app did not start within {SECONDS} s:\n{self._said()}")
            time.sleep(0.05)
        return self

    def expect_running(self) -> None:
        """Raise if it has stopped by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(f"The app stopped by itself, with {self._process.returncode}:\n{self._said()}")

    def kill(self) -> None:
        """End it as a crash does: at once, without a word to its readers."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read()


@contextmanager
def started(
    script: Path | str = "app.py", command: Command | None = None, folder: Path = ROOT
) -> Iterator[Server]:
    """Start a server of a script from the repository's root, or by a command from a folder, and stop it at the end."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        server = Server(command or partial(command_of, script=script), folder, log)
        try:
            yield server.start()
        finally:
            server.stop()


@contextmanager
def serving(script: Path | str = "app.py", **how) -> Iterator[str]:
    """Do so, and yield its address."""
    with started(script, **how) as server:
        yield server.url
        server.expect_running()
